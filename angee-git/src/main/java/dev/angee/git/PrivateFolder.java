package dev.angee.git;

import dev.angee.internal.FolderRemoval;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A folder for a while, that nobody else may look into. It is locked as long as it is used; one that a JVM left behind when
 * it was killed is not, and goes with {@link #sweep}.
 */
final class PrivateFolder implements AutoCloseable {
    static final String PREFIX = "angee-git-";
    /** Longer than it takes to lock a folder that was just made. */
    static final Duration FRESH = Duration.ofMinutes(1);

    private static final String LOCK = "in-use";
    private static final Pattern MADE = Pattern.compile(PREFIX + "\\d+");
    private static final Path OURSELVES = Path.of("/proc/self");
    private static final Path MEMORY = Path.of("/dev/shm");
    /** More than the largest index that is known of, and a merge with it. */
    private static final long AMPLE = 1024L * 1024 * 1024;

    /** Not even looked at by a sweep: where a JVM closes a file, it loses all its locks on it. */
    private static final Set<Path> IN_USE = ConcurrentHashMap.newKeySet();

    private final Path path;
    private final FileChannel lock;

    private PrivateFolder(Path path) throws IOException {
        this.path = path;
        IN_USE.add(path);
        this.lock = FileChannel.open(
                path.resolve(LOCK),
                Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        lock.lock();
    }

    /** One where temporary files are. */
    static PrivateFolder make() throws IOException {
        return new PrivateFolder(Files.createTempDirectory(PREFIX));
    }

    /** One for what need not last: in memory, where that has ample room, since on a disk it takes longer than git does. */
    static PrivateFolder makeForNow() throws IOException {
        return hasMemory() && MEMORY.toFile().getUsableSpace() >= AMPLE ? makeIn(MEMORY) : make();
    }

    /** One that is only in memory, where the system has a place for such, so that a secret is on no disk. */
    static PrivateFolder makeForSecrets() throws IOException {
        return hasMemory() ? makeIn(MEMORY) : make();
    }

    private static boolean hasMemory() {
        return Files.isDirectory(MEMORY) && Files.isWritable(MEMORY);
    }

    static PrivateFolder makeIn(Path place) throws IOException {
        return new PrivateFolder(Files.createTempDirectory(place, PREFIX));
    }

    Path path() {
        return path;
    }

    /** Those that this JVM has made and not closed. */
    static Set<Path> inUse() {
        return Set.copyOf(IN_USE);
    }

    /** Removes what JVMs of our user left behind in the places where such folders are made. */
    static void sweep() throws IOException {
        try (PrivateFolder here = make();
                PrivateFolder secret = makeForSecrets()) {
            here.sweepBeside(FRESH);
            secret.sweepBeside(FRESH);
        }
    }

    /** Removes folders beside this one that are older by so much, are of the same user, and of no JVM that lives. */
    void sweepBeside(Duration older) throws IOException {
        PosixFileAttributes own = attributes(path);
        try (DirectoryStream<Path> others = Files.newDirectoryStream(path.getParent(), PREFIX + "*")) {
            for (Path other : others) {
                if (!IN_USE.contains(other) && isLikeOurs(other, own, older)) {
                    removeIfAbandoned(other);
                }
            }
        }
    }

    private static boolean isLikeOurs(Path folder, PosixFileAttributes own, Duration older) throws IOException {
        try {
            PosixFileAttributes found = attributes(folder);
            return found.isDirectory()
                    && found.owner().equals(own.owner())
                    && found.permissions().equals(own.permissions())
                    && found.lastModifiedTime()
                            .toInstant()
                            .plus(older)
                            .isBefore(own.lastModifiedTime().toInstant());
        } catch (NoSuchFileException e) {
            return false; // Whoever used it is done with it.
        }
    }

    private static void removeIfAbandoned(Path folder) throws IOException {
        Path file = folder.resolve(LOCK);
        if (Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
            try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS);
                    @Nullable FileLock lock = channel.tryLock()) {
                if (lock != null) {
                    FolderRemoval.of(folder);
                }
            } catch (OverlappingFileLockException | IOException e) {
                return; // It is in use in this JVM after all, is gone, or is for whoever comes next to try again.
            }
        }
    }

    /**
     * Whether this was one of ours, and no JVM uses it any more. Anybody may have made the name up: what is not called just as
     * we call such a folder, in a place where we make them, is not looked at, and nothing is opened but a plain file.
     */
    static boolean isLeft(String path) {
        String name = path.substring(path.lastIndexOf('/') + 1);
        return MADE.matcher(name).matches()
                && IN_USE.stream().noneMatch(used -> used.endsWith(name))
                && Stream.of(Path.of(System.getProperty("java.io.tmpdir")), MEMORY)
                        .map(place -> place.resolve(name))
                        .anyMatch(folder -> folder.toString().equals(path) && isFree(folder));
    }

    private static boolean isFree(Path folder) {
        Path file = folder.resolve(LOCK);
        try {
            PosixFileAttributes found = attributes(folder);
            if (!found.isDirectory()
                    || !found.owner().equals(Files.getOwner(OURSELVES))
                    || !attributes(file).isRegularFile()) {
                return false;
            }
            try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS);
                    @Nullable FileLock lock = channel.tryLock()) {
                return lock != null;
            }
        } catch (NoSuchFileException e) {
            return true; // Somebody has swept it away, or does.
        } catch (OverlappingFileLockException | IOException e) {
            return false; // It is in use in this JVM after all, or nobody knows.
        }
    }

    private static PosixFileAttributes attributes(Path folder) throws IOException {
        return Files.readAttributes(folder, PosixFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
    }

    @Override
    public void close() throws IOException {
        try (lock) {
            FolderRemoval.of(path);
        } finally {
            IN_USE.remove(path);
        }
    }
}
