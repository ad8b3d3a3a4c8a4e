package dev.angee.git;

import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.eclipse.jgit.errors.LockFailedException;
import org.jspecify.annotations.Nullable;

/** The locks that somebody's own git holds for a moment: {@code index.lock} and the like. JGit gives up at once. */
final class ForeignLocks {
    private static final int ATTEMPTS = 20;
    private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

    private ForeignLocks() {}

    /** Does the work, again for a while as long as it fails for such a lock. */
    static <T> T waitingFor(GitWork<T> work) throws IOException {
        for (int attempt = 1; ; attempt++) {
            try {
                return work.run();
            } catch (IOException | RuntimeException e) {
                if (attempt == ATTEMPTS
                        || lockedFile(e).isEmpty()
                        || Thread.currentThread().isInterrupted()) {
                    throw e;
                }
                LockSupport.parkNanos(PAUSE_NANOS);
            }
        }
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
