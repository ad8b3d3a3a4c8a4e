package dev.angee.compose;

import dev.angee.AngeeException;
import dev.angee.ErrorCode;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** A step that a worker does, so that its caller can look around meanwhile, and give it up. For one caller. */
final class Aside<R> {
    /** A program that is asked to end is killed after two seconds, and what it has written waited for as long. */
    private static final Duration LONGEST_END = Duration.ofSeconds(20);

    private final CountDownLatch begun = new CountDownLatch(1);
    private final CompletableFuture<R> outcome = new CompletableFuture<>();
    private final Future<?> worker;

    Aside(ExecutorService workers, Uninterrupted.Step<R> step) {
        this.worker = workers.submit(() -> {
            begun.countDown();
            try {
                outcome.complete(step.run());
            } catch (InterruptedException | RuntimeException | Error e) {
                outcome.completeExceptionally(e);
            }
        });
    }

    /** What came of it, once it is done; its failure is thrown. */
    Optional<R> result(Duration patience) throws InterruptedException {
        try {
            return Optional.of(outcome.get(patience.toNanos(), TimeUnit.NANOSECONDS));
        } catch (TimeoutException e) {
            return Optional.empty();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof AngeeException known) {
                throw known;
            }
            if (e.getCause() instanceof InterruptedException) {
                throw new AngeeException(ErrorCode.UNAVAILABLE, "the container backend was closed meanwhile", e);
            }
            throw new IllegalStateException(e.getCause());
        }
    }

    /** Gives it up, and does not wait for that: for what can be left half done. */
    void stop() {
        worker.cancel(true);
    }

    /** Gives it up, and returns when it does nothing any more. */
    void giveUp() throws InterruptedException {
        if (begun.await(LONGEST_END.toNanos(), TimeUnit.NANOSECONDS)) {
            worker.cancel(true);
        }
        try {
            R unused = outcome.get(LONGEST_END.toNanos(), TimeUnit.NANOSECONDS);
        } catch (ExecutionException e) {
            return; // it ended by being given up
        } catch (TimeoutException e) {
            throw new AngeeException(ErrorCode.FAILED, "what was given up goes on: docker compose cannot be ended", e);
        }
    }
}
