package dev.angee.plan;

/** How long a workload is meant to run. */
public enum WorkloadKind {
    /** Runs until it is stopped. */
    SERVICE,
    /** Runs once, to its end; its exit code is its result. */
    JOB
}
