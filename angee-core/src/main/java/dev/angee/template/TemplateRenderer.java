package dev.angee.template;

import java.util.Map;

/**
 * A template engine: turns one text and some inputs into another text. What {@code TemplateRendererContract} in this
 * module's tests checks is what is promised here.
 *
 * <p>Thread-safe, pure, and locked down: a template reaches no class, file, environment variable or clock, only the
 * inputs and what it may include. The manifest's own {@code ${…}} expressions are not the engine's, and pass through untouched.
 */
public interface TemplateRenderer {
    /** The ending of the files this engine renders, for example {@code .ftl}; the rendered file's name lacks it. */
    String suffix();

    /**
     * Renders one text.
     *
     * @param text the template
     * @param inputs all the template can see: text, booleans, numbers (Long, Double), an empty Optional for none, and
     *     lists and maps of those
     * @param includes what it may include
     * @return the rendered text, at most 16 MiB
     * @throws dev.angee.AngeeException {@code INVALID}, with name, line and column, if the text is not a template or
     *     cannot be rendered with these inputs; {@code FAILED} if it runs too long or makes too much output
     */
    String render(TemplateText text, Map<String, ?> inputs, TemplateIncludes includes);

    /**
     * Renders one text that includes no other.
     *
     * @param name what the text is called in errors
     * @param text the template
     * @param inputs all the template can see
     */
    default String render(String name, String text, Map<String, ?> inputs) {
        return render(new TemplateText(name, text), inputs, TemplateIncludes.none());
    }
}
