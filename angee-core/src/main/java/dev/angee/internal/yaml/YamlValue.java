package dev.angee.internal.yaml;

import dev.angee.InvalidInputException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.common.ScalarStyle;

/** What a value says, whatever way it is written: aliases and merge keys are expanded, maps keep their order. */
public sealed interface YamlValue {
    /** As deep as a document may be. */
    int DEEPEST = 64;

    /** A scalar; two are equal if a reader of any schema would find them so. */
    record Text(String text, CoreType type) implements YamlValue {
        /** All words for nothing are one. */
        public Text {
            text = type == CoreType.NULL ? "" : text;
        }
    }

    /** A list. */
    record Items(List<YamlValue> items) implements YamlValue {
        /** Copies the items. */
        public Items {
            items = List.copyOf(items);
        }
    }

    /** A map. */
    record Fields(Map<String, YamlValue> fields) implements YamlValue {
        /** Copies the fields. */
        public Fields {
            fields = Collections.unmodifiableMap(new LinkedHashMap<>(fields));
        }
    }

    /** Whether this is nothing. */
    default boolean isNull() {
        return this instanceof Text text && text.type == CoreType.NULL;
    }

    /** What a node says. Of a key that is written twice the first counts. */
    static YamlValue of(YamlNode node) {
        if (node instanceof YamlNode.Alias alias) {
            return of(alias.target());
        }
        if (node instanceof YamlNode.Scalar scalar) {
            boolean plain =
                    scalar.style() == ScalarStyle.PLAIN && scalar.head().tag().isEmpty();
            return new Text(scalar.text(), plain ? CoreType.of(scalar.text()) : CoreType.TEXT);
        }
        if (node instanceof YamlNode.Items items) {
            return new Items(items.items().stream().map(YamlValue::of).toList());
        }
        Map<String, YamlValue> result = new LinkedHashMap<>();
        List<YamlNode> merged = new ArrayList<>();
        for (YamlNode.Field field : ((YamlNode.Fields) node).fields()) {
            if (field.isMerge()) {
                merged.add(field.value());
            } else {
                result.putIfAbsent(keyOf(field.key()), of(field.value()));
            }
        }
        merged.forEach(each -> mergeInto(result, of(each)));
        return new Fields(result);
    }

    private static void mergeInto(Map<String, YamlValue> result, YamlValue merged) {
        if (merged instanceof Fields fields) {
            fields.fields.forEach(result::putIfAbsent);
        } else if (merged instanceof Items items) {
            items.items.forEach(each -> mergeInto(result, each));
        }
    }

    /** A key that is no text (which no manifest has) is called by what it says. */
    private static String keyOf(YamlNode key) {
        YamlNode node = key instanceof YamlNode.Alias alias ? alias.target() : key;
        return node instanceof YamlNode.Scalar scalar ? scalar.text() : of(node).toString();
    }

    /**
     * What plain Java data says: maps with text keys, lists, text, numbers, truth values.
     *
     * @throws InvalidInputException for anything else, for null, and for data without an end
     */
    static YamlValue of(@Nullable Object data) {
        return of(data, 0);
    }

    private static YamlValue of(@Nullable Object data, int depth) {
        if (depth > DEEPEST) {
            throw new InvalidInputException("value", "is nested deeper than " + DEEPEST + " levels");
        }
        if (data instanceof String text) {
            return new Text(checked(text), CoreType.TEXT);
        }
        if (data != null && (data instanceof Boolean || isWhole(data))) {
            return new Text(data.toString(), CoreType.WORD);
        }
        if (data instanceof BigDecimal number) {
            return new Text(number.toString(), CoreType.WORD);
        }
        if (data instanceof Double || data instanceof Float) {
            double number = ((Number) data).doubleValue();
            if (!Double.isFinite(number)) {
                throw new InvalidInputException("value", number + " is no number that YAML should hold");
            }
            return new Text(data.toString(), CoreType.WORD);
        }
        if (data instanceof List<?> list) {
            List<YamlValue> items = new ArrayList<>();
            list.forEach(item -> items.add(of(item, depth + 1)));
            return new Items(items);
        }
        if (data instanceof Map<?, ?> map) {
            Map<String, YamlValue> fields = new LinkedHashMap<>();
            map.forEach((key, value) -> {
                if (!(key instanceof String name)) {
                    throw new InvalidInputException("value", "a key of a map is text, not " + key);
                }
                fields.put(checked(name), of(value, depth + 1));
            });
            return new Fields(fields);
        }
        throw new InvalidInputException(
                "value",
                (data == null ? "null" : data.getClass().getSimpleName())
                        + " cannot be written; give maps, lists, text, numbers and truth values");
    }

    private static boolean isWhole(Object data) {
        return data instanceof Integer
                || data instanceof Long
                || data instanceof Short
                || data instanceof Byte
                || data instanceof BigInteger;
    }

    private static String checked(String text) {
        for (int i = 0; i < text.length(); i += Character.charCount(text.codePointAt(i))) {
            int c = text.codePointAt(i);
            if (c == 0 || Character.getType(c) == Character.SURROGATE) {
                throw new InvalidInputException(
                        "value", "holds NUL or half of a surrogate pair, which no YAML text can");
            }
        }
        return text;
    }
}
