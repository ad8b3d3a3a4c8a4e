package dev.angee.gitops;

import java.time.Duration;

/** Times in nanoseconds. */
final class Nanos {
    private static final Duration MOST = Duration.ofNanos(Long.MAX_VALUE);

    private Nanos() {}

    /** As long as can be counted, if it is longer than that: 292 years. */
    static long of(Duration time) {
        return time.compareTo(MOST) >= 0 ? Long.MAX_VALUE : time.toNanos();
    }
}
