package dev.angee.internal;

import dev.angee.AngeeException;
import dev.angee.ConflictException;
import dev.angee.ErrorCode;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Locks that hold between the threads of this JVM and between JVMs; freed by the kernel when a JVM dies. Not reentrant.
 *
 * <p>A lock file is never read and never deleted: closing any other channel on it would drop the lock of the whole JVM.
 * Who holds a lock, and why, stands beside it in a file with the ending {@code .holder}.
 */
public final class FileLocks {
    private static final ConcurrentMap<Path, ReentrantLock> IN_THIS_JVM = new ConcurrentHashMap<>();
    private static final Duration PAUSE = Duration.ofMillis(10);

    private FileLocks() {}

    /**
     * Takes a lock, waiting for it.
     *
     * @param file the lock file; made if needed
     * @param purpose what it is taken for, shown to whoever waits for it
     * @param patience how long to wait
     * @throws ConflictException naming the holder, if the patience is over
     */
    public static Held take(Path file, String purpose, Duration patience) {
        long deadline = System.nanoTime() + patience.toNanos();
        ReentrantLock local = IN_THIS_JVM.computeIfAbsent(file.toAbsolutePath().normalize(), p -> new ReentrantLock());
        try {
            if (local.isHeldByCurrentThread() || !local.tryLock(patience.toNanos(), TimeUnit.NANOSECONDS)) {
                throw busy(file);
            }
        } catch (InterruptedException e) {
            throw interrupted(file, e);
        }
        Held held = null;
        try {
            held = acquire(file, purpose, local, deadline);
            return held;
        } finally {
            if (held == null) {
                local.unlock();
            }
        }
    }

    /** Takes a lock if nobody has it. */
    public static Optional<Held> tryTake(Path file, String purpose) {
        ReentrantLock local = IN_THIS_JVM.computeIfAbsent(file.toAbsolutePath().normalize(), p -> new ReentrantLock());
        if (local.isHeldByCurrentThread() || !local.tryLock()) {
            return Optional.empty();
        }
        Held held = null;
        try {
            held = acquire(file, purpose, local, System.nanoTime());
            return Optional.of(held);
        } catch (ConflictException e) {
            return Optional.empty();
        } finally {
            if (held == null) {
                local.unlock();
            }
        }
    }

    private static Held acquire(Path file, String purpose, ReentrantLock local, long deadline) {
        FileChannel channel = open(file);
        FileLock lock = null;
        try {
            while (true) {
                lock = channel.tryLock();
                if (lock != null) {
                    AtomicFile.writePrivate(holderFile(file), holder(purpose));
                    return new Held(file, channel, lock, local);
                }
                if (System.nanoTime() >= deadline) {
                    throw busy(file);
                }
                TimeUnit.NANOSECONDS.sleep(PAUSE.toNanos());
            }
        } catch (InterruptedException e) {
            throw interrupted(file, e);
        } catch (IOException e) {
            throw new AngeeException(ErrorCode.UNAVAILABLE, "cannot lock " + file + ": " + e.getMessage(), e);
        } finally {
            if (lock == null) {
                closeQuietly(channel);
            }
        }
    }

    private static FileChannel open(Path file) {
        try {
            Path folder = file.toAbsolutePath().getParent();
            if (folder != null) {
                Files.createDirectories(folder);
            }
            return FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        } catch (IOException e) {
            throw new AngeeException(ErrorCode.UNAVAILABLE, "cannot open lock file " + file + ": " + e.getMessage(), e);
        }
    }

    private static byte[] holder(String purpose) {
        return ("process " + ProcessHandle.current().pid() + ", to " + purpose)
                .getBytes(java.nio.charset.StandardCharsets.UTF_8);
    }

    private static Path holderFile(Path file) {
        return file.resolveSibling(file.getFileName() + ".holder");
    }

    private static ConflictException busy(Path file) {
        String holder = "somebody";
        try {
            holder = Files.readString(holderFile(file));
        } catch (IOException e) {
            holder += " who has not said so yet";
        }
        return new ConflictException("lock", file.toString(), "is held by " + holder + "; try again later");
    }

    private static AngeeException interrupted(Path file, InterruptedException e) {
        Thread.currentThread().interrupt();
        return new AngeeException(ErrorCode.UNAVAILABLE, "interrupted while waiting for the lock " + file, e);
    }

    private static void closeQuietly(FileChannel channel) {
        try {
            channel.close();
        } catch (IOException e) {
            throw new AngeeException(ErrorCode.FAILED, "cannot close a lock file: " + e.getMessage(), e);
        }
    }

    /** A lock that is held until it is closed, by the thread that took it. */
    public static final class Held implements AutoCloseable {
        private final Path file;
        private final FileChannel channel;
        private @Nullable FileLock lock;
        private final ReentrantLock local;

        private Held(Path file, FileChannel channel, FileLock lock, ReentrantLock local) {
            this.file = file;
            this.channel = channel;
            this.lock = lock;
            this.local = local;
        }

        /** Fails if the lock is no longer held. */
        public void check() {
            if (lock == null || !lock.isValid()) {
                throw new IllegalStateException("the lock is no longer held: " + file);
            }
        }

        /** Lets go; safe to call twice. */
        @Override
        public void close() {
            if (lock == null) {
                return;
            }
            lock = null;
            try {
                Files.deleteIfExists(holderFile(file));
                channel.close();
            } catch (IOException e) {
                throw new AngeeException(
                        ErrorCode.FAILED, "cannot release the lock " + file + ": " + e.getMessage(), e);
            } finally {
                local.unlock();
            }
        }
    }
}
