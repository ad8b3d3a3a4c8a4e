package dev.angee.document;

import java.util.Comparator;

/**
 * One thing that is wrong in a file.
 *
 * @param file the file, as it was named when it was read
 * @param line the line, from 1
 * @param column the column, from 1
 * @param path the place in the document, for example {@code services.web.ports[0]}; empty for the document as a whole
 * @param message what is wrong, and what would be right
 */
public record Problem(String file, int line, int column, String path, String message) implements Comparable<Problem> {
    private static final Comparator<Problem> ORDER = Comparator.comparing(Problem::file)
            .thenComparingInt(Problem::line)
            .thenComparingInt(Problem::column)
            .thenComparing(Problem::path)
            .thenComparing(Problem::message);

    @Override
    public int compareTo(Problem other) {
        return ORDER.compare(this, other);
    }

    /** {@code file:line:column  path: message}. */
    @Override
    public String toString() {
        return file + ":" + line + ":" + column + "  " + (path.isEmpty() ? "" : path + ": ") + message;
    }
}
