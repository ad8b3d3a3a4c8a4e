package dev.angee.port;

/**
 * What came of using a leased port: it works, or it turned out that somebody else listens there. Any other failure is an
 * exception.
 *
 * @param <T> what is had once the port works, for example a server
 */
public sealed interface PortAttempt<T> {
    /**
     * The port is in use by whoever leased it.
     *
     * @param <T> what is had now
     * @param value what is had now
     */
    record Bound<T>(T value) implements PortAttempt<T> {}

    /**
     * Somebody else was faster: another port is wanted.
     *
     * @param <T> what would have been had
     * @param reason what was seen, for people
     */
    record Taken<T>(String reason) implements PortAttempt<T> {}
}
