package dev.angee.runtime;

import java.util.Locale;

/** Where a workload is in its life. {@link Backend} has the table of moves between these. */
public enum WorkloadState {
    /** Made, or being made, but its process does not run yet. */
    CREATED,
    /** Its process runs. */
    RUNNING,
    /** It is being ended. */
    STOPPING,
    /** Its process has ended by itself, and is about to be started again by its restart policy. */
    RESTARTING,
    /** Its process has ended; the exit code is known unless the status says otherwise. */
    EXITED;

    /** The lower-case word used on the wire. */
    public String id() {
        return name().toLowerCase(Locale.ROOT);
    }
}
