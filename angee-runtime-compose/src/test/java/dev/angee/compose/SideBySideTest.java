package dev.angee.compose;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.angee.AngeeException;
import dev.angee.ErrorCode;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class SideBySideTest {
    private final ExecutorService workers = Executors.newCachedThreadPool();
    private final SideBySide sideBySide = new SideBySide(workers);

    @AfterEach
    void end() throws InterruptedException {
        workers.shutdownNow();
        assertThat(workers.awaitTermination(10, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void answers_keep_the_order_of_the_questions_whoever_answers_first() throws Exception {
        Random random = new Random(7);
        for (int round = 0; round < 200; round++) {
            List<Integer> all =
                    IntStream.range(0, 2 + random.nextInt(50)).boxed().toList();
            CountDownLatch others = new CountDownLatch(all.size() - 1);
            List<Integer> answers = sideBySide.ask(all, i -> {
                if (i == 0) {
                    others.await();
                } else {
                    others.countDown();
                }
                return -i;
            });
            assertThat(answers).isEqualTo(all.stream().map(i -> -i).toList());
        }
        assertThat(sideBySide.ask(List.of(), i -> i)).isEmpty();
    }

    @Test
    void eight_are_asked_about_at_once_and_never_more() throws Exception {
        CountDownLatch eight = new CountDownLatch(SideBySide.MOST);
        AtomicInteger now = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        sideBySide.ask(IntStream.range(0, 100).boxed().toList(), i -> {
            most.accumulateAndGet(now.incrementAndGet(), Math::max);
            eight.countDown();
            eight.await();
            now.decrementAndGet();
            return i;
        });
        assertThat(most).hasValue(SideBySide.MOST);
    }

    @Test
    void who_finds_all_helpers_busy_goes_on_alone_and_finds_them_free_again_later() throws Exception {
        CountDownLatch busy = new CountDownLatch(SideBySide.MOST);
        CountDownLatch go = new CountDownLatch(1);
        List<Integer> eight = IntStream.range(0, SideBySide.MOST).boxed().toList();
        Future<List<Integer>> first = workers.submit(() -> sideBySide.ask(eight, i -> {
            busy.countDown();
            go.await();
            return i;
        }));
        busy.await();
        Thread me = Thread.currentThread();
        assertThat(sideBySide.ask(eight, i -> Thread.currentThread())).allMatch(me::equals);
        go.countDown();
        assertThat(first.get()).isEqualTo(eight);
        eight_are_asked_about_at_once_and_never_more();
    }

    @Test
    void a_failure_is_thrown_as_it_was_and_ends_the_asking_and_gives_the_helpers_back() throws Exception {
        AngeeException failure = new AngeeException(ErrorCode.FAILED, "no");
        List<Integer> all = IntStream.range(0, 100_000).boxed().toList();
        Thread me = Thread.currentThread();
        for (int round = 0; round < 20; round++) {
            AtomicInteger asked = new AtomicInteger();
            CountDownLatch failed = new CountDownLatch(1);
            assertThatThrownBy(() -> sideBySide.ask(all, i -> {
                        asked.incrementAndGet();
                        if (Thread.currentThread() != me) {
                            failed.countDown();
                            throw failure;
                        }
                        failed.await();
                        return i;
                    }))
                    .isSameAs(failure);
            assertThat(asked.get()).isLessThan(all.size() / 2);
        }
        eight_are_asked_about_at_once_and_never_more();
    }

    @Test
    void an_interrupt_reaches_those_who_help_and_gives_them_back() throws Exception {
        CountDownLatch busy = new CountDownLatch(SideBySide.MOST);
        CountDownLatch interrupted = new CountDownLatch(SideBySide.MOST);
        Future<List<Integer>> asking = workers.submit(() ->
                sideBySide.ask(IntStream.range(0, 100).boxed().toList(), i -> {
                    busy.countDown();
                    try {
                        new CountDownLatch(1).await();
                    } catch (InterruptedException e) {
                        interrupted.countDown();
                        throw e;
                    }
                    return i;
                }));
        busy.await();
        asking.cancel(true);
        interrupted.await();
        // The one who asked gives them back a moment later.
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
        for (boolean free = false; !free; ) {
            assertThat(System.nanoTime()).isLessThan(end);
            AtomicInteger others = new AtomicInteger();
            Thread me = Thread.currentThread();
            sideBySide.ask(IntStream.range(0, 100).boxed().toList(), i -> {
                others.addAndGet(Thread.currentThread() == me ? 0 : 1);
                return i;
            });
            free = others.get() > 0;
        }
        eight_are_asked_about_at_once_and_never_more();
    }
}
