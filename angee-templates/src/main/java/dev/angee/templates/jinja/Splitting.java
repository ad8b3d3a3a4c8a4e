package dev.angee.templates.jinja;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;

/** TemplateIncludes in parts, as Python cuts them. */
final class Splitting {
    private static final String LINE_ENDS = "\n\r\u000b\f\u001c\u001d\u001e\u0085\u2028\u2029";

    private Splitting() {}

    /**
     * The parts of a text.
     *
     * @param separator between them; without one any white space, and none of the parts is empty
     * @param most how often to cut; without a bound if negative
     */
    static List<Object> split(Budget budget, String text, Optional<String> separator, long most) {
        return separator.isPresent() ? at(budget, text, needed(separator.get()), most) : atSpaces(budget, text, most);
    }

    private static String needed(String separator) {
        if (separator.isEmpty()) {
            throw JinjaException.of("split(): the separator is empty");
        }
        return separator;
    }

    private static List<Object> at(Budget budget, String text, String separator, long most) {
        budget.search(text.length(), separator.length());
        List<Object> parts = new ArrayList<>();
        int begin = 0;
        int end = text.indexOf(separator);
        while (end >= 0 && (most < 0 || parts.size() < most)) {
            budget.items(1);
            parts.add(text.substring(begin, end));
            begin = end + separator.length();
            end = text.indexOf(separator, begin);
        }
        parts.add(text.substring(begin));
        return parts;
    }

    private static List<Object> atSpaces(Budget budget, String text, long most) {
        List<Object> parts = new ArrayList<>();
        int position = skip(text, 0);
        while (position < text.length()) {
            if (most >= 0 && parts.size() == most) {
                parts.add(text.substring(position));
                return parts;
            }
            int end = position;
            while (end < text.length() && !Lexer.isSpace(text.charAt(end))) {
                end++;
            }
            budget.items(1);
            parts.add(text.substring(position, end));
            position = skip(text, end);
        }
        return parts;
    }

    private static int skip(String text, int begin) {
        int position = begin;
        while (position < text.length() && Lexer.isSpace(text.charAt(position))) {
            position++;
        }
        return position;
    }

    /** The same, cut from the end where the cuts are bounded. */
    static List<Object> splitFromEnd(Budget budget, String text, Optional<String> separator, long most) {
        List<Object> backwards = new ArrayList<>();
        String reversed = new StringBuilder(text).reverse().toString();
        Optional<String> back =
                separator.map(s -> new StringBuilder(s).reverse().toString());
        for (Object part : split(budget, reversed, back, most)) {
            backwards.add(new StringBuilder((String) part).reverse().toString());
        }
        Collections.reverse(backwards);
        return backwards;
    }

    /** The lines of a text, by whatever they end. */
    static List<Object> lines(Budget budget, String text, boolean keepEnds) {
        List<Object> lines = new ArrayList<>();
        int begin = 0;
        while (begin < text.length()) {
            int end = begin;
            while (end < text.length() && LINE_ENDS.indexOf(text.charAt(end)) < 0) {
                end++;
            }
            int next = text.startsWith("\r\n", end) ? end + 2 : Math.min(end + 1, text.length());
            budget.items(1);
            lines.add(text.substring(begin, keepEnds ? next : end));
            begin = next;
        }
        return lines;
    }

    /** What is before, at and after a separator. */
    static Tuple partition(String text, String separator, boolean last) {
        int at = last ? text.lastIndexOf(needed(separator)) : text.indexOf(needed(separator));
        if (at < 0) {
            return last ? Tuple.of("", "", text) : Tuple.of(text, "", "");
        }
        return Tuple.of(text.substring(0, at), separator, text.substring(at + separator.length()));
    }
}
