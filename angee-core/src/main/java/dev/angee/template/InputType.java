package dev.angee.template;

import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.angee.InvalidInputException;
import dev.angee.internal.yaml.PlainValues;
import dev.angee.internal.yaml.YamlDocument;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** What kind of value a template asks for. Values are given and kept as text; a template sees what the text means. */
public enum InputType {
    /** Text, as it is. */
    STR,
    /** A whole number. */
    INT,
    /** A number. */
    FLOAT,
    /** {@code true}, {@code yes}, {@code on}, {@code 1}, and their opposites; nothing is false. */
    BOOL,
    /** A path; text like any other to the template. */
    PATH,
    /** JSON. */
    JSON,
    /** YAML, as version 1.1 reads it. */
    YAML;

    private static final Set<String> TRUE = Set.of("true", "t", "yes", "y", "on", "1");
    private static final Set<String> FALSE = Set.of("false", "f", "no", "n", "off", "0", "", "none", "null", "~");
    private static final ObjectMapper MAPPER = new ObjectMapper();

    /** The type that {@code copier.yml} calls so. */
    static Optional<InputType> named(String word) {
        return switch (word) {
            case "bool", "boolean" -> Optional.of(BOOL);
            case "int", "integer" -> Optional.of(INT);
            case "str", "string", "secret" -> Optional.of(STR);
            case "float", "path", "json", "yaml" -> Optional.of(valueOf(word.toUpperCase(Locale.ROOT)));
            default -> Optional.empty();
        };
    }

    /**
     * What a text means.
     *
     * @param name of the input, for errors
     * @return text, a Long, a Double, a Boolean, a list, a map, or an empty Optional for nothing
     * @throws InvalidInputException if it means nothing of this type
     */
    public Object parse(String name, String text) {
        return switch (this) {
            case STR, PATH -> text;
            case INT -> whole(name, text.strip());
            case FLOAT -> floating(name, text.strip());
            case BOOL -> flag(name, text.strip().toLowerCase(Locale.ROOT));
            case JSON -> json(name, text);
            case YAML -> text.isBlank() ? Optional.empty() : PlainValues.of(YamlDocument.parse(name, text));
        };
    }

    private static Object whole(String name, String text) {
        try {
            return text.isEmpty() ? Optional.empty() : (Object) Long.valueOf(text);
        } catch (NumberFormatException e) {
            throw new InvalidInputException(name, "'" + text + "' is no whole number");
        }
    }

    private static Object floating(String name, String text) {
        if (text.isEmpty()) {
            return Optional.empty();
        }
        if (!text.matches("[-+]?(\\d+(\\.\\d*)?|\\.\\d+)([eE][-+]?\\d+)?")) {
            throw new InvalidInputException(name, "'" + text + "' is no number");
        }
        return Double.valueOf(text);
    }

    private static Object flag(String name, String text) {
        if (TRUE.contains(text) || FALSE.contains(text)) {
            return TRUE.contains(text);
        }
        throw new InvalidInputException(name, "'" + text + "' is neither true nor false");
    }

    /** Whether a text stands for true, in a condition: it does unless it says otherwise, or is the number 0. */
    static boolean isTrue(String text) {
        String word = text.strip().toLowerCase(Locale.ROOT);
        return !FALSE.contains(word) && !word.matches("[-+]?0*\\.?0*(e[-+]?\\d+)?");
    }

    private static Object json(String name, String text) {
        try {
            return text.isBlank() ? Optional.empty() : plain(MAPPER.readTree(text));
        } catch (JsonProcessingException e) {
            JsonLocation where = e.getLocation();
            throw new InvalidInputException(
                    name,
                    where == null
                            ? "is JSON that is nested too deeply, or has a number or a text that is too long"
                            : "is no JSON: line " + where.getLineNr() + ", column " + where.getColumnNr());
        }
    }

    private static Object plain(JsonNode node) {
        if (node.isObject()) {
            Map<Object, Object> map = new LinkedHashMap<>();
            node.properties().forEach(field -> map.put(field.getKey(), plain(field.getValue())));
            return map;
        }
        if (node.isArray()) {
            List<Object> list = new ArrayList<>();
            node.forEach(item -> list.add(plain(item)));
            return list;
        }
        if (node.isTextual()) {
            return node.textValue();
        }
        if (node.isBoolean()) {
            return node.booleanValue();
        }
        if (node.isNull() || node.isMissingNode()) {
            return Optional.empty();
        }
        return node.canConvertToLong() && node.isIntegralNumber() ? (Object) node.longValue() : node.doubleValue();
    }

    /** A value as text that means it again. */
    static String written(Object value) {
        if (value instanceof Optional<?> perhaps && perhaps.isEmpty()) {
            return "";
        }
        return value instanceof Map || value instanceof List ? json(value).toString() : value.toString();
    }

    private static JsonNode json(Object value) {
        if (value instanceof Map<?, ?> map) {
            var object = MAPPER.createObjectNode();
            map.forEach((key, each) -> object.set(written(key), json(each)));
            return object;
        }
        if (value instanceof List<?> list) {
            var array = MAPPER.createArrayNode();
            list.forEach(item -> array.add(json(item)));
            return array;
        }
        return value instanceof Optional ? MAPPER.nullNode() : MAPPER.valueToTree(value);
    }
}
