package dev.angee.runtime;

import dev.angee.plan.Workload;
import dev.angee.secret.ResolvedSecrets;

/** Where a backend finds the values of secrets when it starts something again by itself. Thread-safe. */
@FunctionalInterface
public interface SecretSource {
    /**
     * The values of the secrets that a workload names.
     *
     * @throws dev.angee.AngeeException if they cannot be looked up now, or one has no value; no message holds a value
     */
    ResolvedSecrets valuesFor(Workload workload);

    /** Knows no value. */
    static SecretSource none() {
        return workload -> ResolvedSecrets.none();
    }
}
