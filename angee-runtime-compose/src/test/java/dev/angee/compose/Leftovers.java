package dev.angee.compose;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * All that belongs to an engine which keeps everything in one folder: processes, mounts, files. Nothing else is touched,
 * for a process belongs to it only if its command line or the root of its file system is in that folder.
 */
final class Leftovers {
    private static final Path SHIM_SOCKETS = Path.of("/run/containerd/s");

    private final Path folder;

    Leftovers(Path folder) {
        this.folder = folder;
    }

    /** Ends the processes, removes the mounts, deletes the files. */
    void remove() {
        await("processes of " + folder)
                .atMost(Duration.ofSeconds(20))
                .pollInterval(Duration.ofMillis(50))
                .until(() -> {
                    List<ProcessHandle> left = processes();
                    left.forEach(ProcessHandle::destroyForcibly);
                    return left.isEmpty();
                });
        sockets().forEach(Leftovers::delete);
        await("mounts in " + folder)
                .atMost(Duration.ofSeconds(10))
                .pollInterval(Duration.ofMillis(50))
                .until(() -> {
                    List<String> left = mounts();
                    left.forEach(mount -> run("umount", "-l", mount)); // what cannot be, is seen by the next look
                    return left.isEmpty();
                });
        if (run("rm", "-rf", "--one-file-system", folder.toString()) != 0) {
            throw new IllegalStateException("cannot delete " + folder + ": remove it by hand");
        }
    }

    /** The processes that live: the engine's, the shims', and those in its containers. */
    List<ProcessHandle> processes() {
        return ProcessHandle.allProcesses().filter(this::belongs).toList();
    }

    /** Where something is mounted, the innermost first. */
    List<String> mounts() {
        List<String> points = new ArrayList<>();
        for (String line : lines(Path.of("/proc/self/mountinfo"))) {
            String point = line.split(" ", -1)[4];
            if (Path.of(point).startsWith(folder)) {
                points.add(point);
            }
        }
        Collections.reverse(points);
        return points;
    }

    private boolean belongs(ProcessHandle process) {
        Path proc = Path.of("/proc", String.valueOf(process.pid()));
        return lines(proc.resolve("cmdline")).stream().anyMatch(line -> line.contains(folder + "/"))
                || lines(proc.resolve("mountinfo")).stream()
                        .filter(line -> line.split(" ", -1)[4].equals("/"))
                        .anyMatch(root -> root.contains(folder + "/"));
    }

    /** Those of containerd's shims are outside, in a folder that all engines share. */
    private List<Path> sockets() {
        Path tasks = folder.resolve("exec/containerd/daemon/io.containerd.runtime.v2.task/moby");
        if (!Files.isDirectory(tasks)) {
            return List.of();
        }
        try (Stream<Path> bundles = Files.list(tasks)) {
            return bundles.flatMap(bundle -> lines(bundle.resolve("address")).stream())
                    .map(address -> Path.of(address.replaceFirst("^unix://", "")))
                    .filter(socket -> SHIM_SOCKETS.equals(socket.getParent()))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** None if the file, or the process it speaks of, is not there. */
    private static List<String> lines(Path file) {
        try {
            // Not Files.readAllLines: a command line need not be text.
            return new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1)
                    .lines()
                    .filter(line -> !line.isEmpty())
                    .toList();
        } catch (IOException e) {
            return List.of(); // it ended before or while it was read, or is a zombie
        }
    }

    private static void delete(Path file) {
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The exit code; -1 if it took too long. */
    static int run(String... words) {
        try {
            Process process = new ProcessBuilder(words)
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
            if (!process.waitFor(60, TimeUnit.SECONDS)) {
                process.destroyForcibly();
                return -1;
            }
            return process.exitValue();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while running " + words[0], e);
        }
    }
}
