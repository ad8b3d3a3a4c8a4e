package dev.angee.render;

import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;

/**
 * What becomes of what both the template and somebody here have changed.
 *
 * @param standard what becomes of it
 * @param paths what becomes of some files, by their path in the folder that is rendered to; of a manifest, of all its entries
 */
public record Resolution(OnConflict standard, Map<String, OnConflict> paths) {
    /** Copies the map. */
    public Resolution {
        paths = Collections.unmodifiableMap(new TreeMap<>(paths));
    }

    /** The same for all. */
    public static Resolution of(OnConflict way) {
        return new Resolution(way, Map.of());
    }

    /** The same, but for one file. */
    public Resolution with(String path, OnConflict way) {
        Map<String, OnConflict> more = new TreeMap<>(paths);
        more.put(path, way);
        return new Resolution(standard, more);
    }

    /** What becomes of this file. */
    public OnConflict at(String path) {
        return paths.getOrDefault(path, standard);
    }

    /** The same, without a word about this file. */
    public Resolution without(String path) {
        Map<String, OnConflict> fewer = new TreeMap<>(paths);
        fewer.remove(path);
        return new Resolution(standard, fewer);
    }
}
