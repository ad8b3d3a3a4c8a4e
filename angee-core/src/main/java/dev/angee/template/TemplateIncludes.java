package dev.angee.template;

import java.util.Optional;

/** The texts that a template may include: what it cannot reach here, it cannot reach. */
@FunctionalInterface
public interface TemplateIncludes {
    /**
     * A text to be rendered in the place where it is included.
     *
     * @param including the name of the text that asks, as it was given here or to the renderer
     * @param path how it calls the other; anything a template can write
     * @return empty if there is none by that path
     */
    Optional<TemplateText> find(String including, String path);

    /** Nothing to include. */
    static TemplateIncludes none() {
        return (including, path) -> Optional.empty();
    }
}
