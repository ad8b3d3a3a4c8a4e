package dev.angee.port;

import dev.angee.AngeeException;
import dev.angee.ConflictException;
import dev.angee.ErrorCode;
import dev.angee.internal.FileLocks;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/**
 * Changes of one ledger's file, under the lock that JVMs share. Threads that wait for each other have their changes made
 * together, by the first of them: the file is read, written and forced to disk once for all. Each change still fails or
 * succeeds on its own, and none returns before it is durable. Thread-safe.
 */
final class LedgerUpdates {
    /** Longer than other JVMs wait between two looks at the lock. */
    private static final Duration COURTESY = Duration.ofMillis(12);

    private final Path lock;
    private final LedgerFile file;
    private final Duration patience;
    private final Queue<PendingUpdate<?>> waiting = new ConcurrentLinkedQueue<>();
    private final Semaphore turn = new Semaphore(1, true);

    /** Whether another JVM had the lock at the last turn; for the one whose turn it is. */
    private boolean contended;

    /**
     * Changes of a file.
     *
     * @param patience how long one change waits for its turn
     */
    LedgerUpdates(Path lock, LedgerFile file, Duration patience) {
        this.lock = lock;
        this.file = file;
        this.patience = patience;
    }

    /**
     * Makes one change.
     *
     * @param purpose shown to others who wait meanwhile
     * @param change made on what the file says now; it checks all it needs before it changes anything
     */
    <T> T make(String purpose, Function<PortBook, T> change) {
        long deadline = System.nanoTime() + patience.toNanos();
        PendingUpdate<T> mine = new PendingUpdate<>(change);
        waiting.add(mine);
        try {
            if (!turn.tryAcquire(patience.toNanos(), TimeUnit.NANOSECONDS)) {
                if (mine.cancel()) {
                    throw new ConflictException(
                            "lock", lock.toString(), "other threads of this process still wait for it; try again");
                }
                turn.acquire(); // it is being made right now
            }
            try {
                if (!mine.isDone()) {
                    lead(purpose, deadline);
                }
            } finally {
                turn.release();
            }
            return mine.result();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AngeeException(ErrorCode.UNAVAILABLE, "interrupted while waiting for the lock " + lock, e);
        } finally {
            mine.cancel();
            waiting.remove(mine);
        }
    }

    /** How many wait now. */
    int waiting() {
        return waiting.size();
    }

    /** Makes the changes of all who wait; if the file cannot be read or written, they are left to wait. */
    private void lead(String purpose, long deadline) throws InterruptedException {
        List<PendingUpdate<?>> batch = new ArrayList<>();
        try (FileLocks.Held held = take(purpose, deadline)) {
            waiting.stream().filter(PendingUpdate::claim).forEach(batch::add);
            PortBook book = file.read();
            batch.forEach(each -> each.tryOn(book));
            held.check();
            if (book.changed()) {
                file.write(book);
            }
            batch.forEach(PendingUpdate::finish);
        } finally {
            batch.forEach(PendingUpdate::giveBack);
        }
    }

    /**
     * The threads of one JVM pass the lock on within microseconds, while other JVMs look for it now and then: they would
     * hardly ever find it free. So a JVM that has met another one leaves it free for a moment after each turn.
     */
    private FileLocks.Held take(String purpose, long deadline) throws InterruptedException {
        if (contended) {
            TimeUnit.NANOSECONDS.sleep(COURTESY.toNanos());
        }
        var free = FileLocks.tryTake(lock, purpose);
        contended = free.isEmpty();
        if (free.isPresent()) {
            return free.get();
        }
        return FileLocks.await(lock, purpose, Duration.ofNanos(Math.max(0, deadline - System.nanoTime())));
    }
}
