package dev.angee.workload;

/** When a job runs by itself. A job that a wanted service depends on always runs before it. */
public enum RunOn {
    /** Never: somebody has to ask for it. */
    DEMAND,
    /** Whenever the whole stack is brought up. */
    UP
}
