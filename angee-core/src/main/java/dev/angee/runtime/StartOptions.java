package dev.angee.runtime;

import dev.angee.secret.ResolvedSecrets;
import java.time.Duration;

/**
 * How to start what was stopped.
 *
 * @param timeout how long the whole call may take
 * @param secrets the values of secrets that the services need; a stack finds those that are not given in its store
 */
public record StartOptions(Duration timeout, ResolvedSecrets secrets) {
    /** Within one minute. */
    public static StartOptions defaults() {
        return new StartOptions(Duration.ofMinutes(1), ResolvedSecrets.none());
    }

    /** The same, with these values of secrets. */
    public StartOptions secrets(ResolvedSecrets values) {
        return new StartOptions(timeout, values);
    }
}
