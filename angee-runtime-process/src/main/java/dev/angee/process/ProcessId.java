package dev.angee.process;

/**
 * One very process of this boot of the machine. A pid alone is given to another process sooner or later; together with
 * the start time it is not.
 *
 * @param pid its pid
 * @param startTicks when it started, in clock ticks since boot: field 22 of {@code /proc/PID/stat}
 */
record ProcessId(long pid, long startTicks) {
    private static final long NEVER = -1;

    /** A process that had ended before its start time could be read; equal to no process that runs. */
    static ProcessId ended(long pid) {
        return new ProcessId(pid, NEVER);
    }
}
