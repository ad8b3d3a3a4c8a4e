package dev.angee.compose;

import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** The moment by which a call must have come to an end. */
final class Deadline {
    private final Duration limit;
    private final long end;

    private Deadline(Duration limit) {
        this.limit = limit;
        this.end = System.nanoTime() + TimeUnit.NANOSECONDS.convert(limit);
    }

    static Deadline after(Duration limit) {
        return new Deadline(limit);
    }

    /** How long the call was given in all. */
    Duration limit() {
        return limit;
    }

    /** What is left; negative or zero when it has passed. */
    long nanosLeft() {
        return end - System.nanoTime();
    }

    /** How long ago the call began. */
    Duration elapsed() {
        return limit.minusNanos(nanosLeft());
    }

    boolean hasPassed() {
        return nanosLeft() <= 0;
    }

    /** A duration for people: {@code 90 s}, {@code 200 ms}. */
    static String spell(Duration time) {
        return time.toMillis() % 1000 == 0 ? time.toSeconds() + " s" : time.toMillis() + " ms";
    }
}
