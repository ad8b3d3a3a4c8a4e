package dev.angee.service;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.angee.document.YamlLimits;
import dev.angee.internal.yaml.YamlSource;
import dev.angee.internal.yaml.YamlValue;
import dev.angee.internal.yaml.YamlWriter;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * What a service's template was told, as it is kept in the service's folder. The values of secrets are not in it, but references
 * to them; of a file that a Go operator has written, they may be.
 *
 * @param template the template's name; empty if the file does not say
 * @param workspace the workspace; empty if the file does not say
 * @param inputs the rest
 */
record ServiceAnswers(Optional<String> template, Optional<String> workspace, Map<String, String> inputs) {
    private static final String SOURCE = "_src_path";
    private static final Set<String> MADE_UP = Set.of("now", "make_secret"); // what the Go operator's engine adds
    private static final ObjectMapper JSON = new ObjectMapper();

    ServiceAnswers {
        inputs = Collections.unmodifiableMap(new TreeMap<>(inputs));
    }

    static ServiceAnswers read(String file, String text) {
        YamlValue root = text.lines().allMatch(line -> line.isBlank() || line.startsWith("#"))
                ? new YamlValue.Fields(Map.of())
                : YamlValue.of(
                        YamlSource.parse(file, text, YamlLimits.standard()).root());
        Map<String, String> values = new TreeMap<>();
        ((YamlValue.Fields) root).fields().forEach((key, value) -> values.put(key, text(value)));
        Map<String, String> inputs = new TreeMap<>(values);
        inputs.keySet().removeIf(key -> key.startsWith("_") || MADE_UP.contains(key) || ServiceNames.isReserved(key));
        return new ServiceAnswers(found(values, SOURCE), found(values, ServiceNames.WORKSPACE), inputs);
    }

    private static Optional<String> found(Map<String, String> values, String key) {
        return Optional.ofNullable(values.get(key)).filter(value -> !value.isBlank());
    }

    /** Text as it is; all else as JSON, which inputs of such a type understand. */
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
        return ((YamlValue.Text) value).text();
    }

    private static String json(Object value) {
        try {
            return JSON.writeValueAsString(value);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("not a value", e);
        }
    }

    /** The file: each value is a text in quotes. */
    String file(String service) {
        Map<String, Object> all = new TreeMap<>(inputs);
        template.ifPresent(ref -> all.put(SOURCE, ref));
        workspace.ifPresent(each -> all.put(ServiceNames.WORKSPACE, each));
        all.put(ServiceNames.SERVICE, service);
        return "# What the template of this service was told; written anew at every update.\n"
                + new YamlWriter(2, "\n").lines(YamlValue.of(all), 0) + "\n";
    }
}
