package dev.angee.compose;

import dev.angee.internal.FileLocks;
import java.nio.file.Path;
import java.time.Duration;

/**
 * Lets one change of a stack happen at a time, in this JVM and in others: two {@code docker compose up} of one project
 * make two networks of one name (seen with 2.26).
 */
final class ProjectLock {
    private final Path file;

    ProjectLock(ComposeProject project) {
        this.file = fileIn(project.root());
    }

    /** Where the lock of the project of a root is, if anybody has ever changed that. */
    static Path fileIn(Path root) {
        return root.resolve("run").resolve("compose.lock");
    }

    /**
     * Waits for its turn.
     *
     * @param purpose what the holder is going to do, for those who wait
     * @throws dev.angee.ConflictException if it has not come at the deadline; says who holds it
     */
    FileLocks.Held take(String purpose, Deadline deadline) throws InterruptedException {
        return FileLocks.await(file, purpose, Duration.ofNanos(Math.max(0, deadline.nanosLeft())));
    }
}
