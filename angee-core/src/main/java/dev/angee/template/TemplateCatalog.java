package dev.angee.template;

import dev.angee.AngeeException;
import dev.angee.InvalidInputException;
import dev.angee.NotFoundException;
import dev.angee.internal.ShownAddress;
import jakarta.inject.Inject;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * Finds templates by name: {@code dev}, {@code workspaces/dev}, and whatever else one of its libraries takes for a name, such as
 * {@code workspaces/dev@v1} or the address of a repository. Libraries are asked in order and the first that has it wins, so that
 * a root's own templates stand before bundled ones. Thread-safe.
 *
 * <p>Nothing but {@link #refresh} uses the network: what was never fetched is not found.
 */
public final class TemplateCatalog {
    private static final List<String> FAMILIES = List.of("stacks", "workspaces", "services");

    private final List<TemplateLibrary> libraries;

    /**
     * A catalog over some libraries.
     *
     * @param libraries in the order they are asked
     */
    @Inject
    public TemplateCatalog(Collection<TemplateLibrary> libraries) {
        this.libraries = List.copyOf(libraries);
    }

    /** Whether a name is a path on this host: nothing that a caller from elsewhere should be heard with. */
    public static boolean isLocalPath(String ref) {
        return TemplateName.isLocalPath(ref);
    }

    /** The names of all templates that can be listed, in order. */
    public List<String> list() {
        TreeSet<String> refs = new TreeSet<>();
        libraries.forEach(library -> refs.addAll(library.list()));
        return List.copyOf(refs);
    }

    /** All templates that can be listed, and those that could be if nothing were wrong with them; one fails no other. */
    public TemplateListing describe() {
        List<TemplateDescriptor> templates = new ArrayList<>();
        List<TemplateProblem> problems = new ArrayList<>();
        for (String ref : list()) {
            try {
                templates.add(describe(ref));
            } catch (AngeeException e) {
                problems.add(new TemplateProblem(ref, e.code(), String.valueOf(e.getMessage())));
            }
        }
        libraries.forEach(library -> problems.addAll(library.problems()));
        return new TemplateListing(templates, problems);
    }

    /**
     * What is to be known of a template before it is used.
     *
     * @throws AngeeException as {@link #get} does
     */
    public TemplateDescriptor describe(String ref) {
        return TemplateDescriptor.of(get(ref));
    }

    /**
     * A template, whatever it makes.
     *
     * @param ref its full name; without a family only what stands in the root under just this name
     * @throws NotFoundException if no library has it, or it was not fetched yet, saying so
     * @throws InvalidInputException if it is no name, or there is something wrong with the template
     */
    public Template get(String ref) {
        TemplateName.check(ref);
        return find(ref, List.of(ref));
    }

    /**
     * A template of some kind.
     *
     * @param ref its name; without a family, that of the kind is taken: {@code dev} is {@code workspaces/dev}
     * @param kind {@code workspace}, {@code stack} or {@code service}
     * @throws NotFoundException if no library has it, or it was not fetched yet, saying so
     * @throws InvalidInputException if it is no name, is of another kind, or there is something wrong with the template
     */
    public Template find(String ref, String kind) {
        TemplateName.check(ref);
        boolean isFull = ref.contains("/") || ref.contains(":");
        Template template = find(ref, isFull ? List.of(ref) : List.of(kind + "s/" + ref, ref));
        if (!template.metadata().kind().equals(kind)) {
            throw new InvalidInputException(
                    "template", "'" + ref + "' makes a " + template.metadata().kind() + ", not a " + kind);
        }
        return template;
    }

    /**
     * Fetches what is new where a template comes from, and finds it. One that is on this host is just found.
     *
     * @param ref its full name, as {@link #get} takes it
     * @throws NotFoundException if there is none of this name, saying what can be refreshed
     * @throws AngeeException {@code UNAVAILABLE} if the remote cannot be reached; what was fetched before is still there then
     */
    public Template refresh(String ref) {
        TemplateName.check(ref);
        for (TemplateLibrary library : libraries) {
            if (library.refresh(ref) || library.find(ref).isPresent()) {
                break;
            }
        }
        try {
            return get(ref);
        } catch (NotFoundException e) {
            if (!TemplateName.isShort(ref)) {
                throw e;
            }
            String families =
                    FAMILIES.stream().map(family -> family + "/" + ref).collect(Collectors.joining(", "));
            throw new NotFoundException(
                    "template", ref, "refresh takes the whole name: " + families.replaceAll(", (?=[^,]*$)", " or "));
        }
    }

    /** Fetches what is new of the templates that can be listed. */
    public void refresh() {
        libraries.forEach(TemplateLibrary::refresh);
    }

    private Template find(String asked, List<String> names) {
        for (TemplateLibrary library : libraries) {
            for (String name : names) {
                Optional<TemplateFiles> files = library.find(name);
                if (files.isPresent()) {
                    return template(library, files.get());
                }
            }
        }
        throw new NotFoundException("template", ShownAddress.of(asked), hint(asked, names));
    }

    private static Template template(TemplateLibrary library, TemplateFiles files) {
        Template template = Template.of(files);
        return template.metadata()
                .format()
                .includeRoot()
                .map(root -> new Template(files.ref(), template.metadata(), files.sharing(library.shared(files, root))))
                .orElse(template);
    }

    /** What the libraries know of it, and what there is instead. */
    private String hint(String asked, List<String> names) {
        List<String> hints = new ArrayList<>();
        names.stream()
                .flatMap(name -> libraries.stream().flatMap(library -> library.hint(name).stream()))
                .findFirst()
                .ifPresent(hints::add);
        if (hints.isEmpty() && isLocalPath(asked)) {
            hints.add("a path of this host names a template only below a folder for which the host has allowed that");
        } else if (hints.isEmpty() && TemplateName.isPinned(asked)) {
            hints.add(
                    "what is pinned is looked for in a registry (templateRegistry) and nowhere else, by its whole name,"
                            + " such as stacks/dev@v1; leave the pin out to take what is here");
        } else if (TemplateName.isPlain(names.get(0))) {
            hints.add("templates: " + String.join(", ", list()));
        }
        return String.join("; ", hints);
    }
}
