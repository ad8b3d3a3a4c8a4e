package dev.angee.compose;

import java.time.Instant;
import java.util.Optional;

/**
 * Which part of a container's log is wanted.
 *
 * @param tail how many of the last entries to begin with; negative means all there are
 * @param follow whether to go on until the container ends
 * @param since leaves out what was written up to this moment
 * @param opened what was written later is wanted in any case, if it follows
 */
record LogRange(int tail, boolean follow, Optional<Instant> since, Instant opened) {
    /** The last entries there are. */
    static LogRange last(int tail) {
        return new LogRange(tail, false, Optional.empty(), Instant.EPOCH);
    }

    /** The last entries there are, and what comes until the container ends. */
    static LogRange following(int tail, Instant opened) {
        return new LogRange(tail, true, Optional.empty(), opened);
    }

    /** What is written after a moment, until the container ends. */
    static LogRange after(Instant moment) {
        return new LogRange(-1, true, Optional.of(moment), moment);
    }

    /** What there is after a moment, without waiting for more. */
    static LogRange rest(Instant moment) {
        return new LogRange(-1, false, Optional.of(moment), moment);
    }
}
