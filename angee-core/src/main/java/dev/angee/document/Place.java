package dev.angee.document;

import java.util.OptionalInt;

/**
 * A place in a file.
 *
 * @param line the line, from 1
 * @param column the column, from 1
 * @param textColumn for text on one line, the column of its first character, behind a quote; empty if characters of the
 *     text and of the file do not correspond
 */
public record Place(int line, int column, OptionalInt textColumn) {
    /** A place of which no more is known. */
    public static Place of(int line, int column) {
        return new Place(line, column, OptionalInt.empty());
    }
}
