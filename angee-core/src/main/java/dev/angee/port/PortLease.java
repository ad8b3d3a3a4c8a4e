package dev.angee.port;

import java.nio.file.Path;
import java.time.Instant;

/**
 * A port that belongs to somebody until it is released.
 *
 * @param port the port
 * @param pool the pool it was leased from
 * @param root the root it is leased for
 * @param owner who has it, for example {@code workspace/feat-x/web}
 * @param since when it was leased
 */
public record PortLease(int port, String pool, Path root, String owner, Instant since) {}
