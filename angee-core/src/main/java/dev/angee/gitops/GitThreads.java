package dev.angee.gitops;

import dev.angee.AngeeException;
import dev.angee.ErrorCode;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
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
    private static final long PATIENCE_SECONDS = 30;

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

    /** Something that is done, and whose end is known also after it was cancelled. */
    private static final class Task<R> extends FutureTask<R> {
        private final CountDownLatch ended = new CountDownLatch(1);

        private Task(Callable<R> work) {
            super(work);
        }

        @Override
        public void run() {
            try {
                super.run();
            } finally {
                ended.countDown();
            }
        }

        /** It was taken out of the queue, and will not run. */
        private void dropped() {
            cancel(false);
            ended.countDown();
        }
    }

    /**
     * Does the same to each, at once; the results in their order.
     *
     * @throws RuntimeException the first that was thrown, after all the others have ended
     * @throws AngeeException {@code UNAVAILABLE} if this is closed, or the caller was interrupted: then those that are at work
     *     are interrupted too, and waited for as long as {@link #PATIENCE_SECONDS}
     */
    <T, R> List<R> map(Collection<T> items, Function<T, R> work) {
        if (items.size() == 1) {
            return List.of(work.apply(items.iterator().next()));
        }
        List<Task<R>> begun = new ArrayList<>();
        try {
            for (T item : items) {
                Task<R> task = new Task<>(() -> work.apply(item));
                pool.execute(task);
                begun.add(task);
            }
            return results(begun);
        } catch (RejectedExecutionException e) {
            end(begun);
            throw closed(e);
        } catch (InterruptedException e) {
            end(begun);
            Thread.currentThread().interrupt();
            throw new AngeeException(ErrorCode.UNAVAILABLE, "interrupted while git was at work", e);
        }
    }

    private <R> void end(List<Task<R>> begun) {
        begun.forEach(each -> {
            each.cancel(true);
            if (pool.remove(each)) {
                each.dropped();
            }
        });
        JointRun.uninterrupted(() -> {
            long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
            return begun.stream().allMatch(each -> hasEnded(each, deadline));
        });
    }

    private static boolean hasEnded(Task<?> task, long deadline) {
        try {
            return task.ended.await(deadline - System.nanoTime(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // a second time: that is meant
            return false;
        }
    }

    private static <R> List<R> results(List<Task<R>> begun) throws InterruptedException {
        List<R> results = new ArrayList<>();
        Throwable failure = null;
        for (Task<R> each : begun) {
            Throwable cause;
            try {
                results.add(each.get());
                continue;
            } catch (ExecutionException e) {
                cause = e.getCause() == null ? e : e.getCause();
            } catch (CancellationException e) {
                cause = closed(e);
            }
            if (failure == null) {
                failure = cause;
            } else if (failure != cause) {
                failure.addSuppressed(cause);
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

    private static AngeeException closed(RuntimeException cause) {
        return new AngeeException(
                ErrorCode.UNAVAILABLE, "the instance was closed while git was at work; open it again", cause);
    }

    /** Interrupts what is at work, and waits for its end as long as {@link #PATIENCE_SECONDS}; what waits is not begun. */
    @Override
    public void close() {
        for (Runnable waiting : pool.shutdownNow()) {
            if (waiting instanceof Task<?> task) {
                task.dropped();
            }
        }
        try {
            boolean unused = pool.awaitTermination(PATIENCE_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
