package dev.angee.templates.jinja;

import java.util.Optional;

/**
 * What another text sets and defines.
 *
 * @param scope its outermost scope
 */
record Imported(Scope scope) implements Members {
    @Override
    public Optional<Object> member(String name) {
        return name.startsWith("_") ? Optional.empty() : scope.own(name);
    }
}
