package dev.angee.runtime;

import dev.angee.AngeeException;
import dev.angee.ErrorCode;

/** A service could not be started because somebody else has a port of this host that it publishes. */
public final class PortTakenException extends AngeeException {
    private static final long serialVersionUID = 1L;

    private final int port;

    /**
     * Says which port.
     *
     * @param port the port on the host
     * @param message who wanted it, and what the runtime said
     */
    public PortTakenException(int port, String message) {
        super(ErrorCode.FAILED, message);
        this.port = port;
    }

    /** The port on the host. */
    public int port() {
        return port;
    }
}
