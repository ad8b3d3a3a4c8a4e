package dev.angee.compose;

import dev.angee.RuntimeKind;
import dev.angee.plan.ProjectName;
import dev.angee.port.PortProbe;
import dev.angee.runtime.Backend;
import dev.angee.runtime.BackendProvider;
import java.nio.file.Path;

/** Opens {@link ComposeBackend}s. Thread-safe. */
public final class ComposeBackendProvider implements BackendProvider {
    private final ComposeSettings settings;

    /** With the settings that this process's environment asks for; what {@link java.util.ServiceLoader} calls. */
    public ComposeBackendProvider() {
        this(ComposeSettings.of(System.getenv()));
    }

    /** With settings of one's own. */
    public ComposeBackendProvider(ComposeSettings settings) {
        this.settings = settings;
    }

    @Override
    public RuntimeKind runtime() {
        return RuntimeKind.CONTAINER;
    }

    @Override
    public Backend open(ProjectName project, Path root) {
        return ComposeBackend.open(project, root, settings);
    }

    /** Asks the engine, once for each allocation, what its containers publish, also those that do not run. */
    @Override
    public PortProbe portProbe() {
        return new PublishedPorts(settings);
    }
}
