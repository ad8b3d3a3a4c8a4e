package dev.angee.render;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.angee.document.InvalidDocumentException;
import dev.angee.document.YamlLimits;
import dev.angee.internal.yaml.CoreType;
import dev.angee.internal.yaml.PlainValues;
import dev.angee.internal.yaml.YamlSource;
import dev.angee.internal.yaml.YamlValue;
import dev.angee.internal.yaml.YamlWriter;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * What a template was told, as it is kept beside what it rendered, for the next update. Copier's own files, and those that the Go
 * operator has written, are understood. No value of a secret is in what is written here, but a reference to it.
 *
 * @param template the template's name; empty if the file does not say
 * @param values all other values as text, by name; those of the Go operator's own engine too, see {@link #isMadeUp}
 */
public record AnswersFile(Optional<String> template, Map<String, String> values) {
    private static final String SOURCE = "_src_path";
    private static final Set<String> MADE_UP = Set.of("now", "make_secret"); // by the Go operator's engine, each time
    private static final ObjectMapper JSON = new ObjectMapper();

    /** Copies the map. */
    public AnswersFile {
        values = Collections.unmodifiableMap(new TreeMap<>(values));
    }

    /**
     * Reads one.
     *
     * @param file its name, for errors
     * @param text its content
     * @throws InvalidDocumentException if it is no YAML map
     */
    public static AnswersFile read(String file, String text) {
        if (text.lines().allMatch(line -> line.isBlank() || line.startsWith("#"))) {
            return new AnswersFile(Optional.empty(), Map.of());
        }
        YamlValue root =
                YamlValue.of(YamlSource.parse(file, text, YamlLimits.standard()).root());
        Map<String, String> values = new TreeMap<>();
        if (root instanceof YamlValue.Fields map) {
            map.fields().forEach((key, value) -> {
                if (!value.isNull()) {
                    values.put(key, text(value));
                }
            });
        }
        Optional<String> template = Optional.ofNullable(values.get(SOURCE)).filter(ref -> !ref.isBlank());
        values.keySet().removeIf(key -> key.startsWith("_"));
        return new AnswersFile(template, values);
    }

    /** Whether the Go operator has made up a value of this name at each rendering; it says nothing, unless a template asks for it. */
    public static boolean isMadeUp(String name) {
        return MADE_UP.contains(name);
    }

    /**
     * The content of the file: each value is a text in quotes.
     *
     * @param about what to say above it, on one line
     */
    public String text(String about) {
        Map<String, Object> all = new TreeMap<>(values);
        template.ifPresent(ref -> all.put(SOURCE, ref));
        return "# " + about + "\n" + new YamlWriter(2, "\n").lines(YamlValue.of(all), 0) + "\n";
    }

    /** Scalars as they are written; all else as JSON, which inputs of such a type understand. */
    private static String text(YamlValue value) {
        return value instanceof YamlValue.Text scalar ? scalar.text() : json(plain(value));
    }

    private static Object plain(YamlValue value) {
        if (value instanceof YamlValue.Fields map) {
            Map<String, Object> plain = new LinkedHashMap<>();
            map.fields().forEach((key, each) -> plain.put(key, plain(each)));
            return plain;
        }
        if (value instanceof YamlValue.Items list) {
            List<Object> plain = new ArrayList<>();
            list.items().forEach(each -> plain.add(plain(each)));
            return plain;
        }
        YamlValue.Text scalar = (YamlValue.Text) value;
        if (scalar.type() == CoreType.WORD) {
            Object word = PlainValues.ofPlain(scalar.text());
            return word instanceof String ? number(scalar.text()) : word;
        }
        return scalar.isNull() ? JSON.getNodeFactory().nullNode() : scalar.text();
    }

    /** A number in a form that only YAML's core schema knows; infinity is none in JSON, and stays text. */
    private static Object number(String text) {
        try {
            return new BigDecimal(text);
        } catch (NumberFormatException e) {
            return text;
        }
    }

    private static String json(Object value) {
        try {
            return JSON.writeValueAsString(value);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("not a value", e);
        }
    }

    /** The names alone: a file of the Go operator may hold secrets. */
    @Override
    public String toString() {
        return "answers to " + values.keySet()
                + template.map(ref -> " of " + ref).orElse("");
    }
}
