package dev.angee.process;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/** Starts many processes at the same time: to start one is mostly waiting for the kernel and the disk. */
final class Starts {
    private static final int THREADS = 4;

    private Starts() {}

    /**
     * Does them all, whatever becomes of the others, and returns what came of them, in their order.
     *
     * @throws RuntimeException the first failure, with the others suppressed
     */
    static <T> List<T> all(List<Supplier<T>> starts) throws InterruptedException {
        if (starts.size() == 1) {
            return List.of(starts.get(0).get());
        }
        ExecutorService workers = Executors.newFixedThreadPool(
                Math.min(THREADS, Math.max(1, starts.size())), work -> Probes.daemon(work, "angee-process-start"));
        try {
            List<Callable<T>> calls = new ArrayList<>();
            starts.forEach(start -> calls.add(start::get));
            return results(workers.invokeAll(calls));
        } finally {
            workers.shutdownNow();
            awaitEnd(workers);
        }
    }

    /** Also when this was interrupted: nothing must be started any more once the caller has let go of its locks. */
    private static void awaitEnd(ExecutorService workers) {
        boolean interrupted = Thread.interrupted();
        boolean ended = false;
        while (!ended) {
            try {
                ended = workers.awaitTermination(1, TimeUnit.MINUTES);
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private static <T> List<T> results(List<Future<T>> futures) throws InterruptedException {
        List<T> results = new ArrayList<>();
        RuntimeException failure = null;
        for (Future<T> future : futures) {
            try {
                results.add(future.get());
            } catch (ExecutionException e) {
                RuntimeException cause =
                        e.getCause() instanceof RuntimeException known ? known : new IllegalStateException(e);
                if (failure == null) {
                    failure = cause;
                } else {
                    failure.addSuppressed(cause);
                }
            }
        }
        if (failure != null) {
            throw failure;
        }
        return results;
    }
}
