package dev.angee.workspace;

import dev.angee.InvalidInputException;
import dev.angee.manifest.ManifestReader;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * A workspace that is wanted.
 *
 * @param name its name, a valid one; if absent, what its template makes of the inputs
 * @param template the template to make it from; if absent, the one the manifest declares for this name
 * @param inputs what the template is given, over what the manifest declares
 * @param freshness how old its sources may be: one that was fetched within that time is not fetched again
 */
public record WorkspaceRequest(
        Optional<String> name, Optional<String> template, Map<String, String> inputs, Duration freshness) {
    /** Refuses a name that could not be a folder or a part of a branch, and negative times. */
    public WorkspaceRequest {
        if (name.isEmpty() && template.isEmpty()) {
            throw new InvalidInputException(
                    "template", "say which template to make it from, or give it a declared name");
        }
        if (name.filter(given -> !ManifestReader.isName(given)).isPresent()) {
            throw new InvalidInputException(
                    "name",
                    "'" + name.get()
                            + "' cannot be a workspace's name: letters, digits, '.', '_' and '-', beginning with a "
                            + "letter or digit, at most 63 characters, no '..'");
        }
        if (freshness.isNegative()) {
            throw new InvalidInputException("freshness", "is not negative");
        }
        inputs = java.util.Collections.unmodifiableMap(new LinkedHashMap<>(inputs));
    }

    /** A workspace with this name, from what its sources are now. */
    public static WorkspaceRequest named(String name) {
        return new WorkspaceRequest(Optional.of(name), Optional.empty(), Map.of(), Duration.ZERO);
    }

    /** A workspace from this template, which names it; from what its sources are now. */
    public static WorkspaceRequest of(String template) {
        return new WorkspaceRequest(Optional.empty(), Optional.of(template), Map.of(), Duration.ZERO);
    }

    /** The same, from this template. */
    public WorkspaceRequest template(String ref) {
        return new WorkspaceRequest(name, Optional.of(ref), inputs, freshness);
    }

    /** The same, with one more input. */
    public WorkspaceRequest input(String key, String value) {
        Map<String, String> more = new LinkedHashMap<>(inputs);
        more.put(key, value);
        return new WorkspaceRequest(name, template, more, freshness);
    }

    /** The same, with more inputs. */
    public WorkspaceRequest inputs(Map<String, String> values) {
        Map<String, String> more = new LinkedHashMap<>(inputs);
        more.putAll(values);
        return new WorkspaceRequest(name, template, more, freshness);
    }

    /** The same, from what its sources were within that time. */
    public WorkspaceRequest unlessFetchedWithin(Duration time) {
        return new WorkspaceRequest(name, template, inputs, time);
    }
}
