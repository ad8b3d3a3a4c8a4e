package dev.angee.runtime;

import dev.angee.secret.ResolvedSecrets;
import java.time.Duration;

/**
 * How to bring a plan up.
 *
 * @param which the services to bring up; what they depend on comes with them
 * @param timeout how long the whole call may take
 * @param secrets the values of secrets that the services need; a stack finds those that are not given in its store
 */
public record UpOptions(Selection which, Duration timeout, ResolvedSecrets secrets) {
    /** Everything, within two minutes. */
    public static UpOptions defaults() {
        return new UpOptions(Selection.all(), Duration.ofMinutes(2), ResolvedSecrets.none());
    }

    /** The same, for some services only. */
    public UpOptions only(Selection selection) {
        return new UpOptions(selection, timeout, secrets);
    }

    /** The same, with another limit. */
    public UpOptions within(Duration limit) {
        return new UpOptions(which, limit, secrets);
    }

    /** The same, with these values of secrets. */
    public UpOptions secrets(ResolvedSecrets values) {
        return new UpOptions(which, timeout, values);
    }
}
