package dev.angee.git;

import dev.angee.AngeeException;
import dev.angee.ErrorCode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;

/**
 * Git programs of ours that outlived the JVM that ran them, and still write in a worktree. They are known by their
 * environment, which only we make that way, and by their stage, which nobody uses any more: those of a JVM that lives are
 * left alone.
 */
final class LeftPrograms {
    private static final Path PROC = Path.of("/proc");
    private static final String WORK_TREE = "GIT_WORK_TREE";
    private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(30);
    private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(5);

    private LeftPrograms() {}

    /** Ends those that work in the worktree, and waits for their end. */
    static void end(Path worktree) throws IOException {
        List<ProcessHandle> left = ProcessHandle.allProcesses()
                .filter(process -> worksIn(process.pid(), worktree))
                .toList();
        for (ProcessHandle each : left) {
            each.destroyForcibly();
        }
        for (ProcessHandle each : left) {
            waitFor(each, worktree);
        }
    }

    private static boolean worksIn(long pid, Path worktree) {
        Map<String, String> environment = environmentOf(pid);
        return worktree.toString().equals(environment.get(WORK_TREE))
                && seesWhatWeSee(pid)
                && PrivateFolder.isLeft(environment.getOrDefault("GIT_DIR", ""));
    }

    /** A process of another container may have a folder of that name where we have none, or another one. */
    private static boolean seesWhatWeSee(long pid) {
        try {
            return Files.readSymbolicLink(PROC.resolve("self/ns/mnt"))
                    .equals(Files.readSymbolicLink(PROC.resolve(pid + "/ns/mnt")));
        } catch (IOException | SecurityException e) {
            return false;
        }
    }

    private static Map<String, String> environmentOf(long pid) {
        try {
            String text = new String(Files.readAllBytes(PROC.resolve(pid + "/environ")), StandardCharsets.UTF_8);
            return Arrays.stream(text.split("\0", -1))
                    .filter(variable -> variable.startsWith("GIT_DIR=") || variable.startsWith(WORK_TREE + "="))
                    .collect(Collectors.toMap(
                            variable -> variable.substring(0, variable.indexOf('=')),
                            variable -> variable.substring(variable.indexOf('=') + 1),
                            (one, other) -> one));
        } catch (IOException | SecurityException e) {
            return Map.of(); // It has ended, or is somebody else's.
        }
    }

    /** Until nothing is left of its memory: as a zombie it may stay for as long as its parent likes. */
    private static void waitFor(ProcessHandle process, Path worktree) throws IOException {
        long begin = System.nanoTime();
        while (worktree.toString().equals(environmentOf(process.pid()).get(WORK_TREE))) {
            if (System.nanoTime() - begin > PATIENCE_NANOS) {
                throw new IOException("the git program " + process.pid() + " that a dead process left in '" + worktree
                        + "' does not end; end it");
            }
            LockSupport.parkNanos(PAUSE_NANOS);
            if (Thread.currentThread().isInterrupted()) {
                throw new AngeeException(ErrorCode.FAILED, "interrupted while a left git program ended");
            }
        }
    }
}
