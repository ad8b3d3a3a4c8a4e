package dev.angee.render;

import dev.angee.manifest.MergeConflict;
import java.util.Optional;

/**
 * Something that both the template and somebody here have changed.
 *
 * @param path the file or link, relative to the target
 * @param reason what is wrong
 * @param entry in a manifest, which entry, and both its values
 */
public record RenderConflict(String path, Reason reason, Optional<MergeConflict> entry) {
    RenderConflict(String path, Reason reason) {
        this(path, reason, Optional.empty());
    }

    /** {@code a/b.txt: it was changed here}, for people. Of an entry without its values, among which may be a secret. */
    @Override
    public String toString() {
        return path + ": " + entry.map(MergeConflict::summary).orElse(reason.text);
    }

    /** What is wrong. */
    public enum Reason {
        /** It was changed or removed here since the template rendered it. */
        LOCALLY_MODIFIED("it was changed here"),
        /** The template has not rendered it before, and it is not what the template renders. */
        UNTRACKED_DIFFERENT("something else is there already"),
        /** A file is where a folder or a link should be, or the other way round. */
        TYPE_CHANGED("something of another kind is there"),
        /** It is below a folder of people's data, where nothing is overwritten, and nothing rendered if the folder was moved. */
        DATA("it is in a folder of data, where nothing is overwritten; move it away, or render it elsewhere");

        private final String text;

        Reason(String text) {
            this.text = text;
        }
    }
}
