package dev.angee.templates.jinja;

import dev.angee.templates.jinja.Token.Kind;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Cuts what stands between two delimiters. A delimiter in a string, or a brace of a mapping, does not end it. */
final class TagLexer {
    private static final Pattern NAME = Pattern.compile("[\\p{L}_][\\p{L}\\p{N}_]*");
    private static final Pattern FLOAT =
            Pattern.compile("\\d+(?:_\\d+)*(?:\\.\\d+(?:_\\d+)*(?:[eE][+-]?\\d+(?:_\\d+)*)?|[eE][+-]?\\d+(?:_\\d+)*)");
    private static final Pattern INTEGER =
            Pattern.compile("0[bB](?:_?[01])+|0[oO](?:_?[0-7])+|0[xX](?:_?[\\da-fA-F])+|[1-9](?:_?\\d)*|0(?:_?0)*");
    private static final List<String> LONG_OPERATORS = List.of("//", "**", "==", "!=", ">=", "<=");
    private static final String OPERATORS = "+-*/%~[](){}=<>.:|,;";

    private static final int LONGEST_NUMBER = 64;

    private final String text;
    private final Lexer.Places places;
    private final String end;
    private final Deque<Character> open = new ArrayDeque<>();
    private int position;
    private boolean trimsAfter;

    TagLexer(String text, Lexer.Places places, int begin, String end) {
        this.text = text;
        this.places = places;
        this.position = begin;
        this.end = end;
    }

    /** Where the closing delimiter stands; a sign before it is not part of it. */
    int endsAt() {
        return position;
    }

    boolean trimsAfter() {
        return trimsAfter;
    }

    void tokensInto(List<Token> tokens) {
        Token opened = tokens.get(tokens.size() - 1);
        while (!atEnd()) {
            if (position >= text.length()) {
                throw JinjaException.at(opened.place(), "'" + opened.text() + "' is not closed; add '" + end + "'");
            }
            if (Lexer.isSpace(text.charAt(position))) {
                position++;
            } else {
                tokens.add(token());
            }
        }
    }

    private boolean atEnd() {
        if (!open.isEmpty()) {
            return false;
        }
        if (text.startsWith(end, position)) {
            return true;
        }
        boolean sign = text.startsWith("-", position) || (text.startsWith("+", position) && end.equals("%}"));
        if (sign && text.startsWith(end, position + 1)) {
            trimsAfter = text.charAt(position) == '-';
            position++;
            return true;
        }
        return false;
    }

    private Token token() {
        Place place = places.of(position);
        char c = text.charAt(position);
        if (c == '"' || c == '\'') {
            return new Token(Kind.STRING, string(place, c), place);
        }
        for (Kind kind : List.of(Kind.FLOAT, Kind.INTEGER, Kind.NAME)) {
            int end = kind == Kind.NAME ? text.length() : Math.min(text.length(), position + LONGEST_NUMBER);
            Matcher matcher = pattern(kind).matcher(text).region(position, end);
            if (matcher.lookingAt()) {
                if (kind != Kind.NAME && matcher.end() == position + LONGEST_NUMBER) {
                    throw JinjaException.at(place, "a number has more than " + LONGEST_NUMBER + " digits");
                }
                position = matcher.end();
                return new Token(kind, matcher.group(), place);
            }
        }
        for (String operator : LONG_OPERATORS) {
            if (text.startsWith(operator, position)) {
                position += 2;
                return new Token(Kind.OPERATOR, operator, place);
            }
        }
        if (OPERATORS.indexOf(c) < 0) {
            throw JinjaException.at(place, "unexpected character '" + c + "'");
        }
        balance(place, c);
        position++;
        return new Token(Kind.OPERATOR, String.valueOf(c), place);
    }

    private static Pattern pattern(Kind kind) {
        return switch (kind) {
            case FLOAT -> FLOAT;
            case INTEGER -> INTEGER;
            default -> NAME;
        };
    }

    private void balance(Place place, char c) {
        int opening = "([{".indexOf(c);
        if (opening >= 0) {
            open.push(")]}".charAt(opening));
        } else if (")]}".indexOf(c) >= 0) {
            if (open.isEmpty() || open.pop() != c) {
                throw JinjaException.at(place, "unexpected '" + c + "'");
            }
        }
    }

    private String string(Place place, char quote) {
        StringBuilder value = new StringBuilder();
        int i = position + 1;
        while (i < text.length() && text.charAt(i) != quote) {
            char c = text.charAt(i);
            if (c == '\\' && i + 1 < text.length()) {
                i = Escapes.read(text, i + 1, value, place);
            } else {
                value.append(c);
                i++;
            }
        }
        if (i >= text.length()) {
            throw JinjaException.at(place, "the string is not closed");
        }
        position = i + 1;
        return value.toString();
    }
}
