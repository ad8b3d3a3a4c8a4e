package dev.angee.templates.jinja;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** Fields that can be assigned to from inside a loop. */
final class Namespace implements Members {
    private final Map<String, Object> fields = new LinkedHashMap<>();

    void set(String name, Object value) {
        fields.put(name, value);
    }

    @Override
    public Optional<Object> member(String name) {
        return Optional.ofNullable(fields.get(name));
    }
}
