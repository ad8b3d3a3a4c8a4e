package dev.angee.template;

import dev.angee.InvalidInputException;
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

    /**
     * Files outside of a template that it says it includes.
     *
     * @param ref a template of this library
     * @param root a folder above it, as a path from it, such as {@code ../..}
     * @return all files below that folder, by their paths from the template; those of the template, too
     * @throws dev.angee.InvalidInputException if that is no folder above the template, or one that is not the library's
     */
    default List<TemplateFile> shared(String ref, String root) {
        throw new InvalidInputException("include_root", "template '" + ref + "' cannot share files with others here");
    }
}
