package dev.angee.document;

import java.util.BitSet;
import java.util.Comparator;

/**
 * One thing that is wrong in a file.
 *
 * @param file the file, as it was named when it was read
 * @param line the line, from 1
 * @param column the column, from 1
 * @param path the place in the document, for example {@code services.web.ports[0]}; empty for the document as a whole
 * @param message what is wrong, and what would be right
 * @param kind what sort of mistake it is
 */
public record Problem(String file, int line, int column, String path, String message, Kind kind)
        implements Comparable<Problem> {
    private static final Comparator<Problem> ORDER = Comparator.comparing(Problem::file)
            .thenComparingInt(Problem::line)
            .thenComparingInt(Problem::column)
            .thenComparing(Problem::path)
            .thenComparing(Problem::message)
            .thenComparing(Problem::kind);

    /** Kinds of characters that do something instead of being seen. */
    private static final BitSet OBEYED = new BitSet();

    static {
        for (int type : new int[] {
            Character.CONTROL,
            Character.FORMAT,
            Character.LINE_SEPARATOR,
            Character.PARAGRAPH_SEPARATOR,
            Character.SURROGATE
        }) {
            OBEYED.set(type);
        }
    }

    /** Sorts of mistakes. */
    public enum Kind {
        /** A key, a type or a value that cannot stand where it does: what a JSON schema finds too. */
        SHAPE,
        /** Values that are right each by itself but not together: a name that nothing has, a cycle, a clash. */
        MEANING,
        /** What the format knows and this version cannot do yet. */
        UNSUPPORTED
    }

    /** A mistake of meaning. */
    public static Problem of(String file, int line, int column, String path, String message) {
        return new Problem(file, line, column, path, message, Kind.MEANING);
    }

    @Override
    public int compareTo(Problem other) {
        return ORDER.compare(this, other);
    }

    /** {@code file:line:column  path: message}, on one line and without a character that a terminal would obey. */
    @Override
    public String toString() {
        return tame(file + ":" + line + ":" + column + "  " + (path.isEmpty() ? "" : path + ": ") + message);
    }

    private static String tame(String text) {
        StringBuilder tame = new StringBuilder(text.length());
        text.codePoints().forEach(c -> {
            if (OBEYED.get(Character.getType(c))) {
                tame.append(String.format("\\u{%x}", c));
            } else {
                tame.appendCodePoint(c);
            }
        });
        return tame.toString();
    }
}
