package dev.angee.stack;

import dev.angee.render.OnConflict;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A stack that is wanted, made from a template.
 *
 * @param template the template's name
 * @param inputs what it is given
 * @param onConflict what becomes of what is there already: {@code OVERWRITE} and {@code KEEP} also take a folder that is not empty
 */
public record NewStack(String template, Map<String, String> inputs, OnConflict onConflict) {
    /** Copies the map. */
    public NewStack {
        inputs = Collections.unmodifiableMap(new LinkedHashMap<>(inputs));
    }

    /** From this template, in a folder that is empty or not there. */
    public static NewStack from(String template) {
        return new NewStack(template, Map.of(), OnConflict.REFUSE);
    }

    /** The same, with one more input. */
    public NewStack input(String key, String value) {
        Map<String, String> more = new LinkedHashMap<>(inputs);
        more.put(key, value);
        return new NewStack(template, more, onConflict);
    }

    /** The same, with another way with what is there already. */
    public NewStack with(OnConflict way) {
        return new NewStack(template, inputs, way);
    }

    /** No value of an input, which may be a secret. */
    @Override
    public String toString() {
        return "a stack from " + template + ", with inputs " + inputs.keySet() + ", " + onConflict;
    }
}
