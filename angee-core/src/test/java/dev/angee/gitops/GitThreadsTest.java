package dev.angee.gitops;

import static org.assertj.core.api.Assertions.assertThat;

import dev.angee.AngeeException;
import dev.angee.ErrorCode;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(value = 1, unit = TimeUnit.MINUTES)
class GitThreadsTest {
    private static final List<Integer> MANY = IntStream.range(0, 60).boxed().toList();

    private final CountDownLatch atWork = new CountDownLatch(1);
    private final AtomicInteger running = new AtomicInteger();

    /** Works until it is interrupted, and then some time to clean up. */
    private int forLong(int item) {
        running.incrementAndGet();
        atWork.countDown();
        try {
            new CountDownLatch(1).await();
        } catch (InterruptedException e) {
            long until = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(50);
            while (System.nanoTime() < until) {
                Thread.onSpinWait();
            }
            throw new IllegalStateException("interrupted", e);
        } finally {
            running.decrementAndGet();
        }
        return item;
    }

    private Thread calling(GitThreads threads, CompletableFuture<Throwable> ended, Function<Integer, Integer> work) {
        Thread caller = new Thread(() -> {
            try {
                threads.map(MANY, work);
                ended.complete(new AssertionError("it came back"));
            } catch (RuntimeException e) {
                ended.complete(e);
            }
        });
        caller.start();
        return caller;
    }

    @Test
    void closing_leaves_nobody_waiting_for_what_was_never_begun() throws Exception {
        GitThreads threads = new GitThreads();
        CompletableFuture<Throwable> ended = new CompletableFuture<>();
        Thread caller = calling(threads, ended, this::forLong);
        atWork.await();
        while (caller.getState() != Thread.State.WAITING) { // until it has given all of it, and waits
            Thread.onSpinWait();
        }
        threads.close();
        assertThat(running).as("what was at work has ended").hasValue(0);
        Throwable failure = ended.get(20, TimeUnit.SECONDS);
        assertThat(failure.getSuppressed())
                .anySatisfy(e -> assertThat(e).isInstanceOfSatisfying(AngeeException.class, closed -> {
                    assertThat(closed.code()).isEqualTo(ErrorCode.UNAVAILABLE);
                    assertThat(closed).hasMessageContaining("was closed");
                }));
    }

    @Test
    void an_interrupt_waits_for_what_is_at_work_and_begins_nothing_more() throws Exception {
        try (GitThreads threads = new GitThreads()) {
            CompletableFuture<Throwable> ended = new CompletableFuture<>();
            AtomicInteger begun = new AtomicInteger();
            Thread caller = calling(threads, ended, item -> {
                begun.incrementAndGet();
                return forLong(item);
            });
            atWork.await();
            caller.interrupt();
            Throwable failure = ended.get(20, TimeUnit.SECONDS);
            assertThat(running)
                    .as("nothing is at work behind the caller's back")
                    .hasValue(0);
            assertThat(begun.get()).isLessThan(MANY.size());
            assertThat(failure)
                    .isInstanceOfSatisfying(
                            AngeeException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.UNAVAILABLE));
            assertThat(threads.map(List.of(1, 2), item -> item))
                    .as("others go on")
                    .containsExactly(1, 2);
        }
    }
}
