package dev.angee.service;

import dev.angee.ConflictException;
import dev.angee.NotFoundException;
import dev.angee.document.YamlLimits;
import dev.angee.internal.yaml.YamlEdit;
import dev.angee.internal.yaml.YamlSource;
import dev.angee.internal.yaml.YamlValue;
import dev.angee.manifest.ManifestEditor;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Fields of a service, written into a manifest. */
final class FieldEdits {
    private static final String SERVICES = "services";

    private FieldEdits() {}

    static void add(ManifestEditor editor, ServiceRequest request) {
        for (String section : List.of(SERVICES, "jobs")) {
            if (editor.has(List.of(section, request.name()))) {
                throw new ConflictException(
                        "service", request.name(), "is declared already, in " + section + "; take another name");
            }
        }
        Map<String, Object> entry = new LinkedHashMap<>();
        request.fields().values().forEach((field, value) -> value.ifPresent(given -> entry.put(field.key(), given)));
        editor.put(List.of(SERVICES, request.name()), entry);
    }

    static void change(ManifestEditor editor, String name, ServiceFields fields) {
        if (!editor.has(List.of(SERVICES, name))) {
            throw new NotFoundException("service", name, "it is not declared");
        }
        fields.values().forEach((field, value) -> change(editor, List.of(SERVICES, name, field.key()), value));
    }

    private static void change(ManifestEditor editor, List<String> path, Optional<Object> value) {
        if (value.isEmpty()) {
            if (editor.has(path)) {
                editor.remove(path);
            }
        } else if (value.get() instanceof Map<?, ?> map && !map.isEmpty()) {
            entries(editor, path, map);
        } else if (!Optional.of(YamlValue.of(value.get())).equals(existing(editor, path))) {
            editor.put(path, value.get());
        }
    }

    /** One by one, so that the comments of those that stay as they are stay too. */
    private static void entries(ManifestEditor editor, List<String> path, Map<?, ?> wanted) {
        Map<String, YamlValue> there = existing(editor, path)
                .filter(YamlValue.Fields.class::isInstance)
                .map(value -> ((YamlValue.Fields) value).fields())
                .orElse(Map.of());
        there.keySet().stream().filter(key -> !wanted.containsKey(key)).forEach(key -> editor.remove(below(path, key)));
        wanted.forEach((key, value) -> {
            YamlValue now = there.get(String.valueOf(key));
            boolean same = now instanceof YamlValue.Text text && text.text().equals(value);
            if (!same) {
                editor.put(below(path, String.valueOf(key)), value);
            }
        });
    }

    private static List<String> below(List<String> path, String key) {
        return List.of(path.get(0), path.get(1), path.get(2), key);
    }

    private static Optional<YamlValue> existing(ManifestEditor editor, List<String> path) {
        YamlSource source = YamlSource.parse("angee.yaml", editor.text(), YamlLimits.standard());
        return YamlEdit.at(source.root(), path).map(YamlValue::of);
    }
}
