package dev.angee.manifest;

import java.util.List;

/**
 * One change that was made to a manifest's text; {@link ManifestEditor#undo} takes it back, also after the file was saved
 * and opened again. A value that can be stored; it holds text of the manifest, be it a token, and so does what stores it.
 *
 * @param path the entry that was changed
 * @param offset where, in UTF-16 units
 * @param removed the text that went: comments, quotes and line breaks as they were
 * @param inserted the text that came in its place
 * @param before what stood before it, as far as is needed to find the place again
 * @param after what stood behind it
 */
public record ManifestEdit(
        List<String> path, int offset, String removed, String inserted, String before, String after) {
    /** Copies the path. */
    public ManifestEdit {
        path = List.copyOf(path);
    }

    /** The entry and the place only: what was written there or stood around it may be a token. */
    @Override
    public String toString() {
        return "ManifestEdit[" + String.join(".", path) + " at " + offset + ", " + removed.length() + " units became "
                + inserted.length() + "]";
    }
}
