package dev.angee.mount;

import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * A mount whose place on this host is known.
 *
 * @param mount as it was written
 * @param hostPath the absolute path it stands for; empty for a volume that a container mounts, which the engine keeps
 */
public record ResolvedMount(Mount mount, Optional<Path> hostPath) {

    /**
     * Where a container sees what this stands for: for a working directory written as a URI. The mount that holds it with
     * the deepest folder wins, the first of equal ones; one that another mount covers at that place does not count. Paths
     * are compared as they are spelled. Pure.
     *
     * @param mounts the mounts of the container
     * @return the absolute path in the container; empty if none of the mounts shows it
     */
    public Optional<String> insideContainer(List<ResolvedMount> mounts) {
        return mounts.stream()
                .filter(each -> !each.mount().isWorkdir())
                .flatMap(each -> within(each).map(rest -> new Sight(each.mount().target(), rest)).stream())
                .filter(sight -> mounts.stream().noneMatch(other -> sight.isCoveredBy(other.mount())))
                .min(Comparator.comparingInt(sight -> sight.rest().length()))
                .map(Sight::path);
    }

    /** The way from a mount's folder to this one, beginning with a slash; empty text for the folder itself. */
    private Optional<String> within(ResolvedMount other) {
        if (hostPath.isPresent() && other.hostPath.isPresent()) {
            return rest(other.hostPath.get().toString(), hostPath.get().toString());
        }
        boolean oneVolume =
                hostPath.isEmpty() && other.hostPath.isEmpty() && mount.name().equals(other.mount.name());
        return oneVolume ? Optional.of(mount.subpath().isEmpty() ? "" : "/" + mount.subpath()) : Optional.empty();
    }

    /** Compared as text, because a path of a container need not be one that this host can spell. */
    private static Optional<String> rest(String folder, String path) {
        String prefix = folder.equals("/") ? "" : folder;
        boolean inside = path.equals(folder) || path.startsWith(prefix + "/");
        return inside ? Optional.of(path.substring(prefix.length())) : Optional.empty();
    }

    /** What a container sees through a mount: the mount's target, and the way from there. */
    private record Sight(String target, String rest) {
        String path() {
            return target + rest;
        }

        boolean isCoveredBy(Mount other) {
            return !other.target().equals(target)
                    && ResolvedMount.rest(target, other.target()).isPresent()
                    && ResolvedMount.rest(other.target(), path()).isPresent();
        }
    }
}
