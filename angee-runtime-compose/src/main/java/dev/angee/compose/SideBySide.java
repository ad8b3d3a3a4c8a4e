package dev.angee.compose;

import dev.angee.AngeeException;
import dev.angee.ErrorCode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Asks one question about each of many, a few at a time. Who asks takes part, and so always gets on; the few who help
 * are shared by all who ask, so that a hundred who ask at once do not make eight hundred. Thread-safe.
 */
final class SideBySide {
    /** How many are asked about at the same time for one who asks alone. */
    static final int MOST = 8;

    private final ExecutorService workers;
    private final Semaphore helpers = new Semaphore(MOST - 1);

    SideBySide(ExecutorService workers) {
        this.workers = workers;
    }

    /**
     * What is asked about one.
     *
     * @param <T> what it is asked about
     * @param <R> the answer, never null
     */
    interface Question<T, R> {
        R about(T one) throws InterruptedException;
    }

    /**
     * The answers, in the order of those that were asked about. What a question throws is thrown here, and then
     * nothing further is asked.
     *
     * @throws InterruptedException if interrupted; whoever helps is interrupted too
     */
    <T, R> List<R> ask(List<T> all, Question<T, R> question) throws InterruptedException {
        Map<Integer, R> answers = new ConcurrentSkipListMap<>();
        AtomicInteger next = new AtomicInteger();
        Callable<Void> part = () -> {
            answer(all, question, next, answers);
            return null;
        };
        List<Future<Void>> help = new ArrayList<>();
        int taken = 0;
        try {
            while (taken + 1 < all.size() && helpers.tryAcquire()) {
                taken++;
                help.add(workers.submit(part));
            }
            answer(all, question, next, answers);
            for (Future<Void> each : help) {
                each.get();
            }
        } catch (ExecutionException e) {
            throw failure(e.getCause());
        } finally {
            help.forEach(each -> each.cancel(true));
            helpers.release(taken);
        }
        return List.copyOf(answers.values());
    }

    private static <T, R> void answer(List<T> all, Question<T, R> question, AtomicInteger next, Map<Integer, R> answers)
            throws InterruptedException {
        try {
            for (int i = next.getAndIncrement(); i < all.size(); i = next.getAndIncrement()) {
                answers.put(i, question.about(all.get(i)));
            }
        } catch (InterruptedException | RuntimeException e) {
            next.set(all.size());
            throw e;
        }
    }

    private static RuntimeException failure(@Nullable Throwable cause) {
        if (cause instanceof RuntimeException own) {
            return own;
        }
        return cause instanceof InterruptedException
                ? new AngeeException(ErrorCode.UNAVAILABLE, "the container backend was closed meanwhile", cause)
                : new IllegalStateException(cause);
    }
}
