package dev.angee.runtime;

import java.util.Optional;

/**
 * Log lines, pulled one by one. Buffers are bounded: a reader that stops reading costs nothing but its place,
 * and misses nothing that the runtime still keeps when it goes on.
 *
 * <p>While a runtime is away, a stream that follows waits for it, and then goes on with the line after the last one. One
 * that stays away for more than a minute is lost.
 *
 * <p>For one reader at a time; {@link #close} may come from any thread.
 */
public interface LogStream extends AutoCloseable {
    /**
     * The next line, waiting for it if the query follows.
     *
     * @return empty once the stream has ended or was closed, also by another thread while this call waits
     * @throws dev.angee.AngeeException {@code UNAVAILABLE} if the runtime is lost, or the backend was closed; open a new
     *     stream
     * @throws InterruptedException if the waiting thread is interrupted
     */
    Optional<LogLine> next() throws InterruptedException;

    /** Ends the stream and a waiting {@link #next}; safe to call twice. */
    @Override
    void close();
}
