package dev.angee.runtime;

/**
 * Something about a workload has changed. What is true now is in {@link Backend#status()}.
 *
 * @param workload its name
 * @param state its state at that moment
 * @param health its health at that moment
 */
public record RuntimeEvent(String workload, WorkloadState state, Health health) {}
