package dev.angee.manifest;

import dev.angee.internal.yaml.CoreType;
import dev.angee.internal.yaml.YamlValue;
import dev.angee.internal.yaml.YamlWriter;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Writes values for people to see: a token that stands in a manifest is three stars. */
final class Masking {
    static final String STARS = "***";

    private static final List<String> TOKEN = List.of("secrets_backend", "token");
    private static final String SECRET = "${secret.";
    private static final YamlWriter WRITER = new YamlWriter(2, "\n");
    private static final YamlValue MASKED = new YamlValue.Text(STARS, CoreType.WORD);

    private Masking() {}

    /** A value on one line, as YAML but for what is masked. */
    static String inline(List<String> path, YamlValue value) {
        return WRITER.inline(masked(path, value));
    }

    /**
     * The same, and where others refer to a secret, what is no reference is masked: it is likely to be the secret itself.
     *
     * @param others what stands in its place elsewhere
     */
    static String inline(List<String> path, YamlValue value, List<YamlValue> others) {
        return inline(path, concealed(value, others));
    }

    private static YamlValue concealed(YamlValue value, List<YamlValue> others) {
        if (value instanceof YamlValue.Fields map) {
            Map<String, YamlValue> shown = new LinkedHashMap<>();
            map.fields().forEach((key, field) -> shown.put(key, concealed(field, below(others, key))));
            return new YamlValue.Fields(shown);
        }
        boolean isSecret = others.stream().anyMatch(Masking::refers);
        if (value instanceof YamlValue.Items list) {
            return isSecret
                    ? new YamlValue.Items(Collections.nCopies(list.items().size(), MASKED))
                    : value;
        }
        return isSecret && !value.isNull() && !refers(value) ? MASKED : value;
    }

    /** What the others have there; of what is no map, all of it. */
    private static List<YamlValue> below(List<YamlValue> others, String key) {
        List<YamlValue> below = new ArrayList<>();
        for (YamlValue other : others) {
            YamlValue field =
                    other instanceof YamlValue.Fields map ? map.fields().get(key) : other;
            if (field != null) {
                below.add(field);
            }
        }
        return below;
    }

    private static boolean refers(YamlValue value) {
        if (value instanceof YamlValue.Fields map) {
            return map.fields().values().stream().anyMatch(Masking::refers);
        }
        if (value instanceof YamlValue.Items list) {
            return list.items().stream().anyMatch(Masking::refers);
        }
        return ((YamlValue.Text) value).text().contains(SECRET);
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
