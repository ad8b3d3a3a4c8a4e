package dev.angee.mount;

import dev.angee.InvalidInputException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** Finds the host path a mount stands for, and keeps it below what it names. Looks at the file system. */
public final class MountResolver {
    private final Path root;
    private final Map<String, Path> sources;
    private final Map<String, Path> workspaces;
    private final Set<String> volumes;

    /**
     * A resolver for one stack.
     *
     * @param root the absolute root
     * @param sources the folder of each source
     * @param workspaces the folder of each workspace
     * @param volumes the names of the volumes
     */
    public MountResolver(Path root, Map<String, Path> sources, Map<String, Path> workspaces, Set<String> volumes) {
        this.root = root;
        this.sources = new TreeMap<>(sources);
        this.workspaces = new TreeMap<>(workspaces);
        this.volumes = new TreeSet<>(volumes);
    }

    /**
     * The place of a mount.
     *
     * @throws dev.angee.AngeeException {@code INVALID} if what it names is not declared, or it would lead out of it
     */
    public ResolvedMount resolve(Mount mount) {
        return new ResolvedMount(
                mount,
                switch (mount.scheme()) {
                    case SOURCE -> Optional.of(below(sources, mount));
                    case WORKSPACE -> Optional.of(below(workspaces, mount));
                    case BIND -> Optional.of(root.resolve(mount.name()).normalize());
                    case VOLUME -> declaredVolume(mount);
                });
    }

    private Optional<Path> declaredVolume(Mount mount) {
        if (!volumes.contains(mount.name())) {
            throw undeclared(mount, volumes);
        }
        return Optional.empty();
    }

    private static Path below(Map<String, Path> folders, Mount mount) {
        Path folder = folders.get(mount.name());
        if (folder == null) {
            throw undeclared(mount, folders.keySet());
        }
        return mount.subpath().isEmpty() ? folder : Confinement.below(folder, mount.subpath());
    }

    private static InvalidInputException undeclared(Mount mount, Set<String> declared) {
        return new InvalidInputException(
                "mount",
                mount.scheme().id() + " '" + mount.name() + "' is not declared (declared: "
                        + (declared.isEmpty() ? "none" : String.join(", ", declared)) + ")");
    }
}
