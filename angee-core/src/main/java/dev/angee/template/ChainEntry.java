package dev.angee.template;

import dev.angee.expression.Expression;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * A stack template that a workspace template renders into the workspace.
 *
 * @param template the template's name
 * @param root where it is rendered, relative to the workspace; the chain root if absent
 * @param inputs what it is given besides the workspace's own inputs
 */
public record ChainEntry(Expression template, Optional<Expression> root, Map<String, Expression> inputs) {
    /** Copies the map. */
    public ChainEntry {
        inputs = java.util.Collections.unmodifiableMap(new LinkedHashMap<>(inputs));
    }
}
