package dev.angee.runtime;

import java.time.Duration;

/**
 * How a job ended. A code other than 0 is a result, not an error.
 *
 * @param code the exit code; 128 + n after signal n
 * @param duration how long it ran
 * @param output the last lines it wrote to stdout and stderr, at most 64 KiB
 */
public record ExitStatus(int code, Duration duration, String output) {
    /** The most bytes of output that are kept. */
    public static final int OUTPUT_LIMIT = 64 * 1024;

    /** Whether the exit code is 0. */
    public boolean succeeded() {
        return code == 0;
    }
}
