package dev.angee.gitops;

import dev.angee.AngeeException;
import dev.angee.ErrorCode;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/** A bounded number of threads that end when they are idle. Work that is given to them does not give them more. */
final class GitThreads implements AutoCloseable {
    private static final int FEWEST = 2;
    private static final int MOST = 16;
    private static final long IDLE_SECONDS = 10;

    private final ThreadPoolExecutor pool;

    GitThreads() {
        int threads = Math.min(MOST, Math.max(FEWEST, Runtime.getRuntime().availableProcessors()));
        pool = new ThreadPoolExecutor(
                threads, threads, IDLE_SECONDS, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), work -> {
                    Thread thread = new Thread(work, "angee-gitops");
                    thread.setDaemon(true);
                    return thread;
                });
        pool.allowCoreThreadTimeOut(true);
    }

    /**
     * Does the same to each, at once; the results in their order.
     *
     * @throws RuntimeException the first that was thrown, after all the others have ended
     */
    <T, R> List<R> map(Collection<T> items, Function<T, R> work) {
        if (items.size() == 1) {
            return List.of(work.apply(items.iterator().next()));
        }
        List<Future<R>> begun = new ArrayList<>();
        try {
            for (T item : items) {
                begun.add(pool.submit(() -> work.apply(item)));
            }
            return results(begun);
        } catch (RejectedExecutionException e) {
            begun.forEach(each -> each.cancel(true));
            throw new IllegalStateException("the instance was closed", e);
        } catch (InterruptedException e) {
            begun.forEach(each -> each.cancel(true));
            Thread.currentThread().interrupt();
            throw new AngeeException(ErrorCode.UNAVAILABLE, "interrupted while git was at work", e);
        }
    }

    private static <R> List<R> results(List<Future<R>> begun) throws InterruptedException {
        List<R> results = new ArrayList<>();
        Throwable failure = null;
        for (Future<R> each : begun) {
            try {
                results.add(each.get());
            } catch (ExecutionException e) {
                Throwable cause = e.getCause() == null ? e : e.getCause();
                if (failure == null) {
                    failure = cause;
                } else if (failure != cause) {
                    failure.addSuppressed(cause);
                }
            }
        }
        if (failure instanceof RuntimeException unchecked) {
            throw unchecked;
        }
        if (failure != null) {
            throw new IllegalStateException(failure);
        }
        return results;
    }

    /** Interrupts what is at work. */
    @Override
    public void close() {
        pool.shutdownNow();
    }
}
