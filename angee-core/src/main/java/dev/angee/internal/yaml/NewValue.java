package dev.angee.internal.yaml;

import dev.angee.document.YamlLimits;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** A value to be written, with the layout that its giver wrote it in, if there is one. */
public final class NewValue {
    private final YamlValue value;
    private final String text;
    private final @Nullable YamlNode node;

    private NewValue(YamlValue value, String text, @Nullable YamlNode node) {
        this.value = value;
        this.text = text;
        this.node = node;
    }

    /** Data without a layout. */
    public static NewValue of(YamlValue value) {
        return new NewValue(value, "", null);
    }

    /** YAML that holds one value; its layout is kept where it fits, comments included, anchors and tags are not. */
    public static NewValue parse(String name, String yaml, YamlLimits limits) {
        YamlNode node = YamlSource.parseValue(name, yaml, limits);
        return new NewValue(YamlValue.of(node), yaml, hasNames(node) ? null : node);
    }

    /** A value of another document, as it is written there. */
    public static NewValue of(YamlSource source, YamlNode node) {
        return new NewValue(YamlValue.of(node), source.text(), hasNames(node) ? null : node);
    }

    YamlValue value() {
        return value;
    }

    private static boolean hasNames(YamlNode node) {
        if (node instanceof YamlNode.Alias
                || !node.head().anchor().isEmpty()
                || !node.head().tag().isEmpty()) {
            return true;
        }
        if (node instanceof YamlNode.Items items) {
            return items.items().stream().anyMatch(NewValue::hasNames);
        }
        return node instanceof YamlNode.Fields fields
                && fields.fields().stream().anyMatch(field -> hasNames(field.key()) || hasNames(field.value()));
    }

    boolean takesLines(YamlWriter writer) {
        return blockLines().isPresent() || (writer.takesLines(value) && !fits());
    }

    /** On one line; as it was written only where it is in quotes or brackets, or stands in a block. */
    String inline(YamlWriter writer, Place place) {
        return node != null && fits() && (isClosed(node) || place == Place.BLOCK)
                ? text.substring(node.start(), node.end())
                : writer.inline(value);
    }

    private static boolean isClosed(YamlNode node) {
        return !(node instanceof YamlNode.Scalar scalar)
                || scalar.style() != org.snakeyaml.engine.v2.common.ScalarStyle.PLAIN;
    }

    /** Whether the value is written, and on one line. */
    private boolean fits() {
        return node != null
                && node.inline()
                && node.end() > node.start()
                && text.substring(node.start(), node.end()).indexOf('\n') < 0
                && text.substring(node.start(), node.end()).indexOf('\r') < 0;
    }

    /** On lines of its own, without a line break at the end. */
    String lines(YamlWriter writer, int indent) {
        Optional<String> block = blockLines();
        if (block.isEmpty()) {
            return writer.lines(value, indent);
        }
        int column = block.get().length() - block.get().stripLeading().length();
        int shift = indent - column;
        return block.get().lines().map(line -> shifted(line, shift)).collect(Collectors.joining(writer.lineBreak()));
    }

    private static String shifted(String line, int shift) {
        if (line.isBlank()) {
            return line;
        }
        int spaces = line.length() - line.stripLeading().length();
        return shift >= 0 ? " ".repeat(shift) + line : line.substring(Math.min(spaces, -shift));
    }

    /** The whole lines of a collection written in a block; none if it begins in the middle of one. */
    private Optional<String> blockLines() {
        if (node == null || node.inline() || node instanceof YamlNode.Scalar) {
            return Optional.empty();
        }
        Lines from = new Lines(text);
        int start = from.start(node.start());
        return text.substring(start, node.start()).chars().allMatch(c -> c == ' ')
                ? Optional.of(text.substring(start, from.lastEnd(node.end())))
                : Optional.empty();
    }

    /** Where a value is to stand. */
    enum Place {
        BLOCK,
        FLOW
    }
}
