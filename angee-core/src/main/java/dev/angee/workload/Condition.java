package dev.angee.workload;

/** What a dependency must have reached before its dependent may start. */
public enum Condition {
    /** Its process or container runs. */
    STARTED,
    /** Its health check has passed. */
    HEALTHY,
    /** It ran to its end with exit code 0. */
    COMPLETED
}
