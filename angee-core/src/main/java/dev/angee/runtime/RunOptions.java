package dev.angee.runtime;

import java.time.Duration;
import java.util.function.Consumer;

/**
 * How to run a job.
 *
 * @param timeout how long it may run; after that it is killed and the call fails
 * @param output receives each line as it is written; called from one thread at a time
 */
public record RunOptions(Duration timeout, Consumer<LogLine> output) {
    /** Within ten minutes, nobody listening. */
    public static RunOptions defaults() {
        return new RunOptions(Duration.ofMinutes(10), line -> {});
    }

    /** The same, with another limit. */
    public RunOptions within(Duration limit) {
        return new RunOptions(limit, output);
    }

    /** The same, with a listener for the output. */
    public RunOptions to(Consumer<LogLine> listener) {
        return new RunOptions(timeout, listener);
    }
}
