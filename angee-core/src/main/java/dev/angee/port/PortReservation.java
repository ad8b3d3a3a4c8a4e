package dev.angee.port;

import java.nio.file.Path;

/**
 * A port that a root has fixed, so that no pool of any root gives it to anybody.
 *
 * @param port the port
 * @param root the root that has fixed it
 * @param name what fixes it there, for example {@code ports.web}
 */
public record PortReservation(int port, Path root, String name) {
    /** Refuses what is no port. */
    public PortReservation {
        PortPool.requirePort(port);
    }
}
