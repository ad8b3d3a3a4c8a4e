package dev.angee.runtime;

import dev.angee.RuntimeKind;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * What a backend sees of one workload.
 *
 * @param name the workload's name
 * @param runtime the runtime that reports it
 * @param state where it is in its life
 * @param health what its health check says; {@link Health#NONE} unless it runs and has one
 * @param exitCode the exit code once {@link WorkloadState#EXITED} or {@link WorkloadState#RESTARTING}; 128 + n after
 *     signal n; empty if it cannot be known
 * @param restarts how often its restart policy has started it again since it was last brought up or started
 * @param startedAt when this very run was started, if it was and that is known
 * @param image the image it was made from, as it was asked for; empty for what is not a container
 * @param outOfMemory whether it, or a process of its, was killed for using more memory than it may; {@code false} also
 *     where the runtime cannot tell
 * @param instance names this very run (a pid with its start time, a container id): changes when it is started again
 * @param reason why it is in this state, for people; may be empty
 */
public record WorkloadStatus(
        String name,
        RuntimeKind runtime,
        WorkloadState state,
        Health health,
        OptionalInt exitCode,
        int restarts,
        Optional<Instant> startedAt,
        Optional<String> image,
        boolean outOfMemory,
        String instance,
        String reason) {

    /** The same, for another reason. */
    public WorkloadStatus because(String why) {
        return new WorkloadStatus(
                name, runtime, state, health, exitCode, restarts, startedAt, image, outOfMemory, instance, why);
    }

    /** Whether it runs and its health check, if it has one, has passed. */
    public boolean isReady() {
        return state == WorkloadState.RUNNING && (health == Health.NONE || health == Health.HEALTHY);
    }
}
