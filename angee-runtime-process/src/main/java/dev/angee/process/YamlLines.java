package dev.angee.process;

import dev.angee.secret.Text;
import java.util.List;

/**
 * Lines of a file that process-compose reads. It expands variables in the text of the whole file before it parses it: so
 * each dollar of ours is written twice, and a secret is a reference to its variable.
 */
final class YamlLines {
    private final StringBuilder text = new StringBuilder();

    void add(int depth, String line) {
        text.append("  ".repeat(depth)).append(line).append('\n');
    }

    /** A key and a text. */
    void add(int depth, String key, String value) {
        add(depth, key + ": " + quote(value));
    }

    /** A key and a number. */
    void add(int depth, String key, long value) {
        add(depth, key + ": " + value);
    }

    /** A key and a command, as a shell would read it. */
    void add(int depth, String key, List<String> command) {
        add(depth, key, ShellWords.join(command));
    }

    @Override
    public String toString() {
        return text.toString();
    }

    /** A double-quoted scalar, in printable ASCII and letters only, so that every parser reads it alike. */
    static String quote(String text) {
        return quote(Text.of(text));
    }

    /** The same, with references in the places of secrets. */
    static String quote(Text text) {
        return '"' + text.spell(YamlLines::escape, name -> "${" + name.variable() + "}") + '"';
    }

    /** Text within one line of a comment: the whole of the file is expanded, and a parser takes no odd character. */
    static String comment(String text) {
        StringBuilder comment = new StringBuilder();
        text.codePoints().forEach(c -> comment.append(c == '"' || c == '\\' ? Character.toString(c) : escape(c)));
        return comment.toString();
    }

    private static String escape(String text) {
        StringBuilder escaped = new StringBuilder();
        text.codePoints().forEach(c -> escaped.append(escape(c)));
        return escaped.toString();
    }

    private static String escape(int c) {
        return switch (c) {
            case '$' -> "$$";
            case '"' -> "\\\"";
            case '\\' -> "\\\\";
            case '\n' -> "\\n";
            case '\t' -> "\\t";
            default -> isPlain(c) ? Character.toString(c) : String.format(c <= 0xFFFF ? "\\u%04x" : "\\U%08x", c);
        };
    }

    private static boolean isPlain(int c) {
        return (c >= ' ' && c <= '~') || (c > '~' && c <= 0xFFFF && Character.isLetterOrDigit(c));
    }
}
