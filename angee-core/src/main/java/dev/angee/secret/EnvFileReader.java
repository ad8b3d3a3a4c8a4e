package dev.angee.secret;

import java.util.Optional;
import java.util.regex.Pattern;

/** Goes through the text of an env file, entry by entry. See {@link EnvFile} for what it makes of it. */
final class EnvFileReader {
    private static final Pattern KEY = Pattern.compile("[A-Za-z0-9_.-]+");
    private static final Pattern EXPORT = Pattern.compile("^export[ \t]+(?=\\S)");
    private static final Pattern TAIL = Pattern.compile("[ \t]*(?:[ \t]#[^\n]*)?\r?(?:\n|\\z)");

    private final String text;
    private int at;
    private int line;
    private int nextLine = 1;
    private int column;
    private String problem = "";

    EnvFileReader(String text) {
        this.text = text;
        this.at = text.startsWith("\ufeff") ? 1 : 0;
    }

    boolean atEnd() {
        return at >= text.length();
    }

    /** The line that was read last. */
    int line() {
        return line;
    }

    /** The column of the problem. */
    int column() {
        return column;
    }

    /** What is wrong with the line that was read last. */
    Optional<String> problem() {
        return problem.isEmpty() ? Optional.empty() : Optional.of(problem);
    }

    /** Reads a line, and more if a quoted value goes on; empty if there is no entry in it. */
    Optional<EnvFile.Entry> next() {
        int start = at;
        int lineEnd = endOfLine(start);
        String whole = text.substring(start, lineEnd);
        String trimmed = trim(whole);
        line = nextLine++;
        at = Math.min(lineEnd + 1, text.length());
        problem = "";
        if (trimmed.isEmpty() || trimmed.startsWith("#")) {
            return Optional.empty();
        }
        int equals = whole.indexOf('=');
        if (equals < 0) {
            return fail(whole.indexOf(trimmed), "there is no '=': write NAME=value, or # before a comment");
        }
        String key = EXPORT.matcher(trim(whole.substring(0, equals))).replaceFirst("");
        if (!KEY.matcher(key).matches()) {
            return fail(
                    whole.indexOf(trimmed),
                    "what stands before '=' cannot be a name: use letters, digits, '_', '.' and '-'");
        }
        return Optional.of(entry(key, start, start + equals + 1, lineEnd));
    }

    private Optional<EnvFile.Entry> fail(int index, String why) {
        column = index + 1;
        problem = why;
        return Optional.empty();
    }

    private EnvFile.Entry entry(String key, int start, int from, int lineEnd) {
        int first = from;
        while (first < lineEnd && isBlank(text.charAt(first))) {
            first++;
        }
        char quote = first < lineEnd ? text.charAt(first) : '\n';
        if (quote == '"' || quote == '\'') {
            int closing = closing(quote, first + 1);
            Optional<String> inside = closing < 0 ? Optional.empty() : inside(quote, first + 1, closing);
            if (inside.isPresent()) {
                int end = Math.min(endOfLine(closing) + 1, text.length());
                nextLine += (int) text.substring(first, closing)
                        .chars()
                        .filter(c -> c == '\n')
                        .count();
                at = end;
                return new EnvFile.Entry(key, inside.get(), start, from, closing + 1, end, line);
            }
        }
        String value = trim(text.substring(from, lineEnd));
        int to = lineEnd > from && text.charAt(lineEnd - 1) == '\r' ? lineEnd - 1 : lineEnd;
        return new EnvFile.Entry(key, raw(value), start, from, to, at, line);
    }

    private Optional<String> inside(char quote, int from, int closing) {
        String between = text.substring(from, closing).replace("\r\n", "\n");
        return quote == '\'' ? Optional.of(EnvQuoting.single(between)) : EnvQuoting.twofold(between);
    }

    /** The closing quote, if nothing but a comment follows it in its line; else -1. */
    private int closing(char quote, int from) {
        int index = from;
        while (index < text.length() && text.charAt(index) != quote) {
            index += text.charAt(index) == '\\' ? 2 : 1;
        }
        boolean clean = index < text.length()
                && TAIL.matcher(text).region(index + 1, text.length()).lookingAt();
        return clean ? index : -1;
    }

    private static String raw(String value) {
        int last = value.length() - 1;
        boolean ticked = last > 0 && value.charAt(0) == '`' && value.indexOf('`', 1) == last;
        return ticked ? value.substring(1, last).replace("\r", "") : value;
    }

    private int endOfLine(int from) {
        int end = text.indexOf('\n', from);
        return end < 0 ? text.length() : end;
    }

    private static String trim(String text) {
        int from = 0;
        int to = text.length();
        while (from < to && isBlank(text.charAt(from))) {
            from++;
        }
        while (to > from && isBlank(text.charAt(to - 1))) {
            to--;
        }
        return text.substring(from, to);
    }

    /** What Go calls a space. */
    private static boolean isBlank(char c) {
        return (c >= '\t' && c <= '\r') || c == '\u0085' || Character.isSpaceChar(c);
    }
}
