package dev.angee.manifest;

import dev.angee.workload.Condition;
import java.util.Optional;

/**
 * Another workload that must be there first.
 *
 * @param name the service or job
 * @param condition what it must have reached; if absent, a job must have completed and a service have started
 * @param path its place in the document, for example {@code services.web.after[0]}
 */
public record DependencySpec(String name, Optional<Condition> condition, String path) {}
