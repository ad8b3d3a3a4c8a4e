package dev.angee.templates.jinja;

/** What a backslash means in a string: as in Python. */
final class Escapes {
    private static final String LETTERS = "\\'\"abfnrtv";
    private static final String MEANINGS = "\\'\"\u0007\b\f\n\r\t\u000b";

    private Escapes() {}

    /**
     * Reads what follows a backslash.
     *
     * @param at where that is
     * @return where the string goes on
     */
    static int read(String text, int at, StringBuilder value, Place place) {
        char c = text.charAt(at);
        int letter = LETTERS.indexOf(c);
        if (letter >= 0) {
            value.append(MEANINGS.charAt(letter));
            return at + 1;
        }
        return switch (c) {
            case '\n' -> at + 1;
            case 'x' -> hex(text, at + 1, 2, value, place);
            case 'u' -> hex(text, at + 1, 4, value, place);
            case 'U' -> hex(text, at + 1, 8, value, place);
            case '0', '1', '2', '3', '4', '5', '6', '7' -> octal(text, at, value);
            case 'N' ->
                throw JinjaException.at(place, "characters by name are not supported; write \\\\u and four digits");
            default -> {
                value.append('\\').append(c);
                yield at + 1;
            }
        };
    }

    private static int hex(String text, int at, int digits, StringBuilder value, Place place) {
        int end = at + digits;
        try {
            if (end > text.length()) {
                throw new NumberFormatException("too short");
            }
            value.appendCodePoint(Integer.parseUnsignedInt(text, at, end, 16));
        } catch (IllegalArgumentException e) {
            throw JinjaException.at(place, "a string has an escape that names no character");
        }
        return end;
    }

    private static int octal(String text, int at, StringBuilder value) {
        int end = at;
        while (end < text.length() && end < at + 3 && text.charAt(end) >= '0' && text.charAt(end) <= '7') {
            end++;
        }
        value.append((char) Integer.parseInt(text, at, end, 8));
        return end;
    }
}
