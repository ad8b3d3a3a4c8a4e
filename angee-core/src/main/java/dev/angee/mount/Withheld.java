package dev.angee.mount;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** What of the host no mount shows, and why. Looks at the file system. */
final class Withheld {
    private static final List<Path> OF_THE_KERNEL = List.of(Path.of("/proc"), Path.of("/sys"), Path.of("/dev"));
    private static final List<Path> SOCKETS = List.of(
            Path.of("/var/run/docker.sock"),
            Path.of("/run/docker.sock"),
            Path.of("/run/podman/podman.sock"),
            Path.of("/run/containerd/containerd.sock"));
    private static final Set<String> SOCKET_NAMES = Set.of("docker.sock", "podman.sock", "containerd.sock");

    private final Map<Path, String> ownFiles = new LinkedHashMap<>();

    /**
     * What a root keeps for itself.
     *
     * @param root the absolute root
     * @param secrets more files with secrets
     */
    Withheld(Path root, List<Path> secrets) {
        ownFiles.put(root.resolve("run"), "the stack keeps its locks, records and secrets there");
        ownFiles.put(root.resolve(".env"), "the stack keeps its secrets there");
        secrets.forEach(file -> ownFiles.put(file, "the stack keeps its secrets there"));
    }

    /** Why a path is not shown; empty if it may be. */
    Optional<String> reason(Path path) {
        // As it is spelled first: where links below /proc lead is not for everybody to see.
        return kernel(path).or(() -> real(path, Confinement.real(path)));
    }

    private Optional<String> real(Path path, Path real) {
        if (real.getNameCount() == 0) {
            return Optional.of("it is the whole host; name the folder that is needed");
        }
        return kernel(real).or(() -> socket(path, real)).or(() -> own(real));
    }

    private static Optional<String> kernel(Path path) {
        return OF_THE_KERNEL.stream()
                .filter(path::startsWith)
                .map(folder -> folder + " is the kernel's, and leads to all of the host; a container has its own")
                .findFirst();
    }

    private static Optional<String> socket(Path path, Path real) {
        boolean named = SOCKET_NAMES.contains(last(path)) || SOCKET_NAMES.contains(last(real));
        boolean holds = SOCKETS.stream().map(Confinement::real).anyMatch(socket -> socket.startsWith(real));
        return named || holds
                ? Optional.of(
                        "it " + (named ? "is" : "holds") + " the socket of a container engine, and who has that has"
                                + " the host; say 'docker_access: socket' if the workload is to have it")
                : Optional.empty();
    }

    private Optional<String> own(Path real) {
        return ownFiles.entrySet().stream()
                .filter(entry -> real.startsWith(Confinement.real(entry.getKey())))
                .map(entry -> entry.getValue() + "; mount a folder of its own")
                .findFirst();
    }

    private static String last(Path path) {
        return String.valueOf(path.getFileName());
    }
}
