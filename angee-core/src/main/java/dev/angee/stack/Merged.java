package dev.angee.stack;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Callable;
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

    /** One of the streams. */
    interface Source<T> {
        /** The next piece; empty if there was none in time, or it was closed. */
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

    private record Piece<T>(Optional<T> value, @Nullable RuntimeException failure) {}

    private final List<Source<T>> sources;
    private final BlockingQueue<Piece<T>> pieces = new LinkedBlockingQueue<>(ROOM);
    private final List<Thread> readers = new ArrayList<>();
    private volatile boolean closed;

    private Merged(List<Source<T>> sources) {
        this.sources = List.copyOf(sources);
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
     * @throws RuntimeException what one of them has failed with
     */
    Optional<T> poll(Duration timeout) throws InterruptedException {
        Piece<T> piece = closed ? null : pieces.poll(timeout.toNanos(), TimeUnit.NANOSECONDS);
        if (piece == null || closed) {
            return Optional.empty();
        }
        if (piece.failure() != null) {
            throw piece.failure();
        }
        return piece.value();
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
                Optional<T> next = source.next();
                if (next.isPresent()) {
                    pieces.put(new Piece<>(next, null));
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // closed
        } catch (RuntimeException e) {
            fail(e);
        } catch (Exception e) {
            fail(new IllegalStateException(e));
        }
    }

    private void fail(RuntimeException failure) {
        try {
            pieces.put(new Piece<>(Optional.empty(), failure));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // closed
        }
    }
}
