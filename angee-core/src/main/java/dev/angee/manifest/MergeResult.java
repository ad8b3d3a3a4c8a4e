package dev.angee.manifest;

import java.util.List;

/**
 * What a merge came to.
 *
 * @param text the merged manifest: the text on disk with the changes made in it; not validated
 * @param changed the entries and fields that differ from what was on disk, in the order they were changed
 * @param conflicts what both sides changed; decided as the options say, except what is {@code SHARED}
 */
public record MergeResult(String text, List<List<String>> changed, List<MergeConflict> conflicts) {
    /** Copies the lists. */
    public MergeResult {
        changed = List.copyOf(changed);
        conflicts = List.copyOf(conflicts);
    }
}
