package dev.angee.compose;

import dev.angee.AngeeException;
import dev.angee.ErrorCode;
import dev.angee.plan.Workload;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What the engine can run containers with. Compose would find out that one is missing only when it has made networks and
 * other containers.
 */
final class InstalledRuntimes {
    /** The engine runs the program of such a name, if there is one; it lists none of them. */
    private static final String PROGRAM = "io.containerd.";

    private final Engine engine;

    InstalledRuntimes(Engine engine) {
        this.engine = engine;
    }

    /**
     * Asks the engine, if any of these wants a runtime of its own.
     *
     * @throws AngeeException {@code UNSUPPORTED}, naming the workload and what is installed, for one that is missing
     */
    void require(Collection<Workload> workloads) throws InterruptedException {
        List<Workload> asking = workloads.stream()
                .filter(w -> wanted(w).filter(name -> !name.startsWith(PROGRAM)).isPresent())
                .toList();
        if (!asking.isEmpty()) {
            require(asking, EngineFacts.of(engine).runtimes());
        }
    }

    private static void require(List<Workload> asking, Set<String> installed) {
        for (Workload workload : asking) {
            String name = wanted(workload).orElseThrow();
            if (!installed.contains(name)) {
                throw new AngeeException(
                        ErrorCode.UNSUPPORTED,
                        (workload.isJob() ? "job '" : "service '") + workload.name() + "': the engine has no runtime '"
                                + name + "' (it has " + String.join(", ", installed)
                                + "): install it and name it in the engine's daemon.json, or change"
                                + " 'container_runtime'");
            }
        }
    }

    private static Optional<String> wanted(Workload workload) {
        return workload.container().runtime();
    }
}
