package dev.angee.runtime;

import java.time.Duration;
import java.util.Optional;

/**
 * What services use, about once a second for each that runs, also for those that are started later. A slow reader gets
 * the newest of each service.
 *
 * <p>For one reader at a time; {@link #close} may come from any thread.
 */
public interface UsageStream extends AutoCloseable {
    /**
     * The next sample.
     *
     * @param timeout how long to wait for it
     * @return empty if none came in time, or the stream was closed
     * @throws dev.angee.AngeeException {@code UNAVAILABLE} if the runtime is lost, or the backend was closed; open a new
     *     stream
     * @throws InterruptedException if the waiting thread is interrupted
     */
    Optional<Usage> poll(Duration timeout) throws InterruptedException;

    /** Ends the stream and a waiting {@link #poll}; safe to call twice. */
    @Override
    void close();
}
