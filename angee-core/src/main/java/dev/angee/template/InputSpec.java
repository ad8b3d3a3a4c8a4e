package dev.angee.template;

import dev.angee.InvalidInputException;
import dev.angee.internal.yaml.YamlDocument;
import java.util.List;
import java.util.Optional;

/**
 * One thing a template asks for.
 *
 * @param name its name
 * @param type what kind of value it is
 * @param rules what holds for it whatever its value is
 * @param standard the value it has if none is given: a text, itself a template that sees the other values, or a list or a map
 *     of values
 * @param choices the only values it may have; any if empty
 * @param several whether it is a list of choices
 * @param when a template that says whether it is asked for. If not, it has the value that is given all the same, else its standard
 *     value, as with Copier: what was answered before is dropped, unless it is immutable. A secret that is not given has no
 *     value then, and none is stored
 * @param validator a template that prints what is wrong with a value, and nothing if it is right
 */
public record InputSpec(
        String name,
        InputType type,
        InputRules rules,
        Optional<Object> standard,
        List<String> choices,
        boolean several,
        Optional<String> when,
        Optional<String> validator) {
    /** Copies the list. */
    public InputSpec {
        choices = List.copyOf(choices);
    }

    /** Whether it needs a value. */
    public boolean required() {
        return rules.required();
    }

    /** Whether its value is kept in the store of secrets only. */
    public boolean secret() {
        return rules.secret();
    }

    /** A secret text that may be given, and need not. */
    public static InputSpec secret(String name) {
        return new InputSpec(
                name,
                InputType.STR,
                InputRules.none().asSecret(),
                Optional.empty(),
                List.of(),
                false,
                Optional.empty(),
                Optional.empty());
    }

    /** The same, as a secret. */
    public InputSpec asSecret() {
        return new InputSpec(name, type, rules.asSecret(), standard, choices, several, when, validator);
    }

    /** Refuses a text with a character that no file of answers can hold. */
    static void requireFit(String name, String text) {
        YamlDocument.unfit(text).ifPresent(character -> {
            throw new InvalidInputException(
                    name, "has the character " + character + ", which no answer can have; leave it out");
        });
    }

    /** What it has to be, if a random text can never be that. */
    Optional<String> beyondChance() {
        if (!choices.isEmpty()) {
            return Optional.of("one of its choices");
        }
        if (several || standard.filter(each -> !(each instanceof String)).isPresent()) {
            return Optional.of("a list or a map");
        }
        return switch (type) {
            case INT -> Optional.of("a whole number");
            case FLOAT -> Optional.of("a number");
            case BOOL -> Optional.of("true or false");
            case JSON -> Optional.of("JSON");
            case STR, PATH, YAML -> Optional.empty();
        };
    }

    /**
     * What a text means to the template: a list of choices is written as JSON or YAML.
     *
     * @throws InvalidInputException if it means nothing to it, or could not be kept in a file
     */
    Object parse(String text) {
        if (!secret()) {
            requireFit(name, text);
        }
        return (several ? InputType.YAML : type).parse(name, text);
    }
}
