package dev.angee.workload;

/** What becomes of a local service when the JVM that started it ends, or closes the stack. */
public enum OnOwnerExit {
    /** It goes on; the next JVM takes it over. */
    KEEP,
    /** It is stopped. */
    STOP
}
