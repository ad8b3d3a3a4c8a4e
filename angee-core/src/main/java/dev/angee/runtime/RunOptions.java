package dev.angee.runtime;

import dev.angee.plan.Workload;
import dev.angee.secret.ResolvedSecrets;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * How to run a job.
 *
 * @param timeout how long it may run; after that it is killed and the call fails. If absent, the job's own timeout
 *     holds, and ten minutes if it has none
 * @param output receives each line as it is written; called from one thread at a time
 * @param secrets the values of secrets that the job needs; a stack finds those that are not given in its store
 */
public record RunOptions(Optional<Duration> timeout, Consumer<LogLine> output, ResolvedSecrets secrets) {
    private static final Duration STANDARD = Duration.ofMinutes(10);

    /** Within the job's own timeout, nobody listening. */
    public static RunOptions defaults() {
        return new RunOptions(Optional.empty(), line -> {}, ResolvedSecrets.none());
    }

    /** The same, with another limit. */
    public RunOptions within(Duration limit) {
        return new RunOptions(Optional.of(limit), output, secrets);
    }

    /** The same, with a listener for the output. */
    public RunOptions to(Consumer<LogLine> listener) {
        return new RunOptions(timeout, listener, secrets);
    }

    /** The same, with these values of secrets. */
    public RunOptions secrets(ResolvedSecrets values) {
        return new RunOptions(timeout, output, values);
    }

    /** How long a job may run under these options. */
    public Duration timeoutOf(Workload job) {
        return timeout.or(() -> job.lifecycle().timeout()).orElse(STANDARD);
    }
}
