package dev.angee.manifest;

import java.time.Instant;
import java.util.Optional;

/**
 * A port lease that the Go operator has written into the manifest; read to take it over.
 *
 * @param pool the pool it was leased from
 * @param port the port
 * @param owner who has it, for example {@code workspace/feat-x/web}
 * @param createdAt since when
 */
public record LeaseSpec(String pool, int port, String owner, Optional<Instant> createdAt) {}
