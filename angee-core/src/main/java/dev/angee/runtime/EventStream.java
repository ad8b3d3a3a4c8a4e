package dev.angee.runtime;

import java.time.Duration;
import java.util.Optional;

/**
 * Changes, as they happen, from the moment the stream was opened. A slow reader may miss the oldest events, never the
 * newest; so read {@link Backend#status()} for the truth and use events only to know when to look.
 *
 * <p>A runtime that is away for a while is waited for: what it can still tell afterwards is told then, once, and what
 * has changed in between without a word is told as far as it can be seen. One that stays away for more than a minute is
 * lost.
 *
 * <p>For one reader at a time; {@link #close} may come from any thread.
 */
public interface EventStream extends AutoCloseable {
    /**
     * The next event.
     *
     * @param timeout how long to wait for it
     * @return empty if none came in time, or the stream was closed
     * @throws dev.angee.AngeeException {@code UNAVAILABLE} if the runtime is lost, or the backend was closed; open a new
     *     stream
     * @throws InterruptedException if the waiting thread is interrupted
     */
    Optional<RuntimeEvent> poll(Duration timeout) throws InterruptedException;

    /** Ends the stream and a waiting {@link #poll}; safe to call twice. */
    @Override
    void close();
}
