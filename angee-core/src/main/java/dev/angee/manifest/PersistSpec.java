package dev.angee.manifest;

import java.util.Map;
import java.util.Optional;

/**
 * Folders that outlive everything else.
 *
 * @param anchor what the folders are below, absolute or relative to the root; see {@code PersistAnchor} for where that is
 *     if absent
 * @param entries the folders by name
 */
public record PersistSpec(Optional<String> anchor, Map<String, Entry> entries) {
    /** Copies the map. */
    public PersistSpec {
        entries = Ordered.copy(entries);
    }

    /**
     * One folder.
     *
     * @param name its name
     * @param subpath its place below the anchor; empty for an entry that is only a name
     * @param scope a word of the author's, shown and not acted on
     */
    public record Entry(String name, String subpath, Optional<String> scope) {}
}
