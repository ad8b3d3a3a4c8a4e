package dev.angee.render;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * What is wanted when what was made from a template is to be brought to what the template renders now.
 *
 * @param inputs what the template is given besides, or in place of, what it was given before
 * @param resolution what becomes of what both the template and somebody here have changed
 * @param template another template to follow from now on, such as a newer pin
 */
public record TemplateUpdate(Map<String, String> inputs, Resolution resolution, Optional<String> template) {
    /** Copies the map. */
    public TemplateUpdate {
        inputs = Collections.unmodifiableMap(new LinkedHashMap<>(inputs));
    }

    /** To what the template renders now of what it was given before; conflicts are refused. */
    public static TemplateUpdate standard() {
        return new TemplateUpdate(Map.of(), Resolution.of(OnConflict.REFUSE), Optional.empty());
    }

    /** The same, with one more input. */
    public TemplateUpdate input(String key, String value) {
        Map<String, String> more = new LinkedHashMap<>(inputs);
        more.put(key, value);
        return new TemplateUpdate(more, resolution, template);
    }

    /** The same, with another way with conflicts. */
    public TemplateUpdate with(OnConflict way) {
        return new TemplateUpdate(inputs, Resolution.of(way), template);
    }

    /**
     * The same, with another way with one file's conflict.
     *
     * @param path of the file, as {@link RenderConflict#path} says
     */
    public TemplateUpdate with(String path, OnConflict way) {
        return new TemplateUpdate(inputs, resolution.with(path, way), template);
    }

    /** The same, to what this template renders. */
    public TemplateUpdate template(String ref) {
        return new TemplateUpdate(inputs, resolution, Optional.of(ref));
    }

    /** No value of an input, which may be a secret. */
    @Override
    public String toString() {
        return "an update" + template.map(ref -> " to " + ref).orElse("") + ", with inputs " + inputs.keySet() + ", "
                + resolution;
    }
}
