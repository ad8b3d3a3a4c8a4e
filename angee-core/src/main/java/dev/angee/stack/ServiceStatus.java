package dev.angee.stack;

import dev.angee.RuntimeKind;
import dev.angee.runtime.WorkloadStatus;
import java.util.Optional;

/**
 * One service, as declared and as it is.
 *
 * @param name its name
 * @param runtime where it is declared to run, or runs
 * @param observed what the backend sees of it; empty if it was not brought up
 */
public record ServiceStatus(String name, RuntimeKind runtime, Optional<WorkloadStatus> observed) {
    /** The word for its state: {@code declared} if it was not brought up. */
    public String state() {
        return observed.map(status -> status.state().id()).orElse("declared");
    }
}
