package dev.angee.template;

import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What would be wrong with some inputs of a template.
 *
 * @param missing the required inputs that would have no value: not given, and without a default of their own, in order
 * @param invalid the values that are not what the template asks for, by field
 * @param unknown what is given and not asked for; no error, for a chained template may ask for it
 * @param effective the values it would have, secrets by reference; what would be generated is not among them
 */
public record TemplateCheck(
        List<String> missing, List<Finding> invalid, List<Finding> unknown, Map<String, String> effective) {
    /** Copies the collections. */
    public TemplateCheck {
        missing = missing.stream().sorted().toList();
        invalid = List.copyOf(invalid);
        unknown = List.copyOf(unknown);
        effective = Collections.unmodifiableMap(new TreeMap<>(effective));
    }

    /**
     * Something about one input.
     *
     * @param field its name
     * @param reason what is wrong, and what would be right
     */
    public record Finding(String field, String reason) {}

    /** Whether the template can be rendered with these inputs. */
    public boolean ok() {
        return missing.isEmpty() && invalid.isEmpty();
    }
}
