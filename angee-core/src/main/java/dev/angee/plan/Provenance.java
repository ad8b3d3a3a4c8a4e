package dev.angee.plan;

/**
 * Where a planned value comes from.
 *
 * @param file the file it was written in, as it was named when it was read
 * @param line the line, from 1
 * @param column the column, from 1
 */
public record Provenance(String file, int line, int column) {
    /** {@code file:line:column}. */
    @Override
    public String toString() {
        return file + ":" + line + ":" + column;
    }
}
