package dev.angee.runtime;

import java.time.Duration;

/**
 * How to take everything down.
 *
 * @param grace how long a workload may take to end by itself after it was asked to; then it is killed
 */
public record DownOptions(Duration grace) {
    /** Ten seconds of grace. */
    public static DownOptions defaults() {
        return new DownOptions(Duration.ofSeconds(10));
    }

    /** The same, with another grace. */
    public DownOptions grace(Duration time) {
        return new DownOptions(time);
    }
}
