package dev.angee.contract;

import dev.angee.RuntimeKind;
import dev.angee.plan.ProjectName;
import dev.angee.runtime.Backend;
import dev.angee.runtime.BackendProvider;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Runs workloads as threads of this JVM. It outlives the backends that are opened on it, as a real engine does, so that
 * a second backend on a root sees what a first one started.
 */
public final class InMemoryEngine implements BackendProvider {
    private final Map<Path, InMemoryProject> projects = new ConcurrentHashMap<>();
    private final RuntimeKind runtime;

    /** An engine that stands for this runtime. */
    public InMemoryEngine(RuntimeKind runtime) {
        this.runtime = runtime;
    }

    @Override
    public RuntimeKind runtime() {
        return runtime;
    }

    @Override
    public Backend open(ProjectName project, Path root) {
        return new InMemoryBackend(runtime, projects.computeIfAbsent(root, path -> new InMemoryProject(runtime)));
    }
}
