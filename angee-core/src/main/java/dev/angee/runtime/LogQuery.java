package dev.angee.runtime;

/**
 * Which log lines are wanted.
 *
 * @param which the workloads
 * @param tail how many of the last lines of each to begin with; negative means all there are
 * @param follow whether to wait for further lines
 */
public record LogQuery(Selection which, int tail, boolean follow) {
    /** All there is, of everything, without waiting. */
    public static LogQuery all() {
        return new LogQuery(Selection.all(), -1, false);
    }

    /** The same, for some workloads only. */
    public LogQuery only(Selection selection) {
        return new LogQuery(selection, tail, follow);
    }

    /** The same, beginning with the last lines only. */
    public LogQuery tail(int lines) {
        return new LogQuery(which, lines, follow);
    }

    /** The same, waiting for further lines. */
    public LogQuery following() {
        return new LogQuery(which, tail, true);
    }
}
