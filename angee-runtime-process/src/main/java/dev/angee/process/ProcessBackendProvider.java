package dev.angee.process;

import dev.angee.RuntimeKind;
import dev.angee.plan.ProjectName;
import dev.angee.runtime.Backend;
import dev.angee.runtime.BackendProvider;
import dev.angee.runtime.SecretSource;
import java.nio.file.Path;

/** Opens {@link ProcessBackend}s. Thread-safe. */
public final class ProcessBackendProvider implements BackendProvider {
    private final ProcessSettings settings;

    /** With this JVM's own environment; what {@link java.util.ServiceLoader} calls. */
    public ProcessBackendProvider() {
        this(ProcessSettings.of(System.getenv()));
    }

    /** With settings of one's own. */
    public ProcessBackendProvider(ProcessSettings settings) {
        this.settings = settings;
    }

    @Override
    public RuntimeKind runtime() {
        return RuntimeKind.LOCAL;
    }

    @Override
    public Backend open(ProjectName project, Path root) {
        return open(project, root, SecretSource.none());
    }

    @Override
    public Backend open(ProjectName project, Path root, SecretSource secrets) {
        return ProcessBackend.open(project, root, settings, secrets);
    }
}
