package dev.angee.gitops;

import dev.angee.source.CommitId;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * What became of one slot in something that was done in several.
 *
 * @param workspace the workspace
 * @param slot the slot
 * @param became what became of it
 * @param head the commit that was made, pushed or reached; empty where nothing was done
 * @param conflicts the files in conflict, in order
 * @param reason why, for people; empty for {@link Became#DONE} and {@link Became#UNCHANGED}
 */
public record SlotResult(
        String workspace, String slot, Became became, Optional<CommitId> head, List<String> conflicts, String reason) {
    /** Copies the list. */
    public SlotResult {
        conflicts = List.copyOf(conflicts);
    }

    /** What can become of a slot. */
    public enum Became {
        /** It was done. */
        DONE,
        /** There was nothing to do. */
        UNCHANGED,
        /** It would conflict, or did; the slot is as it was. */
        CONFLICT,
        /** It did not go through, or it was clear before that it would not; the slot is as it was. */
        FAILED,
        /** It was not tried, because of another slot. */
        NOT_TRIED,
        /** It was done, and taken back because of another slot. */
        TAKEN_BACK,
        /** It was done, or may have been, and could not be taken back; the reason says what stands where. */
        LEFT;

        /** The word used on the wire: lower case, with a dash. */
        public String id() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }
    }

    /** Whether the slot is as it should be. */
    public boolean succeeded() {
        return became == Became.DONE || became == Became.UNCHANGED;
    }
}
