package dev.angee.runtime;

/** Where a run of a job is in its life. Only {@link #RUNNING} ever changes. */
public enum JobState {
    /** It has not ended, whether or not the caller that started it still waits for it. */
    RUNNING,
    /** It ended by itself with an exit code that means success: 0, or one that its lifecycle names. */
    SUCCEEDED,
    /** It ended by itself with another exit code, or could not be started. */
    FAILED,
    /** It was killed because its time was up. */
    TIMED_OUT,
    /** It was ended on request, or because its caller gave up. */
    CANCELLED,
    /** It has ended, and how, nobody can tell: who waited for it died with it, or its machine was restarted. */
    LOST;

    /** Whether it has ended. */
    public boolean isOver() {
        return this != RUNNING;
    }
}
