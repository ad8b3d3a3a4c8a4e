package dev.angee.compose;

import java.time.Instant;
import java.util.Optional;

/**
 * Which part of a container's log is wanted.
 *
 * @param tail how many of the last entries to begin with; negative means all there are
 * @param follow whether to go on until the container ends
 * @param since leaves out what was written up to this moment
 */
record LogRange(int tail, boolean follow, Optional<Instant> since) {
    /** Everything that is written after a moment, until the container ends. */
    static LogRange after(Instant moment) {
        return new LogRange(-1, true, Optional.of(moment));
    }

    /** All there is, and what comes until the container ends. */
    static LogRange untilExit() {
        return new LogRange(-1, true, Optional.empty());
    }
}
