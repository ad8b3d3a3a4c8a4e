package dev.angee.runtime;

import dev.angee.plan.Workload;
import dev.angee.secret.ResolvedSecrets;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * How to run a job. Its listeners are called by the thread that runs it, one at a time. While a listener does not return,
 * nothing looks at the clock: the job is ended as soon as it does. What a listener throws ends the job.
 *
 * @param timeout how long it may run; after that it is killed and the call fails. If absent, the job's own timeout
 *     holds, and ten minutes if it has none
 * @param started receives the id of the run among the {@link JobRuns}, where the backend keeps them: once, when it is
 *     started, and before the first line
 * @param output receives each line as it is written; of a job that had to be ended, perhaps not the last ones
 * @param secrets the values of secrets that the job needs; a stack finds those that are not given in its store
 */
public record RunOptions(
        Optional<Duration> timeout, Consumer<String> started, Consumer<LogLine> output, ResolvedSecrets secrets) {
    private static final Duration STANDARD = Duration.ofMinutes(10);

    /** Within the job's own timeout, nobody listening. */
    public static RunOptions defaults() {
        return new RunOptions(Optional.empty(), id -> {}, line -> {}, ResolvedSecrets.none());
    }

    /** The same, with another limit. */
    public RunOptions within(Duration limit) {
        return new RunOptions(Optional.of(limit), started, output, secrets);
    }

    /** The same, with a listener for the id. */
    public RunOptions onStart(Consumer<String> listener) {
        return new RunOptions(timeout, listener, output, secrets);
    }

    /** The same, with a listener for the output. */
    public RunOptions to(Consumer<LogLine> listener) {
        return new RunOptions(timeout, started, listener, secrets);
    }

    /** The same, with these values of secrets. */
    public RunOptions secrets(ResolvedSecrets values) {
        return new RunOptions(timeout, started, output, values);
    }

    /** How long a job may run under these options. */
    public Duration timeoutOf(Workload job) {
        return timeout.or(() -> job.lifecycle().timeout()).orElse(STANDARD);
    }
}
