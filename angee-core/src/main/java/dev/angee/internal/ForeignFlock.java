package dev.angee.internal;

import dev.angee.AngeeException;
import dev.angee.ErrorCode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Whether another program holds a lock of the kind that {@code flock(2)} takes. The JDK's locks are of another kind, and
 * the two do not see each other. Linux only, where the kernel lists both; elsewhere nobody is seen to hold one.
 */
public final class ForeignFlock {
    private static final Path LOCKS = Path.of("/proc/locks");
    private static final int KIND = 1;
    private static final int PID = 4;
    private static final int INODE = 5;

    private ForeignFlock() {}

    /** Who holds the lock on a file, for example {@code process 4711}; no file is held by nobody. */
    public static Optional<String> holder(Path file) {
        if (!Files.exists(file) || !Files.exists(LOCKS)) {
            return Optional.empty();
        }
        try {
            String inode = ":" + Files.getAttribute(file, "unix:ino");
            Path real = file.toRealPath();
            for (String line : Files.readAllLines(LOCKS)) {
                List<String> fields = List.of(line.strip().split("\\s+"));
                if (fields.size() > INODE
                        && fields.get(KIND).equals("FLOCK")
                        && fields.get(INODE).endsWith(inode)
                        && hasOpen(fields.get(PID), real)) {
                    return Optional.of("process " + fields.get(PID));
                }
            }
            return Optional.empty();
        } catch (IOException e) {
            throw new AngeeException(
                    ErrorCode.UNAVAILABLE, "cannot tell whether " + file + " is locked: " + e.getMessage(), e);
        }
    }

    /**
     * Files of two file systems can have one inode, and not every file system is called in that list what files say it is
     * called; so the process is asked. One that may not be asked is taken to have the file open.
     */
    private static boolean hasOpen(String pid, Path file) {
        try (Stream<Path> descriptors = Files.list(Path.of("/proc", pid, "fd"))) {
            return descriptors.anyMatch(descriptor -> leadsTo(descriptor, file));
        } catch (IOException | UncheckedIOException e) {
            return pid.equals("0") || Files.exists(Path.of("/proc", pid)); // 0: a process of another namespace
        }
    }

    private static boolean leadsTo(Path descriptor, Path file) {
        try {
            return Files.readSymbolicLink(descriptor).equals(file);
        } catch (IOException e) {
            return false; // closed meanwhile
        }
    }
}
