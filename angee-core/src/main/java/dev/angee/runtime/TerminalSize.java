package dev.angee.runtime;

/**
 * How large a terminal is.
 *
 * @param columns characters in a line, from 1 to 65535
 * @param rows lines, from 1 to 65535
 */
public record TerminalSize(int columns, int rows) {
    private static final int LARGEST = 65_535;

    /** Checks the numbers. */
    public TerminalSize {
        if (columns < 1 || columns > LARGEST || rows < 1 || rows > LARGEST) {
            throw new IllegalArgumentException("not the size of a terminal: " + columns + " by " + rows);
        }
    }
}
