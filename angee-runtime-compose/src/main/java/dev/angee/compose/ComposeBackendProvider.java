package dev.angee.compose;

import dev.angee.RuntimeKind;
import dev.angee.mount.HostPaths;
import dev.angee.plan.ProjectName;
import dev.angee.port.PortProbe;
import dev.angee.runtime.Backend;
import dev.angee.runtime.BackendProvider;
import java.nio.file.Path;

/** Opens {@link ComposeBackend}s. Thread-safe. */
public final class ComposeBackendProvider implements BackendProvider {
    private final ComposeSettings settings;

    /** To ask for it takes the start of a program. */
    private final ComposeProgram.KnownVersion composeVersion = new ComposeProgram.KnownVersion();

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
        return ComposeBackend.open(project, root, settings, composeVersion);
    }

    /** Asks the engine, once for each allocation, what its containers publish, also those that do not run. */
    @Override
    public PortProbe portProbe() {
        return new PublishedPorts(settings);
    }

    /**
     * Empty of effect outside of containers, where the engine is not asked. Inside one, what the engine says that it
     * mounts; an engine that does not know it runs elsewhere, in this very container perhaps, and is taken to see the
     * same paths.
     */
    @Override
    public HostPaths hostPaths() throws InterruptedException {
        return new OwnContainer(OwnContainer::read).hostPaths(settings);
    }
}
