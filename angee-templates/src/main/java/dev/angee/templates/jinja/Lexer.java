package dev.angee.templates.jinja;

import dev.angee.templates.jinja.Token.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Cuts a template into tokens, as Jinja does where Copier calls it: tags keep the line break after them, a minus beside a
 * delimiter takes the white space on its side away, and the last line break of a text is kept. Line breaks are {@code \n} in what
 * comes out.
 */
final class Lexer {
    private static final Pattern OPENING = Pattern.compile("\\{[{%#]");
    private static final Pattern RAW = Pattern.compile("\\{%[-+]?\\s*raw\\s*(-?)%\\}");
    private static final Pattern END_RAW = Pattern.compile("\\{%([-+]?)\\s*endraw\\s*([-+]?)%\\}");

    private final String text;
    private final List<Token> tokens = new ArrayList<>();
    private final Places places;
    private int position;
    private boolean trimNext;

    private Lexer(String text) {
        this.text = text;
        this.places = new Places(text);
    }

    /**
     * The tokens of a text; the last is {@code END}.
     *
     * @throws JinjaException if something is not closed, or no token
     */
    static List<Token> tokens(String text) {
        return new Lexer(text.replace("\r\n", "\n").replace('\r', '\n')).all();
    }

    private List<Token> all() {
        Matcher opening = OPENING.matcher(text);
        while (opening.find(position)) {
            int begin = opening.start();
            char sign = begin + 2 < text.length() ? text.charAt(begin + 2) : ' ';
            data(position, begin, sign == '-');
            switch (text.charAt(begin + 1)) {
                case '#' -> comment(begin);
                case '{' -> inside(begin, sign, Kind.PRINT_BEGIN, Kind.PRINT_END, "}}");
                default -> {
                    Matcher raw = RAW.matcher(text).region(begin, text.length());
                    if (raw.lookingAt()) {
                        raw(begin, raw);
                    } else {
                        inside(begin, sign, Kind.TAG_BEGIN, Kind.TAG_END, "%}");
                    }
                }
            }
        }
        data(position, text.length(), false);
        tokens.add(new Token(Kind.END, "", places.of(text.length())));
        return tokens;
    }

    private void data(int begin, int end, boolean trimEnd) {
        int from = begin;
        int to = end;
        if (trimNext) {
            while (from < to && isSpace(text.charAt(from))) {
                from++;
            }
        }
        trimNext = false;
        if (trimEnd) {
            while (to > from && isSpace(text.charAt(to - 1))) {
                to--;
            }
        }
        if (to > from) {
            tokens.add(new Token(Kind.DATA, text.substring(from, to), places.of(from)));
        }
    }

    private void comment(int begin) {
        int end = text.indexOf("#}", begin + 2);
        if (end < 0) {
            throw JinjaException.at(places.of(begin), "the comment is not closed; add '#}'");
        }
        trimNext = end > begin + 2 && text.charAt(end - 1) == '-';
        position = end + 2;
    }

    private void raw(int begin, Matcher opened) {
        Matcher end = END_RAW.matcher(text);
        if (!end.find(opened.end())) {
            throw JinjaException.at(places.of(begin), "'raw' is not closed; add an 'endraw' tag");
        }
        trimNext = opened.group(1).equals("-");
        data(opened.end(), end.start(), end.group(1).equals("-"));
        trimNext = end.group(2).equals("-");
        position = end.end();
    }

    private void inside(int begin, char sign, Kind opens, Kind closes, String end) {
        tokens.add(new Token(opens, text.substring(begin, begin + 2), places.of(begin)));
        TagLexer tag = new TagLexer(text, places, sign == '-' || sign == '+' ? begin + 3 : begin + 2, end);
        tag.tokensInto(tokens);
        tokens.add(new Token(closes, end, places.of(tag.endsAt())));
        trimNext = tag.trimsAfter();
        position = tag.endsAt() + end.length();
    }

    static boolean isSpace(char c) {
        return c == ' ' || (c >= '\t' && c <= '\r') || (c >= 0x1c && c <= 0x1f) || (c > 0x7f && isWideSpace(c));
    }

    private static boolean isWideSpace(char c) {
        return c == 0x85 || c == 0xa0 || Character.isSpaceChar(c);
    }

    /** The places of growing offsets, without beginning to count anew each time. */
    static final class Places {
        private final String text;
        private int offset;
        private int line = 1;
        private int lineBegin;

        Places(String text) {
            this.text = text;
        }

        Place of(int wanted) {
            if (wanted < offset) {
                return Place.of(text, wanted);
            }
            for (; offset < wanted; offset++) {
                if (text.charAt(offset) == '\n') {
                    line++;
                    lineBegin = offset + 1;
                }
            }
            return new Place(line, wanted - lineBegin + 1);
        }
    }
}
