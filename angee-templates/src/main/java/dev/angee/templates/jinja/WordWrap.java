package dev.angee.templates.jinja;

import java.util.ArrayList;
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
        StringBuilder line = new StringBuilder();
        for (String chunk : chunks(text)) {
            String rest = chunk;
            if (line.length() + rest.length() > width) {
                if (rest.isBlank()) {
                    if (line.length() > 0) {
                        flush(lines, line);
                    }
                    continue;
                }
                if (rest.length() > width && breakLong) {
                    rest = broken(lines, line, rest);
                } else if (line.length() > 0) {
                    flush(lines, line);
                }
            }
            if (!(rest.isBlank() && line.length() == 0 && !lines.isEmpty())) {
                line.append(rest);
            }
        }
        if (line.length() > 0) {
            flush(lines, line);
        }
        return lines;
    }

    private String broken(List<String> lines, StringBuilder line, String word) {
        String rest = word;
        while (line.length() + rest.length() > width) {
            int room = (int) Math.max(0, width - line.length());
            line.append(rest, 0, room);
            rest = rest.substring(room);
            flush(lines, line);
        }
        return rest;
    }

    private static void flush(List<String> lines, StringBuilder line) {
        String text = line.toString().stripTrailing();
        if (!text.isEmpty()) {
            lines.add(text);
        }
        line.setLength(0);
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
