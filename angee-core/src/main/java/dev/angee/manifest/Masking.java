package dev.angee.manifest;

import dev.angee.internal.yaml.CoreType;
import dev.angee.internal.yaml.YamlValue;
import dev.angee.internal.yaml.YamlWriter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Writes values for people to see: a token that stands in a manifest is three stars. */
final class Masking {
    static final String STARS = "***";

    private static final List<String> TOKEN = List.of("secrets_backend", "token");
    private static final YamlWriter WRITER = new YamlWriter(2, "\n");
    private static final YamlValue MASKED = new YamlValue.Text(STARS, CoreType.WORD);

    private Masking() {}

    /** A value on one line, as YAML but for what is masked. */
    static String inline(List<String> path, YamlValue value) {
        return WRITER.inline(masked(path, value));
    }

    /** Whether what is written at a path, above it or below it holds a token. */
    static boolean holdsToken(List<String> path) {
        int common = Math.min(path.size(), TOKEN.size());
        return path.subList(0, common).equals(TOKEN.subList(0, common));
    }

    private static YamlValue masked(List<String> path, YamlValue value) {
        if (!holdsToken(path) || value.isNull()) {
            return value;
        }
        if (path.size() >= TOKEN.size()) {
            return MASKED;
        }
        if (!(value instanceof YamlValue.Fields fields)) {
            return value;
        }
        Map<String, YamlValue> shown = new LinkedHashMap<>();
        fields.fields().forEach((key, field) -> {
            List<String> below = new ArrayList<>(path);
            below.add(key);
            shown.put(key, masked(below, field));
        });
        return new YamlValue.Fields(shown);
    }
}
