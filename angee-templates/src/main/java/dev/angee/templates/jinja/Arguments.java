package dev.angee.templates.jinja;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a call gives to a filter, test, function or method.
 *
 * @param function what is called, for errors
 * @param positional those without a name
 * @param named the others
 */
record Arguments(String function, List<Object> positional, Map<String, Object> named) {
    Arguments {
        positional = List.copyOf(positional);
        named = java.util.Collections.unmodifiableMap(new LinkedHashMap<>(named));
    }

    /** The same without the first. */
    Arguments rest() {
        return new Arguments(function, positional.subList(Math.min(1, positional.size()), positional.size()), named);
    }

    /** Makes sure that there are no others than these, in the order they have without their names. */
    Arguments only(String... names) {
        if (positional.size() > names.length) {
            throw JinjaException.of(
                    function + " takes " + names.length + " arguments at most, not " + positional.size());
        }
        for (String given : named.keySet()) {
            if (!List.of(names).contains(given)) {
                throw JinjaException.of(function + " has no argument '" + given + "'");
            }
        }
        return this;
    }

    Optional<Object> get(int index, String name) {
        if (index < positional.size()) {
            return Optional.of(positional.get(index));
        }
        return Optional.ofNullable(named.get(name));
    }

    Object need(int index, String name) {
        return get(index, name).orElseThrow(() -> JinjaException.of(function + " needs the argument '" + name + "'"));
    }

    /** A text; what has none of its own is an error. */
    String text(int index, String name) {
        return asText(need(index, name), name);
    }

    String text(int index, String name, String standard) {
        return get(index, name).map(value -> asText(value, name)).orElse(standard);
    }

    private String asText(Object value, String name) {
        if (value instanceof String text) {
            return text;
        }
        throw JinjaException.of(function + " needs a string for '" + name + "', not " + Values.kind(value));
    }

    long number(int index, String name) {
        return asNumber(need(index, name), name);
    }

    long number(int index, String name, long standard) {
        return get(index, name).map(value -> asNumber(value, name)).orElse(standard);
    }

    private long asNumber(Object value, String name) {
        if (value instanceof Long || value instanceof Boolean) {
            return Values.number(value).longValue();
        }
        throw JinjaException.of(function + " needs a whole number for '" + name + "', not " + Values.kind(value));
    }

    /** Whether something is wanted; anything is true or false. */
    boolean flag(int index, String name, boolean standard) {
        return get(index, name).map(Values::isTrue).orElse(standard);
    }

    /** One that may be none. */
    Optional<Object> unlessNone(int index, String name) {
        return get(index, name).filter(value -> value != None.NONE);
    }
}
