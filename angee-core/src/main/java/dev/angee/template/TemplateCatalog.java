package dev.angee.template;

import dev.angee.InvalidInputException;
import dev.angee.NotFoundException;
import jakarta.inject.Inject;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;

/**
 * Finds templates by name: {@code dev}, {@code workspaces/dev}. Libraries are asked in order and the first that has it
 * wins, so that a root's own templates stand before bundled ones. Thread-safe.
 */
public final class TemplateCatalog {
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

    /** The names of all templates, in order. */
    public List<String> list() {
        TreeSet<String> refs = new TreeSet<>();
        libraries.forEach(library -> refs.addAll(library.list()));
        return List.copyOf(refs);
    }

    /**
     * A template of some kind.
     *
     * @param ref its name; without a family, that of the kind is taken: {@code dev} is {@code workspaces/dev}
     * @param kind {@code workspace}, {@code stack} or {@code service}
     * @throws NotFoundException if no library has it
     * @throws InvalidInputException if it is of another kind
     */
    public Template find(String ref, String kind) {
        String full = ref.contains("/") ? ref : kind + "s/" + ref;
        TemplateLibrary library = libraries.stream()
                .filter(each -> each.list().contains(full))
                .findFirst()
                .orElseThrow(() -> new NotFoundException("template", ref, "templates: " + String.join(", ", list())));
        TemplateFiles files = library.find(full)
                .orElseThrow(() -> new NotFoundException("template", ref, "it was removed this moment"));
        Template template = Template.of(files);
        Optional<String> root = template.metadata().format().includeRoot();
        if (root.isPresent()) {
            template = new Template(
                    full,
                    template.metadata(),
                    new TemplateFiles(full, files.files(), library.shared(full, root.get())));
        }
        if (!template.metadata().kind().equals(kind)) {
            throw new InvalidInputException(
                    "template", "'" + ref + "' makes a " + template.metadata().kind() + ", not a " + kind);
        }
        return template;
    }
}
