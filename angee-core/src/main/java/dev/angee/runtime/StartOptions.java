package dev.angee.runtime;

import java.time.Duration;

/**
 * How to start what was stopped.
 *
 * @param timeout how long the whole call may take
 */
public record StartOptions(Duration timeout) {
    /** Within one minute. */
    public static StartOptions defaults() {
        return new StartOptions(Duration.ofMinutes(1));
    }
}
