package dev.angee.expression;

import dev.angee.expression.Reference.FilterCall;
import java.util.ArrayList;
import java.util.List;

/** Reads one text, once, from left to right. */
final class ExpressionParser {
    private final String text;
    private int at;
    private int end;
    private int countedTo;
    private int counted;

    ExpressionParser(String text) {
        this.text = text;
    }

    Expression parse() {
        List<Object> parts = new ArrayList<>();
        StringBuilder literal = new StringBuilder();
        while (at < text.length()) {
            int dollars = dollars();
            if (dollars > 0 && !text.startsWith("{", at + dollars)) {
                literal.append(text, at, at + dollars);
                at += dollars;
            } else if (dollars > 1) {
                literal.append(text, at, at + dollars / 2);
                at += dollars / 2 * 2;
                if (dollars % 2 == 0) {
                    literal.append(text.charAt(at++)); // the brace: nothing is left to make it a reference
                }
            } else if (isReference()) {
                if (literal.length() > 0) {
                    parts.add(literal.toString());
                    literal.setLength(0);
                }
                at += 2;
                parts.add(reference());
                at = end + 1;
            } else {
                literal.append(text.charAt(at++));
            }
        }
        if (literal.length() > 0 || parts.isEmpty()) {
            parts.add(literal.toString());
        }
        return Expression.of(text, parts);
    }

    /** How many dollars stand here in a row. */
    private int dollars() {
        int i = at;
        while (i < text.length() && text.charAt(i) == '$') {
            i++;
        }
        return i - at;
    }

    /** A reference is a dollar and braces around at least one character that is no brace; sets its end. */
    private boolean isReference() {
        if (!text.startsWith("${", at)) {
            return false;
        }
        for (int i = at + 2; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '{') {
                return false;
            }
            if (c == '}') {
                end = i;
                return i > at + 2;
            }
        }
        return false;
    }

    private Reference reference() {
        skipBlanks();
        int start = at;
        while (at < end && text.charAt(at) != '|') {
            at++;
        }
        String path = text.substring(start, at).strip();
        if (path.isEmpty()) {
            throw wrong(start, "a name is missing after '${'");
        }
        int blank = firstBlank(path);
        if (blank >= 0) {
            throw wrong(start + blank, "a name has no blanks; filters stand behind a bar '|'");
        }
        int offset = character(start);
        List<FilterCall> filters = new ArrayList<>();
        while (at < end) {
            at++;
            filters.add(filter());
        }
        return new Reference(path, filters, offset);
    }

    private FilterCall filter() {
        skipBlanks();
        int start = at;
        while (at < end && (Character.isLetterOrDigit(text.charAt(at)) || text.charAt(at) == '_')) {
            at++;
        }
        String word = text.substring(start, at);
        Filter filter = Filter.named(word)
                .orElseThrow(() -> wrong(start, "'" + word + "' is not a filter (filters: " + Filter.words() + ")"));
        skipBlanks();
        List<String> arguments = at < end && text.charAt(at) == '(' ? arguments() : List.of();
        skipBlanks();
        if (at < end && text.charAt(at) != '|') {
            throw wrong(at, "expected '|' or '}' here");
        }
        if (!filter.takes(arguments.size())) {
            throw wrong(start, word + " takes " + filter.counts() + ", not " + arguments.size());
        }
        return new FilterCall(filter, arguments, character(start));
    }

    private List<String> arguments() {
        int open = at++;
        List<String> arguments = new ArrayList<>();
        skipBlanks();
        if (at < end && text.charAt(at) == ')') {
            at++;
            return arguments;
        }
        while (at < end) {
            arguments.add(argument());
            skipBlanks();
            if (at < end && text.charAt(at) == ')') {
                at++;
                return arguments;
            }
            if (at >= end || text.charAt(at) != ',') {
                break;
            }
            at++;
        }
        throw wrong(open, "this '(' has no matching ')'");
    }

    private String argument() {
        skipBlanks();
        if (at < end && (text.charAt(at) == '\'' || text.charAt(at) == '"')) {
            char quote = text.charAt(at);
            int close = text.indexOf(quote, at + 1);
            if (close < 0 || close >= end) {
                throw wrong(at, "this quote is not closed");
            }
            String quoted = text.substring(at + 1, close);
            at = close + 1;
            return quoted;
        }
        int start = at;
        while (at < end && text.charAt(at) != ',' && text.charAt(at) != ')') {
            at++;
        }
        return text.substring(start, at).strip();
    }

    /** Places count characters as readers of a file do, not units of UTF-16. */
    private int character(int index) {
        if (index < countedTo) {
            return text.codePointCount(0, index);
        }
        counted += text.codePointCount(countedTo, index);
        countedTo = index;
        return counted;
    }

    private ExpressionException wrong(int index, String message) {
        return new ExpressionException(character(index), message);
    }

    private void skipBlanks() {
        while (at < end && Character.isWhitespace(text.charAt(at))) {
            at++;
        }
    }

    private static int firstBlank(String path) {
        for (int i = 0; i < path.length(); i++) {
            if (Character.isWhitespace(path.charAt(i))) {
                return i;
            }
        }
        return -1;
    }
}
