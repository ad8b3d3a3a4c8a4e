package dev.angee.stack;

import java.time.Duration;

/** A moment until which something must have happened, whatever the wall clock does meanwhile. */
final class Deadline {
    private static final Duration LONGEST = Duration.ofDays(36_500);

    private final long nanos;

    private Deadline(long nanos) {
        this.nanos = nanos;
    }

    static Deadline after(Duration time) {
        // Nobody waits longer than a century; more would overflow.
        long nanos = time.compareTo(LONGEST) < 0 ? time.toNanos() : LONGEST.toNanos();
        return new Deadline(System.nanoTime() + nanos);
    }

    Duration left() {
        return Duration.ofNanos(Math.max(0, nanos - System.nanoTime()));
    }

    boolean isOver() {
        return nanos - System.nanoTime() <= 0;
    }
}
