package dev.angee.internal.yaml;

/**
 * Where the lines of a text begin and end. A byte order mark belongs to no line.
 *
 * @param text the text
 */
record Lines(String text) {
    private static final String BYTE_ORDER_MARK = "\uFEFF";

    /** What ends the lines of this text; its first line break decides. */
    String lineBreak() {
        int end = end(0);
        return end == text.length() ? "\n" : text.substring(end, next(end));
    }

    /** The beginning of the line that an offset stands in. */
    int start(int offset) {
        int start = offset;
        while (start > first() && !isBreak(start - 1)) {
            start--;
        }
        return start;
    }

    /** The end of the line that an offset stands in, before its line break. */
    int end(int offset) {
        int end = offset;
        while (end < text.length() && !isBreak(end)) {
            end++;
        }
        return end;
    }

    /** The end of the last line that something ending here takes; kept line breaks are part of what ends. */
    int lastEnd(int end) {
        if (end == 0 || !isBreak(end - 1)) {
            return end(end);
        }
        return text.startsWith("\r\n", end - 2) ? end - 2 : end - 1;
    }

    /** The beginning of the line after a line's end. */
    int next(int end) {
        return Math.min(text.length(), end + (text.startsWith("\r\n", end) ? 2 : 1));
    }

    /** The beginning of the line before the one that begins here; the same, if there is none. */
    int previous(int start) {
        return start <= first() ? start : start(lastEnd(start));
    }

    boolean sameLine(int from, int to) {
        return end(from) >= to;
    }

    /** Whether there is only indentation between these offsets. */
    boolean blank(int from, int to) {
        return text.substring(Math.min(from, to), to).chars().allMatch(c -> c == ' ' || c == '\t');
    }

    /** The first offset from here that is neither white space nor in a comment. */
    int skip(int from) {
        int at = from;
        while (at < text.length()) {
            char c = text.charAt(at);
            boolean comment = c == '#' && (at == 0 || Character.isWhitespace(text.charAt(at - 1)));
            if (comment) {
                at = end(at);
            } else if (c == ' ' || c == '\t' || isBreak(at)) {
                at++;
            } else {
                return at;
            }
        }
        return at;
    }

    private int first() {
        return text.startsWith(BYTE_ORDER_MARK) ? 1 : 0;
    }

    private boolean isBreak(int at) {
        return text.charAt(at) == '\n' || text.charAt(at) == '\r';
    }
}
