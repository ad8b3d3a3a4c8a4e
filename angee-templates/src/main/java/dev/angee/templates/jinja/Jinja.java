package dev.angee.templates.jinja;

import dev.angee.template.TemplateIncludes;
import dev.angee.template.TemplateText;
import java.util.LinkedHashMap;
import java.util.Map;

/** The whole language: a text and its inputs to another text. Thread-safe: each rendering is on its own. */
public final class Jinja {
    private final long steps;
    private final long characters;
    private final boolean strict;

    /**
     * A renderer with limits.
     *
     * @param steps how many things one rendering may evaluate
     * @param characters how many characters and items it may make, on the way and as its result
     * @param strict whether it is an error to use what is not defined; otherwise it prints as nothing
     */
    public Jinja(long steps, long characters, boolean strict) {
        this.steps = steps;
        this.characters = characters;
        this.strict = strict;
    }

    /**
     * Renders one text.
     *
     * @param inputs text, numbers, booleans, lists and maps of those, by name
     * @throws JinjaException if it is no template, fails, or takes more than it may
     */
    public String render(TemplateText text, Map<String, ?> inputs, TemplateIncludes texts) {
        Machine machine = Machine.with(new Budget(steps, characters), strict);
        Map<String, Object> values = new LinkedHashMap<>();
        inputs.forEach((name, value) -> values.put(name, Values.of(value)));
        try {
            machine.budget().steps(2L * text.text().length());
            return new Rendering(machine, values, texts).render(text);
        } catch (JinjaException e) {
            throw e.named(text.name());
        } catch (StackOverflowError e) {
            throw JinjaException.limit("nests more deeply than the thread's stack has room for")
                    .named(text.name());
        } catch (OutOfMemoryError e) {
            throw JinjaException.limit("needs more memory than there is").named(text.name());
        }
    }
}
