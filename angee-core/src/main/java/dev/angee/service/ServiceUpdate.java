package dev.angee.service;

import dev.angee.render.OnConflict;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * What is wanted of an update of a service from its template.
 *
 * @param inputs what the template is given besides, or in place of, what it was given before
 * @param onConflict what becomes of what both the template and somebody here have changed
 * @param template another template to follow from now on: a newer pin, or the name of one that a Go operator remembers by a path
 */
public record ServiceUpdate(Map<String, String> inputs, OnConflict onConflict, Optional<String> template) {
    /** Refuses inputs that are not anybody's to give. */
    public ServiceUpdate {
        inputs = Collections.unmodifiableMap(new LinkedHashMap<>(inputs));
        ServiceNames.requireNotReserved(inputs.keySet());
    }

    /** To what the template renders now of what it was given before; conflicts are refused. */
    public static ServiceUpdate standard() {
        return new ServiceUpdate(Map.of(), OnConflict.REFUSE, Optional.empty());
    }

    /** The same, with one more input. */
    public ServiceUpdate input(String key, String value) {
        Map<String, String> more = new LinkedHashMap<>(inputs);
        more.put(key, value);
        return new ServiceUpdate(more, onConflict, template);
    }

    /** The same, with another way with conflicts. */
    public ServiceUpdate with(OnConflict way) {
        return new ServiceUpdate(inputs, way, template);
    }

    /** The same, to what this template renders. */
    public ServiceUpdate template(String ref) {
        return new ServiceUpdate(inputs, onConflict, Optional.of(ref));
    }

    /** The way and the names of the inputs; no value, which may be a secret. */
    @Override
    public String toString() {
        return "an update" + template.map(ref -> " to " + ref).orElse("") + ", with inputs " + inputs.keySet() + ", "
                + onConflict;
    }
}
