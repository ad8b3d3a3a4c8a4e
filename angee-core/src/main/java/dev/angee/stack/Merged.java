package dev.angee.stack;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Several streams that go on, as one, in the order in which their pieces come. Each is read by a thread of its own, which
 * waits while the reader is slow; what a stream does then is its own affair. For one reader; may be closed from any thread.
 */
final class Merged<T> implements AutoCloseable {
    /** How long a source may wait for a piece at a time. */
    static final Duration LONG = Duration.ofMinutes(10);

    private static final int ROOM = 256;

    /** Who says sooner than this that there was nothing for {@link #LONG} has come to an end, and would say so again and again. */
    private static final Duration TOO_SOON = LONG.dividedBy(2);

    /** One of the streams. */
    interface Source<T> {
        /** The next piece; empty if there was none for {@link #LONG}, or sooner if it was closed. */
        Optional<T> next() throws Exception;

        /** Ends it. */
        void close();

        static <T> Source<T> of(Callable<Optional<T>> next, Runnable close) {
            return new Source<>() {
                @Override
                public Optional<T> next() throws Exception {
                    return next.call();
                }

                @Override
                public void close() {
                    close.run();
                }
            };
        }
    }

    /** Without a value and a failure, it wakes the reader: there is nothing more to come. */
    private record Piece<T>(Optional<T> value, @Nullable RuntimeException failure) {}

    private final List<Source<T>> sources;
    private final BlockingQueue<Piece<T>> pieces = new LinkedBlockingQueue<>(ROOM);
    private final List<Thread> readers = new ArrayList<>();
    private final CountDownLatch ended;
    private volatile boolean closed;
    private volatile @Nullable RuntimeException lastFailure;

    private Merged(List<Source<T>> sources) {
        this.sources = List.copyOf(sources);
        this.ended = new CountDownLatch(this.sources.size());
    }

    /** Begins to read them all. */
    static <T> Merged<T> of(List<Source<T>> sources) {
        Merged<T> merged = new Merged<>(sources);
        for (Source<T> source : merged.sources) {
            Thread reader = new Thread(() -> merged.read(source), "angee-merged-stream");
            reader.setDaemon(true);
            merged.readers.add(reader);
        }
        merged.readers.forEach(Thread::start);
        return merged;
    }

    /**
     * The next piece of any of them.
     *
     * @return empty if none came in time, or this was closed
     * @throws RuntimeException what one of them has failed with; that one has ended then, and once all have, this is thrown
     *     again and again
     */
    Optional<T> poll(Duration timeout) throws InterruptedException {
        boolean over = ended.getCount() == 0; // before the look: what comes later has come by then
        Piece<T> piece = closed ? null : pieces.poll(over ? 0 : timeout.toNanos(), TimeUnit.NANOSECONDS);
        if (closed) {
            return Optional.empty();
        }
        if (piece == null) {
            return nothing(over, timeout);
        }
        if (piece.failure() != null) {
            throw piece.failure();
        }
        return piece.value().isPresent() ? piece.value() : nothing(true, timeout);
    }

    /** Who asks again after all have ended is told again, and where there is nothing to tell, made to wait. */
    private Optional<T> nothing(boolean over, Duration timeout) throws InterruptedException {
        RuntimeException why = lastFailure;
        if (over && why != null) {
            throw why;
        }
        Piece<T> none = over ? pieces.poll(timeout.toNanos(), TimeUnit.NANOSECONDS) : null; // till this is closed
        return none == null ? Optional.empty() : none.value();
    }

    @Override
    public void close() {
        closed = true;
        sources.forEach(Source::close);
        readers.forEach(Thread::interrupt);
        pieces.clear();
        var unused = pieces.offer(new Piece<>(Optional.empty(), null)); // wakes the reader
    }

    private void read(Source<T> source) {
        try {
            while (!closed) {
                long asked = System.nanoTime();
                Optional<T> next = source.next();
                if (next.isPresent()) {
                    pieces.put(new Piece<>(next, null));
                } else if (System.nanoTime() - asked < TOO_SOON.toNanos()) {
                    return; // closed underneath
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // closed
        } catch (RuntimeException e) {
            fail(e);
        } catch (Exception e) {
            fail(new IllegalStateException(e));
        } finally {
            ended.countDown();
            if (ended.getCount()
                    == 0) { // whoever asked just before waits for a piece; if there is no room, nobody waits
                var unused = pieces.offer(new Piece<>(Optional.empty(), null));
            }
        }
    }

    private void fail(RuntimeException failure) {
        lastFailure = failure;
        try {
            pieces.put(new Piece<>(Optional.empty(), failure));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // closed
        }
    }
}
