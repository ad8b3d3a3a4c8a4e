package dev.angee.template;

import java.util.List;

/**
 * All templates that can be listed.
 *
 * @param templates those that can be used, in the order of their names
 * @param problems those that cannot, and the libraries that cannot be looked into
 */
public record TemplateListing(List<TemplateDescriptor> templates, List<TemplateProblem> problems) {
    /** Copies the lists. */
    public TemplateListing {
        templates = List.copyOf(templates);
        problems = List.copyOf(problems);
    }
}
