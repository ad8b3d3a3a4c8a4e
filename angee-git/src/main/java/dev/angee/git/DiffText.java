package dev.angee.git;

import dev.angee.AngeeException;
import dev.angee.ErrorCode;
import dev.angee.source.FileDiff;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What git's text about how one file differs says of its content.
 *
 * @param binary whether it says only that the files differ
 * @param hunks what differs, in order
 */
record DiffText(boolean binary, List<FileDiff.Hunk> hunks) {
    private static final Pattern HEAD =
            Pattern.compile("@@ -(\\d+)(?:,(\\d+))? \\+(\\d+)(?:,(\\d+))? @@ ?(.*)", Pattern.DOTALL);

    /** Copies the list. */
    DiffText {
        hunks = List.copyOf(hunks);
    }

    /** Reads the text about one file; lines that are not UTF-8 lose what is not. */
    static DiffText parse(byte[] text) {
        Lines lines = new Lines(text);
        List<FileDiff.Hunk> hunks = new ArrayList<>();
        boolean binary = false;
        while (lines.more()) {
            String line = lines.next();
            Matcher head = HEAD.matcher(line);
            if (head.matches()) {
                hunks.add(hunk(head, lines));
            } else if (line.startsWith("Binary files ") || line.equals("GIT binary patch")) {
                binary = true;
            }
        }
        return new DiffText(binary, hunks);
    }

    /** The head tells how many lines belong to it, so that no line is taken for something else by its looks. */
    private static FileDiff.Hunk hunk(Matcher head, Lines text) {
        int oldLines = count(head.group(2));
        int newLines = count(head.group(4));
        List<String> lines = new ArrayList<>();
        int oldLeft = oldLines;
        int newLeft = newLines;
        while (oldLeft > 0 || newLeft > 0) {
            String line = text.more() ? text.next() : "";
            char kind = line.isEmpty() ? '?' : line.charAt(0);
            if (" +-\\".indexOf(kind) < 0) {
                throw new AngeeException(ErrorCode.FAILED, "git's text of a difference ends in the middle: " + line);
            }
            oldLeft -= kind == ' ' || kind == '-' ? 1 : 0;
            newLeft -= kind == ' ' || kind == '+' ? 1 : 0;
            lines.add(line);
        }
        if (text.more() && text.peek() == '\\') {
            lines.add(text.next());
        }
        return new FileDiff.Hunk(
                Integer.parseInt(head.group(1)),
                oldLines,
                Integer.parseInt(head.group(3)),
                newLines,
                head.group(5),
                lines);
    }

    private static int count(String digits) {
        return digits == null ? 1 : Integer.parseInt(digits);
    }

    /** Lines that end in a line feed and nothing else. */
    private static final class Lines {
        private final byte[] text;
        private int at;

        Lines(byte[] text) {
            this.text = text;
        }

        boolean more() {
            return at < text.length;
        }

        byte peek() {
            return text[at];
        }

        String next() {
            int end = at;
            while (end < text.length && text[end] != '\n') {
                end++;
            }
            String line = new String(text, at, end - at, StandardCharsets.UTF_8);
            at = end + 1;
            return line;
        }
    }
}
