package dev.angee.source;

import java.util.List;

/**
 * What a merge of two commits would come to. Nothing was changed to find out.
 *
 * @param conflicts the files that would be in conflict, in order
 * @param changes whether the merge would change anything for the side that is merged into; where it would not, that side has
 *     all of the other's changes, be it by a merge, a rebase or as one squashed commit
 */
public record MergePreview(List<String> conflicts, boolean changes) {
    /** Copies the list. */
    public MergePreview {
        conflicts = List.copyOf(conflicts);
    }

    /** Whether the merge would go through. */
    public boolean isClean() {
        return conflicts.isEmpty();
    }
}
