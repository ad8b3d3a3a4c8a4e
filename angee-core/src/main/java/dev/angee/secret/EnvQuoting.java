package dev.angee.secret;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * How a value is written in an env file, and what a quoted one says. Everything is on one line. Each of the three forms
 * is read alike by this class and by Docker Compose (tried with 2.26.1), be it for {@code --env-file} or for
 * {@code env_file:}.
 *
 * <ol>
 *   <li>{@code "..."} with nothing to escape: read alike by shells, python-dotenv and the Go operator too.
 *   <li>{@code '...'} if there is a {@code $}, {@code \}, {@code "} or back-tick in it: nothing in it is expanded, by
 *       a shell either.
 *   <li>{@code "..."} with {@code \\ \" \$ \n \r} if it has a {@code '} as well, a line break, or ends in a backslash
 *       that would escape the closing quote.
 * </ol>
 *
 * <p>Others are not so exact with the rest. A shell reads the second form as we do, but keeps the {@code \n} of the third and
 * runs its back-ticks. python-dotenv 1.2 expands <code>${NAME}</code> in single quotes and makes one backslash of two
 * there, and it keeps the backslash of {@code \$}. The Go operator keeps the quotes of the second form.
 *
 * <p>Other control characters are written as they are: Compose decodes neither {@code \x01} nor {@code \}{@code u2028}.
 */
final class EnvQuoting {
    private EnvQuoting() {}

    /** A value as it stands after the {@code =}. */
    static String quote(String value) {
        boolean lineBreak = value.indexOf('\n') >= 0 || value.indexOf('\r') >= 0;
        boolean special = value.chars().anyMatch(c -> c == '$' || c == '\\' || c == '"' || c == '`');
        if (!lineBreak && !special) {
            return '"' + value + '"';
        }
        if (!lineBreak && value.indexOf('\'') < 0 && backslashesAtTheEnd(value) % 2 == 0) {
            return "'" + value + "'";
        }
        StringBuilder escaped = new StringBuilder("\"");
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            switch (c) {
                case '\n' -> escaped.append("\\n");
                case '\r' -> escaped.append("\\r");
                case '\\', '"', '$' -> escaped.append('\\').append(c);
                default -> escaped.append(c);
            }
        }
        return escaped.append('"').toString();
    }

    private static int backslashesAtTheEnd(String value) {
        int count = 0;
        while (count < value.length() && value.charAt(value.length() - 1 - count) == '\\') {
            count++;
        }
        return count;
    }

    /** What stands between single quotes, as Compose reads it: only {@code \'} is an escape. */
    static String single(String inside) {
        StringBuilder value = new StringBuilder();
        for (int i = 0; i < inside.length(); i++) {
            char c = inside.charAt(i);
            if (c == '\\' && i + 1 < inside.length()) {
                char next = inside.charAt(++i);
                value.append(next == '\'' ? "" : "\\").append(next);
            } else {
                value.append(c);
            }
        }
        return value.toString();
    }

    /**
     * What stands between double quotes: a Go string, in which {@code \$} may be written too, and {@code $} alone is a
     * {@code $}.
     *
     * @return empty if an escape is unknown; bytes that are no text are as {@link LosslessText} has them
     */
    static Optional<String> twofold(String inside) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        int at = 0;
        while (at < inside.length()) {
            int escape = inside.indexOf('\\', at);
            int until = escape < 0 ? inside.length() : escape;
            bytes.writeBytes(LosslessText.encode(inside.substring(at, until)));
            if (escape < 0) {
                break;
            }
            int length = escape(inside, escape + 1, bytes);
            if (length == 0) {
                return Optional.empty();
            }
            at = escape + 1 + length;
        }
        return Optional.of(LosslessText.decode(bytes.toByteArray()));
    }

    /** Decodes what follows a backslash; returns its length, 0 if it means nothing. */
    private static int escape(String text, int at, ByteArrayOutputStream bytes) {
        if (at >= text.length()) {
            return 0;
        }
        char c = text.charAt(at);
        int simple = "abfnrtv\\\"$".indexOf(c);
        if (simple >= 0) {
            bytes.write("\u0007\b\f\n\r\t\u000b\\\"$".charAt(simple));
            return 1;
        }
        if (c == 'x') {
            return code(text, at + 1, 2, 16, 0xff)
                    .map(b -> written(b, bytes, 3))
                    .orElse(0);
        }
        if (c == 'u' || c == 'U') {
            int digits = c == 'u' ? 4 : 8;
            return code(text, at + 1, digits, 16, Character.MAX_CODE_POINT)
                    .filter(point -> point < Character.MIN_SURROGATE || point > Character.MAX_SURROGATE)
                    .map(point -> {
                        bytes.writeBytes(Character.toString(point).getBytes(StandardCharsets.UTF_8));
                        return digits + 1;
                    })
                    .orElse(0);
        }
        return code(text, at, 3, 8, 0xff).map(b -> written(b, bytes, 3)).orElse(0);
    }

    private static int written(int value, ByteArrayOutputStream bytes, int length) {
        bytes.write(value);
        return length;
    }

    private static Optional<Integer> code(String text, int at, int digits, int radix, int most) {
        if (at + digits > text.length()) {
            return Optional.empty();
        }
        long code = 0;
        for (int i = at; i < at + digits; i++) {
            char c = text.charAt(i);
            int digit = c < 128 ? Character.digit(c, radix) : -1;
            if (digit < 0) {
                return Optional.empty();
            }
            code = code * radix + digit;
        }
        return code > most ? Optional.empty() : Optional.of((int) code);
    }
}
