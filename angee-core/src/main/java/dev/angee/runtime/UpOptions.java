package dev.angee.runtime;

import dev.angee.operation.ProgressListener;
import dev.angee.secret.ResolvedSecrets;
import java.time.Duration;

/**
 * How to bring a plan up.
 *
 * @param which the services to bring up; what they depend on comes with them
 * @param timeout how long the whole call may take
 * @param secrets the values of secrets that the services need; a stack finds those that are not given in its store
 * @param progress is told, by the thread that calls, what becomes of each service; what it throws fails the call
 */
public record UpOptions(Selection which, Duration timeout, ResolvedSecrets secrets, ProgressListener progress) {
    /** Everything, within two minutes, nobody listening. */
    public static UpOptions defaults() {
        return new UpOptions(Selection.all(), Duration.ofMinutes(2), ResolvedSecrets.none(), ProgressListener.none());
    }

    /** The same, for some services only. */
    public UpOptions only(Selection selection) {
        return new UpOptions(selection, timeout, secrets, progress);
    }

    /** The same, with another limit. */
    public UpOptions within(Duration limit) {
        return new UpOptions(which, limit, secrets, progress);
    }

    /** The same, with these values of secrets. */
    public UpOptions secrets(ResolvedSecrets values) {
        return new UpOptions(which, timeout, values, progress);
    }

    /** The same, telling this listener. */
    public UpOptions telling(ProgressListener listener) {
        return new UpOptions(which, timeout, secrets, listener);
    }
}
