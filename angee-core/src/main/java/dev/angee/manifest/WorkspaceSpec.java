package dev.angee.manifest;

import java.util.Map;

/**
 * A workspace that is declared, whether or not it has been made on this machine.
 *
 * @param name its name
 * @param template the template it is made from
 * @param inputs what the template is given
 */
public record WorkspaceSpec(String name, String template, Map<String, String> inputs) {
    /** Copies the map. */
    public WorkspaceSpec {
        inputs = Ordered.copy(inputs);
    }
}
