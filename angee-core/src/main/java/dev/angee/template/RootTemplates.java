package dev.angee.template;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Templates that stand in a root itself, {@code <root>/stacks/dev} or {@code <root>/dev}, found by name and not listed: what
 * else is in a root is no family of templates. Nothing is found where this library puts what it makes, since whoever works
 * there, or a container that has it mounted, could put a template there under the name of another.
 */
final class RootTemplates extends FolderTemplates {
    private static final Set<String> MADE = Set.of("run", "services", "sources", "workspaces");

    private final Path root;

    RootTemplates(Path root) {
        this.root = root;
    }

    @Override
    public List<String> list() {
        return List.of();
    }

    /** The library is the family's folder, or the template's: a template shares no files with all of the root. */
    @Override
    Optional<TemplateFolder> folder(String ref, String file) {
        int end = ref.indexOf('/');
        String family = end < 0 ? ref : ref.substring(0, end);
        if (!TemplateName.isPlain(ref) || MADE.contains(family)) {
            return Optional.empty();
        }
        Path library = root.resolve(family);
        return TemplateFolder.real(library)
                .filter(real -> TemplateFolder.real(root)
                        .filter(home -> real.startsWith(home) && !isMade(home.relativize(real)))
                        .isPresent())
                .flatMap(real -> TemplateFolder.find(library, end < 0 ? "" : ref.substring(end + 1), file));
    }

    private static boolean isMade(Path relative) {
        return relative.toString().isEmpty()
                || MADE.contains(relative.getName(0).toString());
    }
}
