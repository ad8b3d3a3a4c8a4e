package dev.angee.mount;

import dev.angee.InvalidInputException;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * How paths that we see are called on the machine of the engine. They are the same, unless we run in a container
 * ourselves and use the engine outside: that would take our paths for its own. A plain value.
 *
 * @param prefixes what our container mounts; empty if we run in none
 */
public record HostPaths(Optional<List<Prefix>> prefixes) {

    /**
     * A place in our container where something is mounted.
     *
     * @param inside the absolute path as we see it
     * @param host the absolute path on the engine's machine; empty for what only the container has, such as a tmpfs
     */
    public record Prefix(Path inside, Optional<Path> host) {
        /** Refuses relative paths. */
        public Prefix {
            if (!inside.isAbsolute() || !host.map(Path::isAbsolute).orElse(true)) {
                throw new IllegalArgumentException("prefixes are absolute: " + inside + ", " + host);
            }
            inside = inside.normalize();
            host = host.map(Path::normalize);
        }
    }

    /** Copies the list, the longest prefix first. */
    public HostPaths {
        prefixes = prefixes.map(list -> list.stream()
                .sorted(Comparator.comparing((Prefix each) -> each.inside().getNameCount())
                        .reversed()
                        .thenComparing(Prefix::inside))
                .toList());
    }

    /** Paths are the same here and for the engine. */
    public static HostPaths identity() {
        return new HostPaths(Optional.empty());
    }

    /** We run in a container with these mounts, and nothing else of it is known to the engine as a path. */
    public static HostPaths inContainer(List<Prefix> mounts) {
        return new HostPaths(Optional.of(mounts));
    }

    /** Whether every path is the same for the engine. */
    public boolean isIdentity() {
        return prefixes.isEmpty();
    }

    /**
     * The path that the engine knows what we see by. Compares names only: resolve symbolic links first where there may be
     * any.
     *
     * @param path an absolute path, as we see it
     * @return the absolute path on the engine's machine
     * @throws InvalidInputException if nothing that our container mounts holds it
     */
    public Path translate(Path path) {
        if (prefixes.isEmpty()) {
            return path;
        }
        Path wanted = path.normalize();
        Prefix prefix = holder(wanted).orElseThrow(() -> unknown(wanted, "no mount of this container holds it"));
        return onHost(prefix, wanted)
                .orElseThrow(() -> unknown(wanted, prefix.inside() + " is kept by this container alone"));
    }

    /**
     * The same for a path that may be of no use to the engine.
     *
     * @param path an absolute path, as we see it
     * @return the absolute path on the engine's machine; empty if nothing that our container mounts holds it
     */
    public Optional<Path> find(Path path) {
        if (prefixes.isEmpty()) {
            return Optional.of(path);
        }
        Path wanted = path.normalize();
        return holder(wanted).flatMap(prefix -> onHost(prefix, wanted));
    }

    private Optional<Prefix> holder(Path wanted) {
        return prefixes.orElseThrow().stream()
                .filter(each -> wanted.startsWith(each.inside()))
                .findFirst();
    }

    private static Optional<Path> onHost(Prefix prefix, Path wanted) {
        return prefix.host()
                .map(host -> host.resolve(prefix.inside().relativize(wanted)).normalize());
    }

    private static InvalidInputException unknown(Path path, String reason) {
        return new InvalidInputException(
                "path",
                path + " is not known to the container engine outside: " + reason
                        + "; start this container with that folder mounted from the host, best at the same path (-v "
                        + path + ":" + path + ")");
    }
}
