package dev.angee.template;

import java.util.List;
import java.util.Optional;

/**
 * One thing a template asks for.
 *
 * @param name its name
 * @param type what kind of value it is
 * @param required whether it needs a value
 * @param standard the value it has if none is given: a text, itself a template that sees the other values, or a list or a map
 *     of values
 * @param choices the only values it may have; any if empty
 * @param several whether it is a list of choices
 * @param when a template that says whether it is asked for; otherwise it has its standard value, whatever is given
 * @param validator a template that prints what is wrong with a value, and nothing if it is right
 */
public record InputSpec(
        String name,
        InputType type,
        boolean required,
        Optional<Object> standard,
        List<String> choices,
        boolean several,
        Optional<String> when,
        Optional<String> validator) {
    /** Copies the list. */
    public InputSpec {
        choices = List.copyOf(choices);
    }

    /** A question over what {@code _angee.inputs} says of the same name: neither makes it less required. */
    static InputSpec over(InputSpec declared, InputSpec question) {
        return new InputSpec(
                question.name,
                question.type,
                declared.required || question.required,
                question.standard.or(declared::standard),
                question.choices,
                question.several,
                question.when,
                question.validator);
    }

    /** What a text means to the template: a list of choices is written as JSON or YAML. */
    Object parse(String text) {
        return (several ? InputType.YAML : type).parse(name, text);
    }
}
