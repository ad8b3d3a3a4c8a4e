package dev.angee.runtime;

import java.util.OptionalInt;

/**
 * Something about a workload has changed: its state, its health, or that memory has become short. What is true now is
 * in {@link Backend#status()}.
 *
 * @param workload its name
 * @param state its state at that moment
 * @param health its health at that moment
 * @param exitCode the exit code of a run that has just ended, as {@link WorkloadStatus#exitCode} has it; empty also for
 *     an end that nobody saw
 * @param outOfMemory whether it, or a process of its, has been killed in this run for using more memory than it may;
 *     {@code false} also where the runtime cannot tell
 * @param restarts how often its restart policy has started it again so far, as {@link WorkloadStatus#restarts} has it
 */
public record RuntimeEvent(
        String workload, WorkloadState state, Health health, OptionalInt exitCode, boolean outOfMemory, int restarts) {

    /** That a workload is now as this status says. */
    public static RuntimeEvent of(WorkloadStatus status) {
        return new RuntimeEvent(
                status.name(),
                status.state(),
                status.health(),
                status.exitCode(),
                status.outOfMemory(),
                status.restarts());
    }

    /** That a workload has ended, of which nothing more is known. */
    public static RuntimeEvent ended(String workload) {
        return new RuntimeEvent(workload, WorkloadState.EXITED, Health.NONE, OptionalInt.empty(), false, 0);
    }
}
