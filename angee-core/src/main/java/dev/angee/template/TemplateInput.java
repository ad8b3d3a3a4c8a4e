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
 * @param immutable whether it keeps the value it was first given
 * @param generated whether it gets a random value if it has none
 * @param secret whether its value is kept in the store of secrets only
 * @param standard the value it has if none is given, as text, which may be a template; empty if it has none, or is a secret
 * @param choices the only values it may have; any if empty
 * @param several whether it is a list of choices
 * @param question whether it is one of Copier's questions, and not only an input of {@code _angee}
 */
public record TemplateInput(
        String name,
        String type,
        boolean required,
        boolean immutable,
        boolean generated,
        boolean secret,
        Optional<String> standard,
        List<String> choices,
        boolean several,
        boolean question) {
    /** Copies the list. */
    public TemplateInput {
        choices = List.copyOf(choices);
    }

    /** The only place where what a question says becomes what is shown of it. */
    static TemplateInput of(InputSpec input, boolean question) {
        InputRules rules = input.rules();
        return new TemplateInput(
                input.name(),
                input.type().name().toLowerCase(Locale.ROOT),
                rules.required(),
                rules.immutable(),
                rules.generated().isPresent(),
                rules.secret(),
                input.standard().map(InputType::written).filter(text -> !text.isEmpty() && !rules.secret()),
                input.choices(),
                input.several(),
                question);
    }
}
