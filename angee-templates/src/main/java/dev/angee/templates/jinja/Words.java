package dev.angee.templates.jinja;

import java.util.Locale;
import java.util.Optional;

/** What is done to texts, for filters and methods alike. */
final class Words {
    private Words() {}

    static String capitalize(String text) {
        if (text.isEmpty()) {
            return text;
        }
        int first = text.offsetByCodePoints(0, 1);
        return text.substring(0, first).toUpperCase(Locale.ROOT)
                + text.substring(first).toLowerCase(Locale.ROOT);
    }

    /** A capital at the beginning of each run of letters. */
    static String pythonTitle(String text) {
        StringBuilder out = new StringBuilder();
        boolean inWord = false;
        for (int c : text.codePoints().toArray()) {
            boolean letter = Character.isLetter(c);
            String one = Character.toString(c);
            out.append(inWord ? one.toLowerCase(Locale.ROOT) : letter ? one.toUpperCase(Locale.ROOT) : one);
            inWord = letter;
        }
        return out.toString();
    }

    /** A capital after each white space, hyphen and opening bracket, as the filter {@code title} has it. */
    static String title(String text) {
        StringBuilder out = new StringBuilder();
        boolean begin = true;
        for (int c : text.codePoints().toArray()) {
            boolean separator = c < 0x10000 && (Lexer.isSpace((char) c) || "-({[<".indexOf(c) >= 0);
            String one = Character.toString(c);
            out.append(begin ? one.toUpperCase(Locale.ROOT) : one.toLowerCase(Locale.ROOT));
            begin = separator;
        }
        return out.toString();
    }

    static String swapCase(String text) {
        StringBuilder out = new StringBuilder();
        text.codePoints().forEach(c -> {
            String one = Character.toString(c);
            out.append(Character.isUpperCase(c) ? one.toLowerCase(Locale.ROOT) : one.toUpperCase(Locale.ROOT));
        });
        return out.toString();
    }

    /** Replaces up to {@code count} times; less than none is without a bound. */
    static String replace(Machine machine, String text, Arguments arguments) {
        String old = arguments.text(0, "old");
        String replacement = arguments.text(1, "new");
        long most = arguments.unlessNone(2, "count").isPresent() ? arguments.number(2, "count") : -1;
        machine.budget().search(text.length(), old.length());
        long times = old.isEmpty() ? Values.length(text) + 1 : count(text, old);
        times = most < 0 ? times : Math.min(times, most);
        machine.budget().make(text.length() + times * replacement.length());
        StringBuilder out = new StringBuilder();
        int position = 0;
        for (long i = 0; i < times; i++) {
            int next = old.isEmpty() && i == 0 ? 0 : nextMatch(text, old, position);
            out.append(text, position, next).append(replacement);
            position = next + old.length();
        }
        return out.append(text, position, text.length()).toString();
    }

    private static int nextMatch(String text, String old, int position) {
        return old.isEmpty() ? text.offsetByCodePoints(position, 1) : text.indexOf(old, position);
    }

    /** How many runs of letters, digits and underscores there are. */
    static int words(String text) {
        int words = 0;
        boolean inWord = false;
        for (int c : text.codePoints().toArray()) {
            boolean part = Character.isLetterOrDigit(c) || c == '_';
            words += part && !inWord ? 1 : 0;
            inWord = part;
        }
        return words;
    }

    static long count(String text, String part) {
        if (part.isEmpty()) {
            return Values.length(text) + 1;
        }
        long many = 0;
        for (int at = text.indexOf(part); at >= 0; at = text.indexOf(part, at + part.length())) {
            many++;
        }
        return many;
    }

    /** Without white space, or some characters, at its ends. */
    static String strip(String text, Optional<String> characters, boolean begin, boolean end) {
        int from = 0;
        int to = text.length();
        while (begin && from < to && strips(characters, text.codePointAt(from))) {
            from += Character.charCount(text.codePointAt(from));
        }
        while (end && to > from && strips(characters, text.codePointBefore(to))) {
            to -= Character.charCount(text.codePointBefore(to));
        }
        return text.substring(from, to);
    }

    private static boolean strips(Optional<String> characters, int c) {
        return characters.isPresent() ? characters.get().indexOf(c) >= 0 : c < 0x10000 && Lexer.isSpace((char) c);
    }
}
