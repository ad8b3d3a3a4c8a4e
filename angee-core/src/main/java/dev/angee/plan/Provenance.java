package dev.angee.plan;

import java.util.ArrayList;
import java.util.List;

/**
 * Where a planned value comes from.
 *
 * @param file the file it was written in, as it was named when it was read
 * @param line the line, from 1
 * @param column the column, from 1
 * @param through what else had a say in it, in order: for example {@code port lease stack/web}, {@code secret db},
 *     {@code transform caddy-edge}
 */
public record Provenance(String file, int line, int column, List<String> through) {
    /** Copies the list. */
    public Provenance {
        through = List.copyOf(through);
    }

    /** A value that is as it was written. */
    public static Provenance written(String file, int line, int column) {
        return new Provenance(file, line, column, List.of());
    }

    /** The same, with one more that had a say. */
    public Provenance through(String more) {
        List<String> all = new ArrayList<>(through);
        all.add(more);
        return new Provenance(file, line, column, all);
    }

    /** {@code file:line:column}, and in brackets what else had a say. */
    @Override
    public String toString() {
        return file + ":" + line + ":" + column + (through.isEmpty() ? "" : " (" + String.join(", ", through) + ")");
    }
}
