package dev.angee.compose;

import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What a cleanup has done.
 *
 * @param removed the names of the projects of which all that was planned is gone
 * @param kept the names of those that were left alone, with the reason: they are not what they were when it was planned
 */
public record CleanupOutcome(List<String> removed, Map<String, String> kept) {
    /** Copies the collections. */
    public CleanupOutcome {
        removed = List.copyOf(removed);
        kept = Collections.unmodifiableMap(new TreeMap<>(kept));
    }
}
