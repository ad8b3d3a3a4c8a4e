package dev.angee.examples;

import java.time.Duration;

/** How long something took. */
final class Stopwatch {
    private final long start = System.nanoTime();

    Duration time() {
        return Duration.ofNanos(System.nanoTime() - start);
    }
}
