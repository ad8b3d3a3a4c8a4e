package dev.angee.runtime;

import dev.angee.AngeeException;
import dev.angee.ErrorCode;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A run of a job was ended before it ended by itself, says the call that waited for it. Its code is {@code FAILED}. */
public final class JobEndedException extends AngeeException {
    private static final long serialVersionUID = 1L;

    private final @Nullable String run;
    private final JobState state;

    /**
     * Says that a run was ended.
     *
     * @param run its id among the {@link JobRuns}, where the backend keeps them
     * @param state {@link JobState#TIMED_OUT} or {@link JobState#CANCELLED}
     * @param message which job, why, and what it last wrote; for people
     */
    public JobEndedException(Optional<String> run, JobState state, String message) {
        super(ErrorCode.FAILED, message);
        this.run = run.orElse(null);
        this.state = state;
    }

    /** The id of the run among the {@link JobRuns}, where the backend keeps them. */
    public Optional<String> run() {
        return Optional.ofNullable(run);
    }

    /** Whether its time was up, or it was cancelled. */
    public JobState state() {
        return state;
    }
}
