package dev.angee.git;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.angee.AngeeException;
import dev.angee.ErrorCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(30)
class RepositoryLocksTest {
    private final RepositoryLocks locks = new RepositoryLocks(Duration.ofSeconds(20));

    @TempDir
    Path cache;

    @Test
    void one_at_a_time_also_between_instances() throws Exception {
        RepositoryLocks others = new RepositoryLocks(Duration.ofSeconds(20));
        int[] counter = {0};
        CompletableFuture<?>[] all = new CompletableFuture<?>[8];
        ExecutorService threads = Executors.newFixedThreadPool(all.length);
        for (int i = 0; i < all.length; i++) {
            RepositoryLocks mine = i % 2 == 0 ? locks : others;
            all[i] = CompletableFuture.runAsync(
                    () -> {
                        for (int n = 0; n < 100; n++) {
                            hold(mine, () -> counter[0]++);
                        }
                    },
                    threads);
        }
        CompletableFuture.allOf(all).get(20, TimeUnit.SECONDS);
        threads.shutdown();
        assertThat(counter[0]).isEqualTo(800);
    }

    @Test
    void who_waits_too_long_is_told_whom_it_waited_for() throws Exception {
        RepositoryLocks impatient = new RepositoryLocks(Duration.ofMillis(50));
        CountDownLatch held = new CountDownLatch(1);
        CountDownLatch enough = new CountDownLatch(1);
        CompletableFuture<Void> holder = CompletableFuture.runAsync(() -> hold(locks, () -> {
            held.countDown();
            await(enough);
            return 1;
        }));
        await(held);
        assertThatThrownBy(() -> impatient.shared(cache, "mine", () -> 1))
                .isInstanceOfSatisfying(
                        AngeeException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.CONFLICT))
                .hasMessageContaining("mine waited")
                .hasMessageContaining("this process: theirs");
        enough.countDown();
        holder.get(10, TimeUnit.SECONDS);
        assertThat(impatient.<Integer>shared(cache, "mine", () -> 1)).isEqualTo(1);
    }

    @Test
    void a_failure_inside_lets_the_lock_go() throws Exception {
        assertThatThrownBy(() -> locks.shared(cache, "a", () -> {
                    throw new IOException("no");
                }))
                .hasMessage("no");
        assertThat(locks.<Integer>shared(cache, "b", () -> 1)).isEqualTo(1);
    }

    @Test
    void worktrees_of_one_cache_do_not_wait_for_each_other() throws Exception {
        AdminFolder one = new AdminFolder(cache.resolve("worktrees/one"));
        AdminFolder two = new AdminFolder(cache.resolve("worktrees/two"));
        assertThat(locks.<Integer>worktree(
                        cache,
                        one,
                        "one",
                        () -> CompletableFuture.supplyAsync(() -> {
                                    try {
                                        return locks.<Integer>worktree(cache, two, "two", () -> 2);
                                    } catch (IOException e) {
                                        throw new IllegalStateException(e);
                                    }
                                })
                                .join()))
                .isEqualTo(2);
    }

    @Test
    void a_waiter_can_be_interrupted() throws Exception {
        CountDownLatch held = new CountDownLatch(1);
        CountDownLatch enough = new CountDownLatch(1);
        CompletableFuture<Void> holder = CompletableFuture.runAsync(() -> hold(locks, () -> {
            held.countDown();
            await(enough);
            return 1;
        }));
        await(held);
        CompletableFuture<Throwable> failure = new CompletableFuture<>();
        Thread waiter = new Thread(() -> {
            try {
                locks.shared(cache, "waiter", () -> 1);
            } catch (IOException | RuntimeException e) {
                failure.complete(e);
            }
        });
        waiter.start();
        waiter.interrupt();
        assertThat(failure.get(10, TimeUnit.SECONDS)).hasMessageContaining("interrupted");
        enough.countDown();
        holder.get(10, TimeUnit.SECONDS);
    }

    @Test
    void a_lock_nobody_holds_is_free_and_one_that_somebody_holds_is_not() throws Exception {
        Path file = cache.resolve("angee.lock");
        AtomicInteger runs = new AtomicInteger();
        RepositoryLocks.ifFree(file, runs::incrementAndGet);
        assertThat(runs).hasValue(1);
        locks.shared(cache, "mine", () -> {
            RepositoryLocks.ifFree(file, runs::incrementAndGet);
            return 1;
        });
        assertThat(runs).hasValue(1);
    }

    @Test
    void a_link_in_the_locks_place_is_not_followed() throws Exception {
        Path precious = Files.writeString(cache.resolve("precious"), "text");
        Files.createSymbolicLink(cache.resolve("angee.lock"), precious);
        assertThatThrownBy(() -> locks.shared(cache, "mine", () -> 1)).isInstanceOf(AngeeException.class);
        assertThat(precious).hasContent("text");
    }

    private void hold(RepositoryLocks mine, GitWork<Integer> work) {
        try {
            mine.shared(cache, "theirs", work);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void await(CountDownLatch latch) {
        try {
            assertThat(latch.await(10, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
