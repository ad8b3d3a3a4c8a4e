package dev.angee.git;

import dev.angee.ConflictException;
import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.eclipse.jgit.errors.LockFailedException;
import org.jspecify.annotations.Nullable;

/**
 * The locks that somebody's own git holds for a moment: {@code index.lock}, {@code packed-refs.lock}, those of refs and the
 * like. JGit gives up at once, or soon; here all are waited for alike, and none for ever.
 */
final class ForeignLocks {
    private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(5);
    private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(50);

    private ForeignLocks() {}

    /**
     * Does the work, again for a while as long as it fails for such a lock.
     *
     * @throws ConflictException if the lock is still there then; whoever waits around this does not wait once more
     */
    static <T> T waitingFor(GitWork<T> work) throws IOException {
        long begin = System.nanoTime();
        while (true) {
            try {
                return work.run();
            } catch (IOException | RuntimeException e) {
                Optional<Path> locked = lockedFile(e);
                if (locked.isEmpty()) {
                    throw e;
                }
                if (System.nanoTime() - begin > PATIENCE_NANOS
                        || Thread.currentThread().isInterrupted()) {
                    throw conflict(locked.get());
                }
                LockSupport.parkNanos(PAUSE_NANOS);
            }
        }
    }

    /** What is said of a file that stays locked. */
    static ConflictException conflict(Path locked) {
        return new ConflictException(
                "file", locked.toString(), "another git has locked it; try again when that is done");
    }

    /** The file whose lock made this fail, if one did. */
    static Optional<Path> lockedFile(Throwable failure) {
        for (@Nullable Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof LockFailedException locked) {
                return Optional.ofNullable(locked.getFile()).map(File::toPath);
            }
        }
        return Optional.empty();
    }
}
