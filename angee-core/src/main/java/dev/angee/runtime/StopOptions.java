package dev.angee.runtime;

import java.time.Duration;

/**
 * How to stop.
 *
 * @param grace how long a workload may take to end by itself after it was asked to; then it is killed
 */
public record StopOptions(Duration grace) {
    /** Ten seconds of grace. */
    public static StopOptions defaults() {
        return new StopOptions(Duration.ofSeconds(10));
    }

    /** The same, with another grace. */
    public StopOptions grace(Duration time) {
        return new StopOptions(time);
    }
}
