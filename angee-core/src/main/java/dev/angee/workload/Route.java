package dev.angee.workload;

import java.util.Optional;

/**
 * How the edge makes a service reachable from outside.
 *
 * @param port the port inside the container, 1 to 65535
 * @param host the host name it answers to, where the edge routes by host
 * @param path the path it answers below, where the edge routes by path
 * @param auth who is let through
 */
public record Route(int port, Optional<String> host, Optional<String> path, Auth auth) {
    /** Who is let through to a routed service. */
    public enum Auth {
        /** Whoever the operator's check lets through. */
        FORWARD,
        /** Everybody. */
        NONE
    }
}
