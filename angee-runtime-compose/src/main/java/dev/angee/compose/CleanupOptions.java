package dev.angee.compose;

import java.util.Collection;
import java.util.Collections;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * What a cleanup is to remove.
 *
 * @param only the names of the projects; if absent, all that are forgotten and of which nothing runs or is paused
 * @param volumes what is done with their named volumes
 */
public record CleanupOptions(Optional<Set<String>> only, Volumes volumes) {
    private static final CleanupOptions DEFAULTS = new CleanupOptions(Optional.empty(), Volumes.KEEP);

    /** What is done with named volumes, which hold data. */
    public enum Volumes {
        /** They stay. */
        KEEP,
        /** They are removed, with what is in them. */
        REMOVE
    }

    /** Copies the names. */
    public CleanupOptions {
        only = only.map(names -> Collections.unmodifiableSet(new TreeSet<>(names)));
    }

    /** All forgotten projects of which nothing runs; their named volumes stay. */
    public static CleanupOptions defaults() {
        return DEFAULTS;
    }

    /** The same, for these projects only. */
    public CleanupOptions only(Collection<String> names) {
        return new CleanupOptions(Optional.of(new TreeSet<>(names)), volumes);
    }

    /** The same, with something else done with named volumes. */
    public CleanupOptions volumes(Volumes what) {
        return new CleanupOptions(only, what);
    }
}
