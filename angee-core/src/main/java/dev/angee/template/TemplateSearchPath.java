package dev.angee.template;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Where the templates of a root are looked for, before all others. */
public final class TemplateSearchPath {
    private static final String HIDDEN = ".templates";
    private static final String SHOWN = "templates";
    private static final int MOST_ANCESTORS = 32;

    private TemplateSearchPath() {}

    /**
     * The libraries of a root, in order: its {@code .templates}, its {@code templates}, the root itself, the
     * {@code .templates} of each folder above it; then {@code .templates} and {@code templates} of the working folder, and
     * {@code .templates} above that. A folder above that belongs to somebody else is passed over.
     *
     * @param root the root
     * @param workingFolder whose templates are used, too; never taken from the process
     */
    public static List<TemplateLibrary> of(Path root, Optional<Path> workingFolder) {
        Path home = root.toAbsolutePath().normalize();
        List<TemplateLibrary> libraries = new ArrayList<>();
        libraries.add(new DirectoryTemplates(home.resolve(HIDDEN)));
        libraries.add(new DirectoryTemplates(home.resolve(SHOWN)));
        libraries.add(new RootTemplates(home));
        addAncestors(libraries, home);
        workingFolder
                .map(folder -> folder.toAbsolutePath().normalize())
                .filter(folder -> !folder.equals(home))
                .ifPresent(folder -> {
                    libraries.add(new DirectoryTemplates(folder.resolve(HIDDEN)));
                    libraries.add(new DirectoryTemplates(folder.resolve(SHOWN)));
                    addAncestors(libraries, folder);
                });
        return List.copyOf(libraries);
    }

    private static void addAncestors(List<TemplateLibrary> libraries, Path from) {
        Path above = from.getParent();
        for (int i = 0; i < MOST_ANCESTORS && above != null; i++) {
            libraries.add(new DirectoryTemplates(above.resolve(HIDDEN), Optional.of(from)));
            above = above.getParent();
        }
    }
}
