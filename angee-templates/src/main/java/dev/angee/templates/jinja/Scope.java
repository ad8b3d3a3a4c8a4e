package dev.angee.templates.jinja;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Names and their values, and those of the scope around it. What is set in one is not seen outside. */
final class Scope {
    private final Map<String, Object> values = new HashMap<>();
    private final @Nullable Scope outer;

    private Scope(@Nullable Scope outer) {
        this.outer = outer;
    }

    static Scope outermost(Map<String, Object> values) {
        Scope scope = new Scope(null);
        scope.values.putAll(values);
        return scope;
    }

    Scope inner() {
        return new Scope(this);
    }

    void set(String name, Object value) {
        values.put(name, value);
    }

    Optional<Object> find(String name) {
        for (Scope scope = this; scope != null; scope = scope.outer) {
            Object value = scope.values.get(name);
            if (value != null) {
                return Optional.of(value);
            }
        }
        return Optional.empty();
    }

    /** What was set in this very scope. */
    Optional<Object> own(String name) {
        return Optional.ofNullable(values.get(name));
    }
}
