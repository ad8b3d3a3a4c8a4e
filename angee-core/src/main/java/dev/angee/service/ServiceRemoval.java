package dev.angee.service;

import java.time.Duration;

/**
 * How to destroy a service.
 *
 * @param running what becomes of it if it runs
 * @param grace how long it may take to end by itself
 */
public record ServiceRemoval(Running running, Duration grace) {

    /** What becomes of a service that runs. */
    public enum Running {
        /** It is ended first, wherever it runs. */
        STOP,
        /** It goes on until the stack is brought up or down the next time. */
        LEAVE
    }

    /** Ends it, with ten seconds of grace. */
    public static ServiceRemoval stopping() {
        return new ServiceRemoval(Running.STOP, Duration.ofSeconds(10));
    }

    /** Leaves it alone. */
    public static ServiceRemoval leaving() {
        return new ServiceRemoval(Running.LEAVE, Duration.ZERO);
    }
}
