package dev.angee.internal;

import dev.angee.AngeeException;
import dev.angee.ConflictException;
import dev.angee.ErrorCode;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * Locks that hold between the threads of this JVM and between JVMs; freed by the kernel when a JVM dies. Not reentrant.
 *
 * <p>A lock file holds a note of who has the lock and why. It is never deleted. Closing any channel on it gives up the lock
 * that this JVM has by another (POSIX), so it is opened by nobody of a JVM that holds the lock. Where that cannot be known
 * before, as when this library was loaded by two class loaders or a lock file has two names, the channel is kept open, and
 * used by the next taker: never closed before the JVM has been seen not to hold the lock.
 */
public final class FileLocks {
    private static final Map<Path, Gate> GATES = new ConcurrentHashMap<>();
    private static final Queue<Parked> PARKED = new ConcurrentLinkedQueue<>();
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
        Path key = key(file);
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

    /** One for all spellings of a path: the folder with its links followed. Makes the folder. */
    private static Path key(Path file) {
        Path path = file.toAbsolutePath();
        Path folder = path.getParent();
        Path name = path.getFileName();
        if (folder == null || name == null) {
            throw new IllegalArgumentException("not a file: " + file);
        }
        try {
            Files.createDirectories(folder);
            return folder.toRealPath().resolve(name);
        } catch (IOException e) {
            throw failed(file, e);
        }
    }

    private static FileChannel lock(Path file, String purpose, Duration patience, long deadline)
            throws InterruptedException {
        Attempt attempt = null;
        try {
            attempt = open(file);
            while (!attempt.succeeds()) {
                if (System.nanoTime() - deadline >= 0) {
                    throw busy(file, attempt.holder(), patience);
                }
                TimeUnit.NANOSECONDS.sleep(PAUSE.toNanos());
            }
            String note =
                    "'" + purpose + "' of process " + ProcessHandle.current().pid();
            attempt.channel.truncate(0);
            attempt.channel.write(ByteBuffer.wrap(note.getBytes(StandardCharsets.UTF_8)), 0);
            attempt.noted = true;
            return attempt.channel;
        } catch (ClosedByInterruptException e) {
            throw (InterruptedException) new InterruptedException("while taking " + file).initCause(e);
        } catch (IOException e) {
            throw failed(file, e);
        } finally {
            if (attempt != null && !attempt.noted) {
                attempt.abandon(file);
            }
        }
    }

    private static Attempt open(Path file) throws IOException {
        if (Files.exists(file, LinkOption.NOFOLLOW_LINKS) && !Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
            throw new ConflictException("lock", file.toString(), "is not a plain file; remove what stands there");
        }
        if (Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
            Object identity = identity(file);
            Optional<Parked> parked =
                    PARKED.stream().filter(p -> p.identity.equals(identity)).findFirst();
            if (parked.isPresent() && PARKED.remove(parked.get())) {
                return new Attempt(parked.get().channel, identity);
            }
        }
        FileChannel channel = FileChannel.open(
                file,
                StandardOpenOption.CREATE,
                StandardOpenOption.READ,
                StandardOpenOption.WRITE,
                LinkOption.NOFOLLOW_LINKS);
        return new Attempt(channel, identity(file));
    }

    /** The same for all names of a file. */
    private static Object identity(Path file) throws IOException {
        Object key = Files.readAttributes(file, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS)
                .fileKey();
        return key == null ? file : key;
    }

    private static AngeeException failed(Path file, IOException e) {
        return new AngeeException(ErrorCode.UNAVAILABLE, "cannot lock " + file + ": " + e.getMessage(), e);
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

    /** A channel that this JVM must not close yet. */
    private record Parked(FileChannel channel, Object identity) {}

    /** One taker's way to a lock, by a channel of its own. For one thread. */
    private static final class Attempt {
        private final FileChannel channel;
        private final Object identity;
        private boolean heldHere;
        private boolean noted;

        Attempt(FileChannel channel, Object identity) {
            this.channel = channel;
            this.identity = identity;
        }

        boolean succeeds() throws IOException {
            try {
                heldHere = false;
                return channel.tryLock() != null;
            } catch (OverlappingFileLockException e) {
                heldHere = true;
                return false;
            }
        }

        /** Read by the channel that is there: to open and close another might give up a lock. */
        String holder() throws IOException {
            if (heldHere) {
                return "this process, which reached it by another name or another class loader,";
            }
            ByteBuffer bytes = ByteBuffer.allocate(LONGEST_NOTE);
            channel.read(bytes, 0);
            String note = new String(bytes.array(), 0, bytes.position(), StandardCharsets.UTF_8);
            return note.isBlank() ? "another process" : note;
        }

        void abandon(Path file) {
            if (heldHere) {
                PARKED.add(new Parked(channel, identity));
            } else {
                close(file, channel);
            }
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
