package dev.angee.runtime;

import java.time.Duration;
import java.util.Optional;

/**
 * How a job ended. A code other than 0 is a result, not an error.
 *
 * @param code the exit code; 128 + n after signal n
 * @param duration how long it ran
 * @param output the last lines it wrote to stdout and stderr, at most 64 KiB
 * @param run the id of the run among the {@link JobRuns}, where the backend keeps them
 */
public record ExitStatus(int code, Duration duration, String output, Optional<String> run) {
    /** The most bytes of output that are kept. */
    public static final int OUTPUT_LIMIT = 64 * 1024;

    /** The end of a run that nothing is kept of. */
    public ExitStatus(int code, Duration duration, String output) {
        this(code, duration, output, Optional.empty());
    }

    /** Whether the exit code is 0. */
    public boolean succeeded() {
        return code == 0;
    }
}
