package dev.angee.service;

import dev.angee.InvalidInputException;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * A service that is wanted from a template.
 *
 * @param template the template's name, {@code agent-claude} or {@code services/agent-claude}, or whatever finds one
 * @param workspace the workspace it is to work with
 * @param name its name: lower-case letters, digits, {@code _} and {@code -}; if absent, the template's pattern makes one
 * @param inputs what the template is given
 */
public record ServiceFromTemplate(
        String template, String workspace, Optional<String> name, Map<String, String> inputs) {
    /** Refuses what is not said, and names that could not be a folder. */
    public ServiceFromTemplate {
        if (template.isBlank()) {
            throw new InvalidInputException("template", "say which template to make the service from");
        }
        if (workspace.isBlank()) {
            throw new InvalidInputException("workspace", "say which workspace the service is to work with");
        }
        name.ifPresent(ServiceNames::require);
        inputs = Collections.unmodifiableMap(new LinkedHashMap<>(inputs));
        ServiceNames.requireNotReserved(inputs.keySet());
    }

    /** A service of this template, for this workspace. */
    public static ServiceFromTemplate of(String template, String workspace) {
        return new ServiceFromTemplate(template, workspace, Optional.empty(), Map.of());
    }

    /** The same, with this name. */
    public ServiceFromTemplate named(String wanted) {
        return new ServiceFromTemplate(template, workspace, Optional.of(wanted), inputs);
    }

    /** The same, with one more input. */
    public ServiceFromTemplate input(String key, String value) {
        Map<String, String> more = new LinkedHashMap<>(inputs);
        more.put(key, value);
        return new ServiceFromTemplate(template, workspace, name, more);
    }

    /** The template, the workspace and the name; no value of an input, which may be a secret. */
    @Override
    public String toString() {
        return "a service of " + template + " for " + workspace
                + name.map(wanted -> ", named " + wanted).orElse("") + ", with inputs " + inputs.keySet();
    }
}
