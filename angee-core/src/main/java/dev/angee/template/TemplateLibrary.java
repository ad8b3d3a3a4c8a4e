package dev.angee.template;

import dev.angee.InvalidInputException;
import java.util.List;
import java.util.Optional;

/**
 * A place templates come from. Found with {@link java.util.ServiceLoader} for templates that ship in a jar.
 *
 * <p>Thread-safe. Only {@code refresh} uses the network.
 */
public interface TemplateLibrary {
    /** The names of the templates that it can list, in order, for example {@code workspaces/dev}. It may know others. */
    List<String> list();

    /**
     * The files of a template.
     *
     * @param ref its name, for example {@code workspaces/dev}, or whatever else a caller takes for one
     * @return empty if this library has no such template
     */
    Optional<TemplateFiles> find(String ref);

    /**
     * Files outside of a template that it says it includes.
     *
     * @param template one that this library has found
     * @param root a folder above it, as a path from it, such as {@code ../..}
     * @return all files below that folder, by their paths from the template; those of the template, too
     * @throws dev.angee.InvalidInputException if that is no folder above the template, or one that is not the library's
     */
    default List<TemplateFile> shared(TemplateFiles template, String root) {
        throw new InvalidInputException(
                "include_root", "template '" + template.ref() + "' cannot share files with others here");
    }

    /** What stands where templates are listed, and is none that can be used; never fails. */
    default List<TemplateProblem> problems() {
        return List.of();
    }

    /** Why it has no such template, and what to do about it; empty if it knows nothing of it. */
    default Optional<String> hint(String ref) {
        return problems().stream()
                .filter(problem -> problem.ref().equals(ref))
                .map(TemplateProblem::message)
                .findFirst();
    }

    /**
     * Fetches what is new where this template comes from, if that is elsewhere.
     *
     * @return whether that is elsewhere; whether there is such a template is for {@link #find} to say
     */
    default boolean refresh(String ref) {
        return false;
    }

    /** Fetches what is new of the templates that it can list, if they come from elsewhere. */
    default void refresh() {}
}
