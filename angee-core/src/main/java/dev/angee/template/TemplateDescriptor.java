package dev.angee.template;

import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * What is to be known of a template before it is used.
 *
 * @param ref what it is asked for by, its pin included
 * @param kind what it makes: {@code workspace}, {@code stack} or {@code service}
 * @param name what people call it
 * @param origin where it was found
 * @param inputs what it asks for, in the order of their names
 */
public record TemplateDescriptor(
        String ref, String kind, Optional<String> name, TemplateOrigin origin, List<TemplateInput> inputs) {
    /** Copies the list. */
    public TemplateDescriptor {
        inputs = List.copyOf(inputs);
    }

    /** Describes a template. */
    public static TemplateDescriptor of(Template template) {
        TemplateMetadata metadata = template.metadata();
        return new TemplateDescriptor(
                template.ref(),
                metadata.kind(),
                metadata.name(),
                template.origin(),
                metadata.inputs().values().stream()
                        .map(input ->
                                TemplateInput.of(input, metadata.questions().contains(input.name())))
                        .sorted(Comparator.comparing(TemplateInput::name))
                        .toList());
    }
}
