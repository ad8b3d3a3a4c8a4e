package dev.angee.compose;

import dev.angee.AngeeException;
import dev.angee.ErrorCode;
import dev.angee.plan.RuntimePlan;
import dev.angee.workload.DockerAccess;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Where the socket is that containers are given which may use the engine.
 *
 * @param settings how we reach it ourselves
 */
record EngineSocket(ComposeSettings settings) {

    /** By the name that the engine knows it by; the engine is asked only if a workload of the plan may use it. */
    Optional<Path> wantedBy(RuntimePlan plan) {
        boolean wanted = plan.workloads().stream().anyMatch(w -> w.container().dockerAccess() == DockerAccess.SOCKET);
        if (!wanted) {
            return settings.socket();
        }
        try {
            return new OwnContainer(OwnContainer::read).socket(settings);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AngeeException(ErrorCode.UNAVAILABLE, "interrupted while asking where the engine's socket is", e);
        }
    }
}
