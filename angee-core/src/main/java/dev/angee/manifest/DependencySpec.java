package dev.angee.manifest;

import java.util.Optional;

/**
 * Another workload that must be there first.
 *
 * @param name the service or job
 * @param condition what it must have reached; if absent, a job must have completed and a service have started
 */
public record DependencySpec(String name, Optional<DependencyCondition> condition) {

    /** What a dependency must have reached. */
    public enum DependencyCondition {
        /** It runs. */
        STARTED,
        /** Its health check has passed. */
        HEALTHY,
        /** It ran to its end with exit code 0. */
        COMPLETED
    }
}
