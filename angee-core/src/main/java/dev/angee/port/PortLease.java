package dev.angee.port;

import static java.util.Objects.requireNonNull;

import java.nio.file.Path;
import java.time.Instant;
import java.util.UUID;

/**
 * A port that belongs to somebody until it is released.
 *
 * @param id tells this lease from every other, past and to come: who leases the same port again gets another id
 * @param port the port
 * @param root the root it is leased for, absolute
 * @param owner who has it
 * @param since when it was leased
 */
public record PortLease(UUID id, int port, Path root, PortOwner owner, Instant since) {
    /** Refuses what is no port, and a relative root. */
    public PortLease {
        requireNonNull(id);
        requireNonNull(owner);
        requireNonNull(since);
        PortPool.requirePort(port);
        if (!root.isAbsolute()) {
            throw new IllegalArgumentException("a root is absolute: " + root);
        }
    }

    /** The pool it was leased from. */
    public String pool() {
        return owner.pool();
    }
}
