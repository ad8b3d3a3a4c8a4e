package dev.angee.stack;

import dev.angee.AngeeException;
import dev.angee.ErrorCode;
import dev.angee.RuntimeKind;
import dev.angee.plan.ProjectName;
import dev.angee.runtime.Backend;
import dev.angee.runtime.BackendInfo;
import dev.angee.runtime.BackendProvider;
import dev.angee.runtime.SecretSource;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The backends of one stack, opened when first needed. */
final class Backends implements AutoCloseable {
    private final Path root;
    private final SecretSource secrets;
    private final Map<RuntimeKind, BackendProvider> providers = new EnumMap<>(RuntimeKind.class);
    private final Map<RuntimeKind, Opened> open = new EnumMap<>(RuntimeKind.class);
    private boolean closed;

    Backends(Path root, Collection<BackendProvider> providers, SecretSource secrets) {
        this.root = root;
        this.secrets = secrets;
        providers.forEach(provider -> this.providers.put(provider.runtime(), provider));
    }

    /** The backend for a runtime, whether or not it can work here. */
    synchronized Backend get(RuntimeKind runtime, ProjectName project) {
        if (closed) {
            throw new AngeeException(ErrorCode.UNAVAILABLE, "this stack was closed: " + root);
        }
        BackendProvider provider = providers.get(runtime);
        if (provider == null) {
            throw new AngeeException(
                    ErrorCode.UNSUPPORTED,
                    "no backend runs '" + runtime.id() + "' workloads; add the module for it to the class path");
        }
        Opened known = open.get(runtime);
        if (known != null && known.project.equals(project)) {
            return known.backend;
        }
        if (known != null) {
            known.backend.close();
        }
        Backend backend = provider.open(project, root, secrets);
        open.put(runtime, new Opened(project, backend));
        return backend;
    }

    /** The runtimes that there is a backend for. */
    Set<RuntimeKind> kinds() {
        return Collections.unmodifiableSet(providers.keySet());
    }

    /** What a backend says of itself, once it says that it can work here. */
    static BackendInfo usable(Backend backend) {
        BackendInfo info = backend.describe();
        if (!info.usable()) {
            throw new AngeeException(ErrorCode.UNAVAILABLE, info.name() + ": " + info.problem());
        }
        return info;
    }

    /** Closes what is open, so that the next use opens it for another project. */
    synchronized void reset() {
        List<RuntimeException> failures = new ArrayList<>();
        for (Opened each : open.values()) {
            try {
                each.backend.close();
            } catch (RuntimeException e) {
                failures.add(e);
            }
        }
        open.clear();
        if (!failures.isEmpty()) {
            RuntimeException first = failures.remove(0);
            failures.forEach(first::addSuppressed);
            throw first;
        }
    }

    /** A backend, and the project it was opened for. */
    private record Opened(ProjectName project, Backend backend) {}

    @Override
    public synchronized void close() {
        closed = true;
        reset();
    }
}
