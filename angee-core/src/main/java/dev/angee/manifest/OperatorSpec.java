package dev.angee.manifest;

import java.util.Map;
import java.util.Optional;

/**
 * What the host of the stack says of itself.
 *
 * @param url where its API is reached; what <code>${operator.url}</code> stands for
 * @param domain the domain it is below; what <code>${operator.domain}</code> stands for
 * @param pools the pools that ports are leased from, by name
 */
public record OperatorSpec(Optional<String> url, Optional<String> domain, Map<String, PoolSpec> pools) {
    /** Copies the map. */
    public OperatorSpec {
        pools = Ordered.copy(pools);
    }
}
