package dev.angee.process;

import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * The moment until which something may take.
 *
 * @param nanoTime that moment, by {@link System#nanoTime}
 */
record Deadline(long nanoTime) {
    private static final Duration LONGEST = Duration.ofDays(3650);

    static Deadline in(Duration time) {
        Duration bounded = time.compareTo(LONGEST) > 0 ? LONGEST : time;
        return new Deadline(System.nanoTime() + bounded.toNanos());
    }

    boolean isOver() {
        return nanoTime - System.nanoTime() <= 0;
    }

    /** What is left of it; zero when it is over. */
    Duration left() {
        return Duration.ofNanos(Math.max(0, nanoTime - System.nanoTime()));
    }

    /** Waits a moment, but not longer than until it is over. */
    void pause(Duration moment) throws InterruptedException {
        TimeUnit.NANOSECONDS.sleep(Math.min(moment.toNanos(), left().toNanos()));
    }
}
