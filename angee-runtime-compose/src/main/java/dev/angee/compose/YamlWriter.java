package dev.angee.compose;

import java.util.List;
import java.util.Map;

/**
 * Writes a tree of maps, lists and scalars as YAML that every parser reads alike: all text in double quotes, and
 * everything but printable ASCII and plain letters escaped. Maps keep their order.
 */
final class YamlWriter {
    /**
     * A map whose keys are names that somebody chose, and so are quoted too: {@code on} and {@code 1} are names.
     *
     * @param entries the entries, in order
     */
    record Named(Map<String, ?> entries) {}

    private final StringBuilder out = new StringBuilder();

    private YamlWriter() {}

    /** The document, with a line break at its end. */
    static String write(Map<String, ?> document) {
        YamlWriter writer = new YamlWriter();
        document.forEach((key, value) -> writer.entry(0, key, value));
        return writer.out.toString();
    }

    private void entry(int depth, String key, Object value) {
        indent(depth).append(key).append(':');
        value(depth, value);
    }

    private void value(int depth, Object value) {
        if (value instanceof Named named) {
            block(named.entries().isEmpty(), "{}");
            named.entries().forEach((key, each) -> entry(depth + 1, quote(key), each));
        } else if (value instanceof Map<?, ?> map) {
            block(map.isEmpty(), "{}");
            map.forEach((key, each) -> entry(depth + 1, key.toString(), each));
        } else if (value instanceof List<?> list) {
            block(list.isEmpty(), "[]");
            list.forEach(each -> item(depth + 1, each));
        } else {
            out.append(' ').append(scalar(value)).append('\n');
        }
    }

    private void block(boolean empty, String inline) {
        out.append(empty ? " " + inline : "").append('\n');
    }

    private void item(int depth, Object value) {
        indent(depth).append('-');
        if (value instanceof Map<?, ?> map) {
            String pad = " ";
            for (Map.Entry<?, ?> each : map.entrySet()) {
                out.append(pad).append(each.getKey()).append(':');
                value(depth + 1, each.getValue());
                pad = "  ".repeat(depth + 1);
            }
        } else {
            out.append(' ').append(scalar(value)).append('\n');
        }
    }

    private StringBuilder indent(int depth) {
        return out.append("  ".repeat(depth));
    }

    private static String scalar(Object value) {
        return value instanceof String text ? quote(text) : value.toString();
    }

    private static String quote(String text) {
        StringBuilder quoted = new StringBuilder("\"");
        text.codePoints().forEach(c -> quoted.append(escape(c)));
        return quoted.append('"').toString();
    }

    private static String escape(int c) {
        return switch (c) {
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
