package dev.angee.template;

import java.util.List;
import java.util.Optional;

/**
 * A place templates come from. Found with {@link java.util.ServiceLoader} for templates that ship in a jar.
 *
 * <p>Thread-safe. Reading never uses the network.
 */
public interface TemplateLibrary {
    /** The names of its templates, in order, for example {@code workspaces/dev}. */
    List<String> list();

    /**
     * The files of a template.
     *
     * @param ref its name, for example {@code workspaces/dev}
     * @return empty if this library has no such template
     */
    Optional<TemplateFiles> find(String ref);
}
