package dev.angee.internal;

import dev.angee.AngeeException;
import dev.angee.ConflictException;
import dev.angee.ErrorCode;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * Locks that hold between the threads of this JVM and between JVMs; freed by the kernel when a JVM dies. Not reentrant.
 *
 * <p>A lock file holds a note of who has the lock and why. It is never deleted. It is opened by nobody of a JVM that holds
 * the lock: closing any channel on it would give the lock up (POSIX).
 */
public final class FileLocks {
    private static final Map<Path, Gate> GATES = new ConcurrentHashMap<>();
    private static final Duration PAUSE = Duration.ofMillis(10);
    private static final int LONGEST_NOTE = 400;

    private FileLocks() {}

    /**
     * Takes a lock, waiting for it. An interrupt fails the call and stays set.
     *
     * @param file the lock file; made if needed
     * @param purpose what it is taken for, shown to whoever waits for it
     * @param patience how long to wait
     * @throws ConflictException naming the holder, if the patience is over
     */
    public static Held take(Path file, String purpose, Duration patience) {
        try {
            return await(file, purpose, patience);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AngeeException(ErrorCode.UNAVAILABLE, "interrupted while waiting for the lock " + file, e);
        }
    }

    /**
     * Takes a lock, waiting for it.
     *
     * @param file the lock file; made if needed
     * @param purpose what it is taken for, shown to whoever waits for it
     * @param patience how long to wait
     * @throws ConflictException naming the holder, if the patience is over
     * @throws InterruptedException if interrupted while waiting
     */
    public static Held await(Path file, String purpose, Duration patience) throws InterruptedException {
        long deadline = System.nanoTime() + patience.toNanos();
        Path key = file.toAbsolutePath().normalize();
        Gate gate = GATES.compute(key, (path, old) -> (old == null ? new Gate() : old).joined());
        FileChannel channel = null;
        try {
            if (!gate.free.tryAcquire(Math.max(0, patience.toNanos()), TimeUnit.NANOSECONDS)) {
                throw busy(key, "'" + gate.purpose + "' of this process", patience);
            }
            try {
                channel = lock(key, purpose, patience, deadline);
                gate.purpose = purpose;
                return new Held(key, channel, gate);
            } finally {
                if (channel == null) {
                    gate.free.release();
                }
            }
        } finally {
            if (channel == null) {
                leave(key);
            }
        }
    }

    /** Takes a lock if nobody has it. */
    public static Optional<Held> tryTake(Path file, String purpose) {
        try {
            return Optional.of(take(file, purpose, Duration.ZERO));
        } catch (ConflictException e) {
            return Optional.empty();
        }
    }

    private static FileChannel lock(Path file, String purpose, Duration patience, long deadline)
            throws InterruptedException {
        boolean locked = false;
        FileChannel channel = null;
        try {
            channel = open(file);
            FileLock lock = tryLock(channel);
            while (lock == null) {
                if (System.nanoTime() - deadline >= 0) {
                    throw busy(file, noteIn(file), patience);
                }
                TimeUnit.NANOSECONDS.sleep(PAUSE.toNanos());
                lock = tryLock(channel);
            }
            String note =
                    "'" + purpose + "' of process " + ProcessHandle.current().pid();
            channel.truncate(0);
            channel.write(ByteBuffer.wrap(note.getBytes(StandardCharsets.UTF_8)), 0);
            locked = true;
            return channel;
        } catch (ClosedByInterruptException e) {
            throw (InterruptedException) new InterruptedException("while taking " + file).initCause(e);
        } catch (IOException e) {
            throw new AngeeException(ErrorCode.UNAVAILABLE, "cannot lock " + file + ": " + e.getMessage(), e);
        } finally {
            if (!locked && channel != null) {
                close(file, channel);
            }
        }
    }

    private static FileChannel open(Path file) throws IOException {
        if (Files.exists(file, LinkOption.NOFOLLOW_LINKS) && !Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
            throw new ConflictException("lock", file.toString(), "is not a plain file; remove what stands there");
        }
        Path folder = file.getParent();
        if (folder != null) {
            Files.createDirectories(folder);
        }
        return FileChannel.open(
                file,
                StandardOpenOption.CREATE,
                StandardOpenOption.READ,
                StandardOpenOption.WRITE,
                LinkOption.NOFOLLOW_LINKS);
    }

    private static @Nullable FileLock tryLock(FileChannel channel) throws IOException {
        try {
            return channel.tryLock();
        } catch (OverlappingFileLockException e) {
            return null; // this library was loaded twice in one JVM
        }
    }

    private static String noteIn(Path file) throws IOException {
        String note = Files.readString(file);
        return note.isBlank() ? "another process" : note.substring(0, Math.min(note.length(), LONGEST_NOTE));
    }

    private static ConflictException busy(Path file, String holder, Duration patience) {
        return new ConflictException(
                "lock",
                file.toString(),
                "is still held by " + holder + " after " + patience.toMillis()
                        + " ms; wait until it is done, or end it");
    }

    private static void leave(Path key) {
        GATES.compute(key, (path, gate) -> gate == null ? null : gate.left());
    }

    private static void close(Path file, FileChannel channel) {
        try {
            channel.close();
        } catch (IOException e) {
            throw new AngeeException(ErrorCode.FAILED, "cannot release the lock " + file + ": " + e.getMessage(), e);
        }
    }

    /** What the threads of this JVM pass one by one; forgotten when the last one has left. */
    private static final class Gate {
        private final Semaphore free = new Semaphore(1, true);
        private volatile String purpose = "";
        private int known;

        Gate joined() {
            known++;
            return this;
        }

        @Nullable
        Gate left() {
            known--;
            return known == 0 ? null : this;
        }
    }

    /** A lock that is held until it is closed, by any thread. */
    public static final class Held implements AutoCloseable {
        private final Path file;
        private final FileChannel channel;
        private final Gate gate;
        private final AtomicBoolean closed = new AtomicBoolean();

        private Held(Path file, FileChannel channel, Gate gate) {
            this.file = file;
            this.channel = channel;
            this.gate = gate;
        }

        /** Fails if the lock is no longer held. */
        public void check() {
            if (closed.get() || !channel.isOpen()) {
                throw new IllegalStateException("the lock is no longer held: " + file);
            }
        }

        /** Lets go; safe to call twice. */
        @Override
        public void close() {
            if (closed.getAndSet(true)) {
                return;
            }
            try {
                FileLocks.close(file, channel);
            } finally {
                gate.free.release();
                leave(file);
            }
        }
    }
}
