package dev.angee.compose;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The processes of a container as this host sees them, which it does only where the engine runs on it too: the engine itself
 * starts a program for each such question, which takes it 20 ms (20.10).
 */
final class HostProcesses {
    private static final Path PROC = Path.of("/proc");

    private HostProcesses() {}

    /**
     * The names of a container's first process and of its children.
     *
     * @return empty if they cannot be seen from here, or are gone
     */
    static Optional<List<String>> programs(ProjectContainer container) {
        return programs(PROC, container);
    }

    static Optional<List<String>> programs(Path proc, ProjectContainer container) {
        if (container.pid() <= 0) {
            return Optional.empty();
        }
        Path first = proc.resolve(Long.toString(container.pid()));
        try {
            if (!read(first.resolve("cgroup")).contains(container.id())) {
                return Optional.empty(); // another process, of that number here
            }
            List<String> names = new ArrayList<>(List.of(name(first)));
            String children = read(first.resolve("task")
                    .resolve(first.getFileName().toString())
                    .resolve("children"));
            for (String child : children.strip().split(" ", 0)) {
                if (!child.isEmpty()) {
                    nameOf(proc.resolve(child)).ifPresent(names::add);
                }
            }
            return Optional.of(names);
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    private static Optional<String> nameOf(Path process) throws IOException {
        try {
            return Optional.of(name(process));
        } catch (NoSuchFileException e) {
            return Optional.empty(); // ended just now
        }
    }

    private static String name(Path process) throws IOException {
        return read(process.resolve("comm")).strip();
    }

    /** A program may call itself anything. */
    private static String read(Path file) throws IOException {
        return new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1);
    }
}
