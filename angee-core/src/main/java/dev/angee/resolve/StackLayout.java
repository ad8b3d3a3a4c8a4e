package dev.angee.resolve;

import dev.angee.manifest.Manifest;
import dev.angee.manifest.PersistSpec;
import dev.angee.manifest.SecretsBackendSpec;
import dev.angee.manifest.SourceKind;
import dev.angee.manifest.SourceSpec;
import dev.angee.manifest.VolumeSpec;
import dev.angee.mount.Confinement;
import dev.angee.mount.PersistAnchor;
import java.nio.file.Path;
import java.util.Optional;

/**
 * The files and folders of one root; the only place where a name becomes a path under it.
 *
 * @param root the absolute, normalized root
 */
public record StackLayout(Path root) {
    private static final String ENV_FILE = ".env";

    /** Refuses a relative root. */
    public StackLayout {
        if (!root.isAbsolute()) {
            throw new IllegalArgumentException("a root is absolute: " + root);
        }
    }

    /** The layout of a root; a relative one is taken from the working directory. */
    public static StackLayout of(Path root) {
        return new StackLayout(root.toAbsolutePath().normalize());
    }

    /** The manifest. */
    public Path manifest() {
        return root.resolve(Manifest.FILE_NAME);
    }

    /** What this host knows and a fresh clone need not: records, journals, locks, logs. */
    public Path run() {
        return root.resolve("run");
    }

    /** The folder of a source: the local folder itself, or the git cache. */
    public Path source(SourceSpec source) {
        if (source.kind() == SourceKind.LOCAL) {
            String path = source.path().or(source::cachePath).orElse("sources/" + source.name());
            return root.resolve(path).normalize();
        }
        return root.resolve(source.cachePath().orElse("sources/" + source.name()))
                .normalize();
    }

    /** The folder of a workspace; the name has been checked. */
    public Path workspace(String name) {
        return Confinement.below(root.resolve("workspaces"), name);
    }

    /** The file that remembers a workspace that was made here. */
    public Path workspaceRecord(String name) {
        return Confinement.below(run().resolve("workspaces"), name + ".json");
    }

    /** Who holds this lock works on the workspace. */
    public Path workspaceLock(String name) {
        return Confinement.below(run().resolve("workspaces"), name + ".lock");
    }

    /** The file that remembers what the templates of a workspace have rendered. */
    public Path workspaceRenderState(String name) {
        return Confinement.below(run().resolve("template-state/workspaces"), name + ".json");
    }

    /** The folder of a service that was made from a template; the name has been checked. */
    public Path service(String name) {
        return Confinement.below(root.resolve("services"), name);
    }

    /** The file that remembers what was made for a service besides its files. */
    public Path serviceRecord(String name) {
        return Confinement.below(run().resolve("services"), name + ".json");
    }

    /** Who holds this lock makes, updates or destroys the service. */
    public Path serviceLock(String name) {
        return Confinement.below(run().resolve("services"), name + ".lock");
    }

    /** The file that remembers what a service's template has rendered. */
    public Path serviceRenderState(String name) {
        return Confinement.below(run().resolve("template-state/services"), name + ".json");
    }

    /** The folder of changes of files that are under way. */
    public Path changes() {
        return run().resolve("changes");
    }

    /** The folder of unfinished operations. */
    public Path journal() {
        return run().resolve("journal");
    }

    /** The folder that local processes see of a volume; for containers the engine keeps it elsewhere. */
    public Path volume(VolumeSpec volume) {
        return root.resolve(volume.path().orElse("volumes/" + volume.name())).normalize();
    }

    /** What persist folders are below. */
    public PersistAnchor persistAnchor(PersistSpec persist) {
        return PersistAnchor.of(root, persist.anchor());
    }

    /**
     * The env file that secrets are kept in; empty if they are kept elsewhere.
     *
     * @throws dev.angee.AngeeException {@code INVALID} if a relative path leads out of the root: that would be another
     *     stack's
     */
    public Optional<Path> secrets(SecretsBackendSpec backend) {
        if (backend.type() != SecretsBackendSpec.Type.ENV_FILE) {
            return Optional.empty();
        }
        String path = backend.path().orElse(ENV_FILE);
        return Optional.of(path.startsWith("/") ? Path.of(path).normalize() : Confinement.below(root, path));
    }

    /** The same, for who keeps them. */
    public Optional<Path> secrets(SecretsBackendSpec backend, SecretKeeper keeper) {
        return keeper == SecretKeeper.HOST ? Optional.empty() : secrets(backend);
    }

    /**
     * An env file of a workload.
     *
     * @throws dev.angee.AngeeException {@code INVALID} if it does not lie below the root
     */
    public Path envFile(String path) {
        return Confinement.below(root, path);
    }
}
