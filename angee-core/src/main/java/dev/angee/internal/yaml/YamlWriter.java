package dev.angee.internal.yaml;

import dev.angee.InvalidInputException;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Writes values so that every YAML reader, of 1.1 and of 1.2, reads the same: text is always in double quotes and in
 * ASCII; only keys that are plainly words go bare.
 *
 * @param step how many spaces a level is indented by
 * @param lineBreak what ends a line
 */
public record YamlWriter(int step, String lineBreak) {
    /** A reader gives up on a key that has not ended after 1,024 characters. */
    private static final int LONGEST_KEY = 1000;

    private static final Set<String> WORDS = Set.of("null", "true", "false", "yes", "no", "on", "off", "y", "n");

    /** Whether a value takes lines of its own, and does not stand behind its key. */
    public boolean takesLines(YamlValue value) {
        if (value instanceof YamlValue.Items items) {
            return items.items().stream().anyMatch(item -> !(item instanceof YamlValue.Text));
        }
        return value instanceof YamlValue.Fields fields && !fields.fields().isEmpty();
    }

    /** A value on one line. */
    public String inline(YamlValue value) {
        if (value instanceof YamlValue.Text text) {
            return switch (text.type()) {
                case NULL -> "null";
                case WORD -> text.text();
                case TEXT -> quoted(text.text());
            };
        }
        if (value instanceof YamlValue.Items items) {
            return items.items().stream().map(this::inline).collect(Collectors.joining(", ", "[", "]"));
        }
        Map<String, YamlValue> fields = ((YamlValue.Fields) value).fields();
        return fields.entrySet().stream()
                .map(field -> key(field.getKey()) + ": " + inline(field.getValue()))
                .collect(Collectors.joining(", ", "{", "}"));
    }

    /** A value that takes lines, each indented; without a line break at the end. */
    public String lines(YamlValue value, int indent) {
        if (value instanceof YamlValue.Items items) {
            return items.items().stream()
                    .map(item -> " ".repeat(indent) + "- " + inline(item))
                    .collect(Collectors.joining(lineBreak));
        }
        return ((YamlValue.Fields) value)
                .fields().entrySet().stream()
                        .map(field -> field(field.getKey(), field.getValue(), indent))
                        .collect(Collectors.joining(lineBreak));
    }

    private String field(String key, YamlValue value, int indent) {
        return " ".repeat(indent)
                + key(key)
                + (takesLines(value) ? ":" + lineBreak + lines(value, indent + step) : ": " + inline(value));
    }

    /** A key as it is written. */
    public String key(String key) {
        boolean bare = key.matches("[A-Za-z_][A-Za-z0-9_.-]*") && !WORDS.contains(key.toLowerCase(Locale.ROOT));
        String written = bare ? key : quoted(key);
        if (written.length() > LONGEST_KEY) {
            throw new InvalidInputException("key", "'" + key.substring(0, 40) + "…' is too long for a key of YAML");
        }
        return written;
    }

    private static String quoted(String text) {
        StringBuilder result = new StringBuilder(text.length() + 2).append('"');
        text.codePoints().forEach(c -> append(result, c));
        return result.append('"').toString();
    }

    private static void append(StringBuilder result, int c) {
        switch (c) {
            case '"' -> result.append("\\\"");
            case '\\' -> result.append("\\\\");
            case '\n' -> result.append("\\n");
            case '\r' -> result.append("\\r");
            case '\t' -> result.append("\\t");
            default -> {
                if (c >= 0x20 && c < 0x7f) {
                    result.append((char) c);
                } else {
                    String form = c < 0x100 ? "\\x%02X" : c < 0x10000 ? "\\u%04X" : "\\U%08X";
                    result.append(String.format(Locale.ROOT, form, c));
                }
            }
        }
    }
}
