package dev.angee.render;

import java.util.List;

/**
 * One thing that a rendering changes.
 *
 * @param path the file or link, relative to the target
 * @param entry in a manifest, the keys that lead to what is changed; empty for the whole file
 * @param kind what happens to it
 */
public record RenderChange(String path, List<String> entry, Kind kind) {
    /** Copies the list. */
    public RenderChange {
        entry = List.copyOf(entry);
    }

    RenderChange(String path, Kind kind) {
        this(path, List.of(), kind);
    }

    /** What happens to it. */
    public enum Kind {
        /** It is not there, and is made. */
        ADD,
        /** It is there, and becomes what the template renders. */
        MODIFY,
        /** The template no longer renders it. */
        DELETE,
        /** It already is what the template renders; that is remembered. */
        ADOPT
    }
}
