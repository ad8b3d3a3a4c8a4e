package dev.angee.port;

import static java.util.Objects.requireNonNull;

import java.time.Instant;

/**
 * A lease as the Go operator wrote it into a manifest, under {@code port_leases}. Nothing in it has been checked.
 *
 * @param pool the pool it stands under
 * @param port the port
 * @param owner who has it, for example {@code workspace/feat-x/web}
 * @param createdAt when it was leased
 */
public record LegacyLease(String pool, int port, String owner, Instant createdAt) {
    /** Refuses nothing but {@code null}. */
    public LegacyLease {
        requireNonNull(pool);
        requireNonNull(owner);
        requireNonNull(createdAt);
    }

    /** Tells it from any other of its root. */
    String key() {
        return port + " " + owner + " " + createdAt;
    }
}
