package dev.angee.resolve;

import dev.angee.manifest.Manifest;
import dev.angee.manifest.SourceKind;
import dev.angee.manifest.SourceSpec;
import dev.angee.mount.Confinement;
import java.nio.file.Path;

/**
 * The files and folders of one root; the only place where a name becomes a path under it.
 *
 * @param root the absolute, normalized root
 */
public record StackLayout(Path root) {
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
            return root.resolve(source.path().orElse("sources/" + source.name()))
                    .normalize();
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

    /** The folder of unfinished operations. */
    public Path journal() {
        return run().resolve("journal");
    }
}
