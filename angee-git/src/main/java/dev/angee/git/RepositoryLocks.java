package dev.angee.git;

import dev.angee.AngeeException;
import dev.angee.ConflictException;
import dev.angee.ErrorCode;
import dev.angee.internal.HeldFolder;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The locks of a cache: one for what its worktrees share, one for each worktree, one for those who fetch into it, and one for
 * those who change its remote. Each is a lock within this JVM and, behind it, a lock on a file against other JVMs. Git neither
 * knows nor minds them.
 *
 * <p>The two that have to do with the remote are held while it is talked to, and keep nobody else waiting. They are taken
 * first, one of them at most; then the shared one, and then those of worktrees.
 */
final class RepositoryLocks {
    private static final Map<Path, Gate> GATES = new ConcurrentHashMap<>();
    private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(20);
    private static final int LONGEST_NOTE = 400;

    /** The name of the file whose lock is the shared one. */
    static final String SHARED = "angee.lock";

    /** The folder, in a cache, of the files whose locks are those of its worktrees. */
    static final String FOLDER = "angee-locks";

    /** No id of a record ends so: git would not take it. */
    private static final String FETCHING = "fetch.lock";

    private static final String PUSHING = "push.lock";

    private static final String NOTE = "process ";

    private final Duration patience;

    RepositoryLocks(Duration patience) {
        this.patience = patience;
    }

    /** Works while nobody else changes what the worktrees of the cache share. */
    <T> T shared(Path cache, String purpose, GitWork<T> work) throws IOException {
        return holding(cache.resolve(SHARED), purpose, work);
    }

    /** Works while nobody else of us fetches into the cache; the network may be used. */
    <T> T fetching(Path cache, String purpose, GitWork<T> work) throws IOException {
        return holding(cache.resolve(FOLDER).resolve(FETCHING), purpose, work);
    }

    /** Works while nobody else of us changes a branch of the cache's remote; the network may be used. */
    <T> T pushing(Path cache, String purpose, GitWork<T> work) throws IOException {
        return holding(cache.resolve(FOLDER).resolve(PUSHING), purpose, work);
    }

    /** Works while nobody else of us changes this worktree. */
    <T> T worktree(Path cache, AdminFolder admin, String purpose, GitWork<T> work) throws IOException {
        return holding(cache.resolve(FOLDER).resolve(admin.id()), purpose, work);
    }

    /**
     * Works while nobody else of us in this JVM makes the cache; there is no folder yet to put a file lock in. What is
     * made may bring its own lock file into that place: nobody in this JVM opens it before the work is over.
     */
    <T> T creation(Path cache, String purpose, GitWork<T> work) throws IOException {
        return inJvm(cache.resolve(SHARED), System.nanoTime() + patience.toNanos(), purpose, work);
    }

    /** Works while holding the lock on this very file, if nobody holds it; else does nothing. */
    static void ifFree(Path file, GitWork<?> work) throws IOException {
        if (GATES.containsKey(file.toAbsolutePath().normalize())) {
            return;
        }
        try (FileChannel channel = open(file)) {
            FileLock lock = tryLock(channel);
            if (lock != null) {
                work.run();
            }
        }
    }

    /** Works while holding the lock on this file. */
    <T> T holding(Path file, String purpose, GitWork<T> work) throws IOException {
        long deadline = System.nanoTime() + patience.toNanos();
        return inJvm(file, deadline, purpose, () -> onFile(file, deadline, purpose, work));
    }

    private <T> T inJvm(Path key, long deadline, String purpose, GitWork<T> work) throws IOException {
        Path name = key.toAbsolutePath().normalize();
        Gate gate = GATES.compute(name, (path, old) -> (old == null ? new Gate() : old).joined());
        try {
            if (!gate.enter(deadline - System.nanoTime())) {
                throw tookTooLong(name, purpose, "this process: " + gate.purpose);
            }
            try {
                gate.purpose = purpose;
                return work.run();
            } finally {
                gate.lock.unlock();
            }
        } finally {
            GATES.compute(name, (path, old) -> gate.left());
        }
    }

    private <T> T onFile(Path file, long deadline, String purpose, GitWork<T> work) throws IOException {
        try (FileChannel channel = open(file)) {
            FileLock lock = tryLock(channel);
            while (lock == null) {
                if (System.nanoTime() - deadline > 0) {
                    throw tookTooLong(file, purpose, noteIn(channel).orElse("another process"));
                }
                LockSupport.parkNanos(PAUSE_NANOS);
                if (Thread.currentThread().isInterrupted()) {
                    throw interrupted(file);
                }
                lock = tryLock(channel);
            }
            leaveNote(channel, purpose);
            return work.run();
        }
    }

    /**
     * Opens a lock's file in the cache, or in its folder of locks if that is a true folder. Never opened a second time by
     * this process while it is locked: closing that would end the lock (POSIX).
     */
    private static FileChannel open(Path file) throws IOException {
        Path folder = file.toAbsolutePath().getParent();
        Path above = folder == null ? null : folder.getParent();
        if (folder == null || above == null) {
            throw new IOException("'" + file + "' is no place for a lock");
        }
        boolean inside = folder.endsWith(FOLDER);
        Path cache = inside ? above : folder;
        Files.createDirectories(cache);
        try (HeldFolder held = HeldFolder.at(cache)) {
            if (!inside) {
                return held.lockFile(file.getFileName().toString());
            }
            try (HeldFolder locks = held.childOrNew(FOLDER)) {
                return locks.lockFile(file.getFileName().toString());
            }
        }
    }

    /** Says who holds the lock, unless the file says what no lock of ours does: then it is somebody's, and stays. */
    private static void leaveNote(FileChannel channel, String purpose) throws IOException {
        if (channel.size() != 0 && noteIn(channel).isEmpty()) {
            return;
        }
        byte[] note = (NOTE + ProcessHandle.current().pid() + ": " + purpose).getBytes(StandardCharsets.UTF_8);
        channel.truncate(0);
        channel.write(ByteBuffer.wrap(note, 0, Math.min(note.length, LONGEST_NOTE)), 0);
    }

    private static @Nullable FileLock tryLock(FileChannel channel) throws IOException {
        try {
            return channel.tryLock();
        } catch (OverlappingFileLockException e) {
            return null; // This library loaded twice in one JVM.
        }
    }

    private static Optional<String> noteIn(FileChannel channel) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(LONGEST_NOTE + 1);
        channel.read(bytes, 0);
        String note = new String(bytes.array(), 0, bytes.position(), StandardCharsets.UTF_8);
        return bytes.hasRemaining() && note.startsWith(NOTE) ? Optional.of(note) : Optional.empty();
    }

    private AngeeException tookTooLong(Path file, String purpose, String holder) {
        return new ConflictException(
                "lock",
                file.toString(),
                purpose + " waited " + patience.toSeconds() + " s for " + holder + "; try again");
    }

    private static AngeeException interrupted(Path file) {
        Thread.currentThread().interrupt();
        return new AngeeException(ErrorCode.FAILED, "interrupted while waiting for the lock '" + file + "'");
    }

    /** The lock within this JVM, with a count of those who know it, so that it goes when the last one leaves. */
    private static final class Gate {
        private final ReentrantLock lock = new ReentrantLock();
        private int known;
        private volatile String purpose = "";

        Gate joined() {
            known++;
            return this;
        }

        @Nullable
        Gate left() {
            known--;
            return known == 0 ? null : this;
        }

        boolean enter(long nanos) {
            try {
                return lock.tryLock(Math.max(nanos, 0), TimeUnit.NANOSECONDS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new AngeeException(ErrorCode.FAILED, "interrupted while waiting for " + purpose, e);
            }
        }
    }
}
