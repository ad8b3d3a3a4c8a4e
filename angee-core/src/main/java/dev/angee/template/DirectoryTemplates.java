package dev.angee.template;

import dev.angee.AngeeException;
import dev.angee.ErrorCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Templates in a folder: {@code <folder>/<family>/<name>/copier.yml}. A link that leads out of the folder is not followed:
 * what it names is no template here, but a problem; so is what this program may not read. Thread-safe; looks anew each time.
 */
public final class DirectoryTemplates extends FolderTemplates {
    private final Path folder;
    private final Optional<Path> owned;

    /**
     * The templates below a folder.
     *
     * @param folder need not exist
     */
    public DirectoryTemplates(Path folder) {
        this(folder, Optional.empty());
    }

    /** Those of a folder that belongs to whoever the other belongs to, or to the administrator. */
    DirectoryTemplates(Path folder, Optional<Path> owned) {
        this.folder = folder.toAbsolutePath().normalize();
        this.owned = owned;
    }

    @Override
    public List<String> list() {
        return scan().names;
    }

    @Override
    public List<TemplateProblem> problems() {
        return scan().problems;
    }

    @Override
    Optional<TemplateFolder> folder(String ref, String file) {
        return TemplateName.isPlain(ref) && ref.contains("/") && isTrusted()
                ? TemplateFolder.find(folder, ref, file)
                : Optional.empty();
    }

    private boolean isTrusted() {
        return owned.isEmpty() || !Files.exists(folder) || FolderOwner.isTrusted(folder, owned.get());
    }

    private Scan scan() {
        Scan scan = new Scan();
        if (!Files.isDirectory(folder)) {
            return scan;
        }
        if (!isTrusted()) {
            scan.problem(
                    folder.toString(), ErrorCode.INVALID, folder + " belongs to somebody else, and is passed over");
            return scan;
        }
        for (Path family : scan.folders(folder)) {
            for (Path template : scan.folders(family)) {
                if (!Files.isExecutable(template)) {
                    scan.unreadable(template);
                } else if (Files.exists(template.resolve(TemplateMetadata.FILE_NAME), LinkOption.NOFOLLOW_LINKS)) {
                    scan.template(family.getFileName() + "/" + template.getFileName());
                }
            }
        }
        return scan;
    }

    /** One look at what is there. */
    private final class Scan {
        private final List<String> names = new ArrayList<>();
        private final List<TemplateProblem> problems = new ArrayList<>();

        void problem(String ref, ErrorCode code, String message) {
            problems.add(new TemplateProblem(ref, code, message));
        }

        void unreadable(Path template) {
            problem(
                    folder.relativize(template).toString(),
                    ErrorCode.UNAVAILABLE,
                    "cannot look into " + template + "; this program needs the right to");
        }

        void template(String name) {
            try {
                if (!TemplateName.isPlain(name)) {
                    problem(
                            name,
                            ErrorCode.INVALID,
                            folder + " has a template with a name that nobody can ask for: '"
                                    + name.replaceAll("\\p{Cntrl}", "?") + "'; rename it");
                } else if (TemplateFolder.find(folder, name, TemplateMetadata.FILE_NAME)
                        .isEmpty()) {
                    problem(
                            name,
                            ErrorCode.INVALID,
                            folder.resolve(name) + " is a link that leads out of " + folder + ", or has a "
                                    + TemplateMetadata.FILE_NAME + " that is no file; put a copy there");
                } else {
                    names.add(name);
                }
            } catch (AngeeException e) {
                problem(name, e.code(), String.valueOf(e.getMessage()));
            }
        }

        /** In the order of their names. */
        List<Path> folders(Path parent) {
            try (Stream<Path> entries = Files.list(parent)) {
                return entries.filter(entry -> Files.isDirectory(entry))
                        .sorted()
                        .toList();
            } catch (IOException e) {
                AngeeException failure = TemplateFolder.unreadable(parent, e);
                problem(folder.relativize(parent) + "/", failure.code(), String.valueOf(failure.getMessage()));
                return List.of();
            }
        }
    }
}
