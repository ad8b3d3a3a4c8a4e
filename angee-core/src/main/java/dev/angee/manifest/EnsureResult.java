package dev.angee.manifest;

import java.util.List;

/**
 * What making sure of values came to.
 *
 * @param text the manifest that has them all; the text that was given, if it had them
 * @param added the paths that were set, in order
 */
public record EnsureResult(String text, List<String> added) {
    /** Copies the list. */
    public EnsureResult {
        added = List.copyOf(added);
    }
}
