package dev.angee.templates.jinja;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Breaks one line into lines of a width.
 *
 * @param width the most characters of a line
 * @param breakLong whether a word that is longer is broken, too
 * @param hyphens whether a word can be broken after a hyphen
 */
record WordWrap(long width, boolean breakLong, boolean hyphens) {
    private static final Pattern CHUNKS =
            Pattern.compile("\\s+|[^\\s-]*[\\p{L}\\p{N}]{2,}-(?=\\p{L}\\p{L})|[^\\s-]+(?:-+[^\\s-]*)*|-+[^\\s]*");
    private static final Pattern WORDS = Pattern.compile("\\s+|\\S+");

    List<String> lines(String text) {
        List<String> lines = new ArrayList<>();
        Deque<String> rest = new ArrayDeque<>(chunks(text));
        while (!rest.isEmpty()) {
            if (!lines.isEmpty() && rest.peek().isBlank()) {
                rest.pop();
            }
            List<String> line = new ArrayList<>();
            int length = 0;
            while (!rest.isEmpty() && length + rest.peek().length() <= width) {
                length += rest.peek().length();
                line.add(rest.pop());
            }
            if (!rest.isEmpty() && rest.peek().length() > width) {
                breakWord(line, rest, (int) (width - length));
            }
            if (!line.isEmpty() && line.get(line.size() - 1).isBlank()) {
                line.remove(line.size() - 1);
            }
            if (!line.isEmpty()) {
                lines.add(String.join("", line));
            }
        }
        return lines;
    }

    /** A word that is longer than a line: as much of it as there is room for, or all of it where nothing else is in the line. */
    private void breakWord(List<String> line, Deque<String> rest, int room) {
        if (!breakLong) {
            if (line.isEmpty()) {
                line.add(rest.pop());
            }
            return;
        }
        String word = rest.pop();
        int end = room;
        int hyphen = hyphens ? word.lastIndexOf('-', room - 1) : -1;
        if (hyphen > 0 && !word.substring(0, hyphen).replace("-", "").isEmpty()) {
            end = hyphen + 1;
        }
        line.add(word.substring(0, end));
        rest.push(word.substring(end));
    }

    private List<String> chunks(String text) {
        List<String> chunks = new ArrayList<>();
        Matcher matcher = (hyphens ? CHUNKS : WORDS).matcher(text);
        while (matcher.find()) {
            chunks.add(matcher.group());
        }
        return chunks;
    }
}
