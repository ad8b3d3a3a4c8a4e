package dev.angee.runtime;

import dev.angee.plan.Workload;

/** Where a run of a job is in its life. Only {@link #RUNNING} ever changes. */
public enum JobState {
    /**
     * It has not ended, with all it has started, whether or not the caller that started it still waits for it. A process
     * that it has left behind is ended by its caller; where that one died, the run goes on as long as such a process does.
     */
    RUNNING,
    /** It ended by itself with an exit code that means success: 0, or one that its lifecycle names. */
    SUCCEEDED,
    /** It ended by itself with another exit code, or could not be started. */
    FAILED,
    /** It was killed because its time was up. */
    TIMED_OUT,
    /** It was ended on request, or because its caller gave up. */
    CANCELLED,
    /**
     * It has ended, and how, nobody can tell: who waited for it died with it, its machine was restarted, or its record
     * cannot be read.
     */
    LOST;

    /** What it means that a job has ended by itself with this exit code. */
    public static JobState ofExit(Workload job, int code) {
        return code == 0 || job.lifecycle().successExitCodes().contains(code) ? SUCCEEDED : FAILED;
    }

    /** Whether it has ended. */
    public boolean isOver() {
        return this != RUNNING;
    }
}
