package dev.angee.plan;

import java.util.Locale;

/**
 * A port of a container, made reachable on the host.
 *
 * @param address the host address to bind, for example {@code 127.0.0.1} or {@code ::1}
 * @param hostPort the port on the host, 1 to 65535; 0 lets the engine choose
 * @param targetPort the port inside the container, 1 to 65535
 * @param protocol the transport
 */
public record PublishedPort(String address, int hostPort, int targetPort, Protocol protocol) {

    /** A transport protocol. */
    public enum Protocol {
        /** A stream. */
        TCP,
        /** Datagrams. */
        UDP;

        /** The lower-case word Compose uses. */
        public String id() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** The short text form: {@code address:hostPort:targetPort/protocol}. */
    @Override
    public String toString() {
        return (address.contains(":") ? "[" + address + "]" : address) + ":" + hostPort + ":" + targetPort + "/"
                + protocol.id();
    }
}
