package dev.angee.template;

import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * One thing a template asks for, for people and programs that fill it in.
 *
 * @param name its name
 * @param type what kind of value: {@code str}, {@code int}, {@code float}, {@code bool}, {@code path}, {@code json} or {@code yaml}
 * @param required whether it needs a value
 * @param standard the value it has if none is given, as text, which may be a template; empty if it has none
 * @param choices the only values it may have; any if empty
 * @param several whether it is a list of choices
 */
public record TemplateInput(
        String name, String type, boolean required, Optional<String> standard, List<String> choices, boolean several) {
    /** Copies the list. */
    public TemplateInput {
        choices = List.copyOf(choices);
    }

    /** The only place where what a question says becomes what is shown of it. */
    static TemplateInput of(InputSpec input) {
        return new TemplateInput(
                input.name(),
                input.type().name().toLowerCase(Locale.ROOT),
                input.required(),
                input.standard().map(InputType::written).filter(text -> !text.isEmpty()),
                input.choices(),
                input.several());
    }
}
