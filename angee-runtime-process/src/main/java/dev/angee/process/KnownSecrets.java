package dev.angee.process;

import dev.angee.AngeeException;
import dev.angee.plan.Workload;
import dev.angee.runtime.SecretSource;
import dev.angee.secret.ResolvedSecrets;

/**
 * The values of secrets for services that are started again: as they are now where they are kept, or else those that were
 * given to this object when something was brought up. Thread-safe.
 */
final class KnownSecrets implements SecretSource {
    private final SecretSource source;
    private volatile ResolvedSecrets given = ResolvedSecrets.none();

    KnownSecrets(SecretSource source) {
        this.source = source;
    }

    /** Remembers values, in memory. */
    synchronized void remember(ResolvedSecrets values) {
        given = values.orElse(given);
    }

    @Override
    public ResolvedSecrets valuesFor(Workload workload) {
        ResolvedSecrets known = given;
        try {
            return source.valuesFor(workload).orElse(known);
        } catch (AngeeException e) {
            if (workload.secrets().stream().allMatch(name -> known.find(name).isPresent())) {
                return known;
            }
            throw e;
        }
    }
}
