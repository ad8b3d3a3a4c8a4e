package dev.angee.manifest;

/**
 * A range of ports to lease from.
 *
 * @param name the pool's name
 * @param first the lowest port, at least 1
 * @param last the highest port, at most 65535, not below the first
 */
public record PoolSpec(String name, int first, int last) {}
