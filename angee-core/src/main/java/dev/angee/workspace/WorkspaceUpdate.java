package dev.angee.workspace;

import dev.angee.render.OnConflict;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What is wanted of an update of a workspace.
 *
 * @param inputs what its template is given besides, or in place of, what it was given before
 * @param onConflict what becomes of files that both the template and somebody here have changed
 */
public record WorkspaceUpdate(Map<String, String> inputs, OnConflict onConflict) {
    /** Copies the map. */
    public WorkspaceUpdate {
        inputs = java.util.Collections.unmodifiableMap(new LinkedHashMap<>(inputs));
    }

    /** To what the template renders now of what it was given before; conflicts are refused. */
    public static WorkspaceUpdate standard() {
        return new WorkspaceUpdate(Map.of(), OnConflict.REFUSE);
    }

    /** The same, with one more input. */
    public WorkspaceUpdate input(String key, String value) {
        Map<String, String> more = new LinkedHashMap<>(inputs);
        more.put(key, value);
        return new WorkspaceUpdate(more, onConflict);
    }

    /** The same, with another way with conflicts. */
    public WorkspaceUpdate with(OnConflict way) {
        return new WorkspaceUpdate(inputs, way);
    }
}
