package dev.angee.runtime;

/**
 * One line that a workload wrote.
 *
 * @param workload its name
 * @param text the line, without its line break; at most {@value #LONGEST} characters, longer lines come in pieces
 */
public record LogLine(String workload, String text) {
    /** The longest piece of a line. */
    public static final int LONGEST = 64 * 1024;
}
