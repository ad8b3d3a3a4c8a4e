package dev.angee.templates.jinja;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;

/** TemplateIncludes in parts, as Python cuts them. */
final class Splitting {
    private Splitting() {}

    /**
     * The parts of a text.
     *
     * @param separator between them; without one any white space, and none of the parts is empty
     * @param most how often to cut; without a bound if negative
     */
    static List<Object> split(String text, Optional<String> separator, long most) {
        return separator.isPresent() ? at(text, needed(separator.get()), most) : atSpaces(text, most);
    }

    private static String needed(String separator) {
        if (separator.isEmpty()) {
            throw JinjaException.of("split(): the separator is empty");
        }
        return separator;
    }

    private static List<Object> at(String text, String separator, long most) {
        List<Object> parts = new ArrayList<>();
        int begin = 0;
        int end = text.indexOf(separator);
        while (end >= 0 && (most < 0 || parts.size() < most)) {
            parts.add(text.substring(begin, end));
            begin = end + separator.length();
            end = text.indexOf(separator, begin);
        }
        parts.add(text.substring(begin));
        return parts;
    }

    private static List<Object> atSpaces(String text, long most) {
        List<Object> parts = new ArrayList<>();
        int position = skip(text, 0);
        while (position < text.length()) {
            if (most >= 0 && parts.size() == most) {
                parts.add(Words.strip(text.substring(position), Optional.empty(), false, true));
                return parts;
            }
            int end = position;
            while (end < text.length() && !Lexer.isSpace(text.charAt(end))) {
                end++;
            }
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
    static List<Object> splitFromEnd(String text, Optional<String> separator, long most) {
        List<Object> backwards = new ArrayList<>();
        String reversed = new StringBuilder(text).reverse().toString();
        Optional<String> back =
                separator.map(s -> new StringBuilder(s).reverse().toString());
        for (Object part : split(reversed, back, most)) {
            backwards.add(new StringBuilder((String) part).reverse().toString());
        }
        Collections.reverse(backwards);
        return backwards;
    }

    static List<Object> lines(String text, boolean keepEnds) {
        List<Object> lines = new ArrayList<>();
        int begin = 0;
        while (begin < text.length()) {
            int end = text.indexOf('\n', begin);
            int next = end < 0 ? text.length() : end + 1;
            lines.add(text.substring(begin, keepEnds || end < 0 ? next : end));
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
