package dev.angee.runtime;

import java.time.Duration;
import java.util.Optional;

/**
 * How a job ended. A failure is a result, not an error.
 *
 * @param code the exit code; 128 + n after signal n
 * @param state what that code means for this job: {@link JobState#SUCCEEDED} or {@link JobState#FAILED}
 * @param duration how long it ran
 * @param output the last lines it wrote to stdout and stderr, at most 64 KiB
 * @param run the id of the run among the {@link JobRuns}, where the backend keeps them
 */
public record ExitStatus(int code, JobState state, Duration duration, String output, Optional<String> run) {
    /** The most bytes of output that are kept. */
    public static final int OUTPUT_LIMIT = 64 * 1024;

    /** Refuses a state that no job ends in by itself. */
    public ExitStatus {
        if (state != JobState.SUCCEEDED && state != JobState.FAILED) {
            throw new IllegalArgumentException(
                    "a run that ended by itself has succeeded or failed, it is not " + state);
        }
    }

    /** The end of a run that nothing is kept of, and for which only the code 0 means success. */
    public ExitStatus(int code, Duration duration, String output) {
        this(code, code == 0 ? JobState.SUCCEEDED : JobState.FAILED, duration, output, Optional.empty());
    }

    /** Whether the exit code means success: it is 0, or one that the job's lifecycle names. */
    public boolean succeeded() {
        return state == JobState.SUCCEEDED;
    }
}
