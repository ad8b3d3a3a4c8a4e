package dev.angee.runtime;

import java.io.InputStream;
import java.io.OutputStream;
import java.time.Duration;
import java.util.OptionalInt;

/**
 * A program that runs inside a service, with its three streams. What it writes and nobody reads makes it wait, as a full
 * pipe does. The streams may be used by one thread each; an interrupt of one of them ends the session.
 */
public interface ExecSession extends AutoCloseable {
    /** What it reads. Closing this is the end of its input; on a terminal, send it the end-of-file character instead. */
    OutputStream input();

    /** What it writes; on a terminal, its errors too. Ends when the program has, and whatever inherited its output. */
    InputStream output();

    /** What it writes to its standard error; nothing on a terminal. */
    InputStream errors();

    /**
     * Tells the terminal of another size.
     *
     * @throws dev.angee.AngeeException {@code CONFLICT} if it has no terminal, or the program has ended
     */
    void resize(TerminalSize size) throws InterruptedException;

    /**
     * Waits until the program has ended.
     *
     * @param timeout how long to wait
     * @return its exit code, 128 + n after signal n; empty if it has not ended in that time. 127 if there is no such
     *     program, 126 if it may not be executed
     * @throws dev.angee.AngeeException {@code UNAVAILABLE} if the runtime was lost
     */
    OptionalInt await(Duration timeout) throws InterruptedException;

    /**
     * Lets go of the program: its input ends, and its terminal hangs up, which ends what does not resist it. Nothing can
     * make it end but the end of the service. Safe to call twice, from any thread.
     */
    @Override
    void close();
}
