package dev.angee.port;

/**
 * A leased port that is in use.
 *
 * @param <T> what uses it
 * @param lease the lease
 * @param value what uses it
 */
public record BoundPort<T>(PortLease lease, T value) {}
