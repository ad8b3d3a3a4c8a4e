package dev.angee.templates.jinja;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/**
 * Breaks one line into lines of a width.
 *
 * @param budget what may be used up
 * @param width the most characters of a line
 * @param breakLong whether a word that is longer is broken, too
 * @param hyphens whether a word can be broken after a hyphen
 */
record WordWrap(Budget budget, long width, boolean breakLong, boolean hyphens) {
    private static final String BEFORE_A_DASH = "_!\"'&.,?";

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
        budget.items(1);
        budget.scan(word.length());
        int end = room;
        int hyphen = hyphens ? word.lastIndexOf('-', room - 1) : -1;
        if (hyphen > 0 && !word.substring(0, hyphen).replace("-", "").isEmpty()) {
            end = hyphen + 1;
        }
        line.add(word.substring(0, end));
        rest.push(word.substring(end));
    }

    /** White space, and words; these are cut after a hyphen between letters, and around dashes of several hyphens. */
    private List<String> chunks(String text) {
        List<String> chunks = new ArrayList<>();
        int begin = 0;
        for (int i = 1; i <= text.length(); i++) {
            if (i == text.length() || isCut(text, begin, i)) {
                budget.items(1);
                chunks.add(text.substring(begin, i));
                begin = i;
            }
        }
        return chunks;
    }

    private boolean isCut(String text, int begin, int at) {
        boolean spaceBefore = Lexer.isSpace(text.charAt(at - 1));
        if (spaceBefore != Lexer.isSpace(text.charAt(at))) {
            return true;
        }
        return hyphens && !spaceBefore && (isAfterHyphen(text, begin, at) || isAroundDash(text, begin, at));
    }

    private static boolean isAfterHyphen(String text, int begin, int at) {
        boolean hyphen = text.charAt(at - 1) == '-' && isLetter(text, at);
        boolean letters = at - 3 >= begin && isLetter(text, at - 2) && isLetter(text, at - 3);
        boolean parts =
                at - 4 >= begin && isLetter(text, at - 2) && text.charAt(at - 3) == '-' && isLetter(text, at - 4);
        return hyphen
                && (letters || parts)
                && (isLetter(text, at + 1) || (isHyphen(text, at + 1) && isLetter(text, at + 2)));
    }

    /** Dashes that stand between words: before them, and after. */
    private static boolean isAroundDash(String text, int begin, int at) {
        if (isHyphen(text, at) && isHyphen(text, at + 1) && !isHyphen(text, at - 1)) {
            return at > begin && isBeforeDash(text.charAt(at - 1)) && isWord(text, afterHyphens(text, at));
        }
        boolean after = !isHyphen(text, at) && isHyphen(text, at - 1) && isHyphen(text, at - 2);
        return after && begin < at - 1 && isHyphen(text, begin) && isWord(text, at);
    }

    private static int afterHyphens(String text, int at) {
        int end = at;
        while (isHyphen(text, end)) {
            end++;
        }
        return end;
    }

    private static boolean isBeforeDash(char c) {
        return Character.isLetterOrDigit(c) || BEFORE_A_DASH.indexOf(c) >= 0;
    }

    private static boolean isWord(String text, int at) {
        return at < text.length() && (Character.isLetterOrDigit(text.charAt(at)) || text.charAt(at) == '_');
    }

    private static boolean isLetter(String text, int at) {
        return at < text.length() && Character.isLetter(text.charAt(at));
    }

    private static boolean isHyphen(String text, int at) {
        return at >= 0 && at < text.length() && text.charAt(at) == '-';
    }
}
