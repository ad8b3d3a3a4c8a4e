package dev.angee.port;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.angee.AngeeException;
import dev.angee.ConflictException;
import dev.angee.ErrorCode;
import dev.angee.internal.FileLocks;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Changes of many threads, made together and failing apart. */
@Timeout(60)
class LedgerUpdatesTest extends LedgerFixture {
    private static final int THREADS = 8;

    private final ExecutorService threads = Executors.newCachedThreadPool();

    @AfterEach
    void endThreads() {
        threads.shutdownNow();
    }

    @Test
    void changes_that_wait_for_each_other_are_written_once_and_each_fails_or_succeeds_on_its_own() throws Exception {
        LedgerUpdates updates = updates(Duration.ofSeconds(30));
        ConcurrentHashMap<PortBook, Integer> books = new ConcurrentHashMap<>();
        List<Future<PortLease>> results = new ArrayList<>();
        try (FileLocks.Held held = lock()) {
            for (int i = 0; i < THREADS; i++) {
                int number = i;
                results.add(threads.submit(() -> updates.make("n" + number, book -> {
                    books.merge(book, 1, Integer::sum);
                    if (number % 2 == 1) {
                        throw new AngeeException(ErrorCode.INVALID, "odd " + number);
                    }
                    return lease(book, number);
                })));
            }
            awaitWaiting(updates, THREADS);
            held.check();
        }
        for (int i = 0; i < THREADS; i++) {
            Future<PortLease> result = results.get(i);
            if (i % 2 == 1) {
                assertThatThrownBy(result::get).hasRootCauseMessage("odd " + i);
            } else {
                PortLease lease = result.get();
                assertThat(ledger().all()).contains(lease);
            }
        }
        assertThat(ledger().all()).hasSize(THREADS / 2);
        assertThat(books.values()).as("one reading of the file for all").containsExactly(THREADS);
        assertThat(updates.waiting()).isZero();
    }

    @Test
    void who_waits_too_long_is_told_who_has_the_lock_and_nothing_of_it_is_done_later() throws Exception {
        LedgerUpdates updates = updates(Duration.ofMillis(200));
        try (FileLocks.Held held = lock()) {
            List<Future<PortLease>> results = new ArrayList<>();
            for (int i = 0; i < THREADS; i++) {
                int number = i;
                results.add(threads.submit(() -> updates.make("n" + number, book -> lease(book, number))));
            }
            for (Future<PortLease> each : results) {
                assertThatThrownBy(each::get)
                        .isInstanceOf(ExecutionException.class)
                        .cause()
                        .isInstanceOf(ConflictException.class)
                        .hasMessageContaining("ports.lock");
            }
            held.check();
        }
        assertThat(updates.make("last", book -> lease(book, 99)).port()).isEqualTo(8199);
        assertThat(ledger().all()).hasSize(1);
        assertThat(updates.waiting()).isZero();
    }

    @Test
    void an_interrupted_wait_fails_stays_interrupted_and_changes_nothing() throws Exception {
        LedgerUpdates updates = updates(Duration.ofSeconds(30));
        for (int before = 0; before < 2; before++) { // who waits for the file's lock, then who waits for that one
            AtomicReference<Thread> last = new AtomicReference<>();
            List<Future<String>> first = new ArrayList<>();
            try (FileLocks.Held held = lock()) {
                if (before == 1) {
                    first.add(threads.submit(() -> updates.make("first", book -> "made")));
                }
                awaitWaiting(updates, before);
                Future<Boolean> interrupted = threads.submit(() -> {
                    last.set(Thread.currentThread());
                    try {
                        updates.make("second", book -> lease(book, 1));
                        return false;
                    } catch (AngeeException e) {
                        return e.code() == ErrorCode.UNAVAILABLE && Thread.interrupted();
                    }
                });
                awaitWaiting(updates, before + 1);
                last.get().interrupt();
                assertThat(interrupted.get(20, TimeUnit.SECONDS)).isTrue();
                held.check();
            }
            for (Future<String> each : first) {
                assertThat(each.get(20, TimeUnit.SECONDS)).isEqualTo("made");
            }
        }
        assertThat(ledger().all()).isEmpty();
        assertThat(updates.waiting()).isZero();
    }

    @Test
    void a_file_that_cannot_be_read_fails_each_change_by_itself() throws Exception {
        write("{");
        LedgerUpdates updates = updates(Duration.ofSeconds(30));
        List<Future<PortLease>> results = new ArrayList<>();
        try (FileLocks.Held held = lock()) {
            for (int i = 0; i < THREADS; i++) {
                int number = i;
                results.add(threads.submit(() -> updates.make("n" + number, book -> lease(book, number))));
            }
            awaitWaiting(updates, THREADS);
            held.check();
        }
        for (Future<PortLease> each : results) {
            assertThatThrownBy(each::get).hasMessageContaining("damaged");
        }
        assertThat(file()).hasContent("{");
    }

    @Test
    void a_change_that_is_given_back_is_made_anew_and_one_that_is_cancelled_never() {
        PendingUpdate<String> update = new PendingUpdate<>(book -> "made");
        assertThat(update.claim()).isTrue();
        assertThat(update.claim()).isFalse();
        assertThat(update.cancel()).isFalse();
        update.tryOn(new PortBook());
        update.giveBack();
        assertThat(update.isDone()).isFalse();
        assertThatThrownBy(update::result).isInstanceOf(IllegalStateException.class);
        assertThat(update.claim()).isTrue();
        update.tryOn(new PortBook());
        update.finish();
        update.giveBack();
        assertThat(update.result()).isEqualTo("made");
        PendingUpdate<String> cancelled = new PendingUpdate<>(book -> "made");
        assertThat(cancelled.cancel()).isTrue();
        assertThat(cancelled.claim()).isFalse();
    }

    private PortLease lease(PortBook book, int number) {
        PortLease lease = new PortLease(new UUID(0, number), 8100 + number, one, web("n" + number), NOW);
        book.add(lease);
        return lease;
    }

    private static void awaitWaiting(LedgerUpdates updates, int threads) {
        await().atMost(Duration.ofSeconds(20)).until(() -> updates.waiting() == threads);
    }

    private LedgerUpdates updates(Duration patience) {
        return new LedgerUpdates(lockFile(), new LedgerFile(file()), patience);
    }

    private FileLocks.Held lock() {
        return FileLocks.take(lockFile(), "a test", Duration.ofSeconds(10));
    }

    private Path lockFile() {
        return file().resolveSibling("ports.lock");
    }
}
