package dev.angee.internal.change;

import java.util.List;

/**
 * What became of a change that a process has left behind.
 *
 * @param outcome whether it has been made or taken back; the whole of it, either way
 * @param kept what somebody should know: each a sentence about a file that was changed since, and that names where its other
 *     version lies; empty if nobody touched anything
 */
public record ChangeRecovery(Outcome outcome, List<String> kept) {
    /** Copies the list. */
    public ChangeRecovery {
        kept = List.copyOf(kept);
    }

    /** How it ended. */
    public enum Outcome {
        /** The change is made. */
        COMPLETED,
        /** All is as it was before the change. */
        UNDONE
    }

    /** Whether the change is made. */
    public boolean completed() {
        return outcome == Outcome.COMPLETED;
    }
}
