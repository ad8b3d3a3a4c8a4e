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

/** Templates in a folder: {@code <folder>/<family>/<name>/copier.yml}. */
public final class DirectoryTemplates implements TemplateLibrary {
    private final Path folder;

    /**
     * The templates below a folder.
     *
     * @param folder need not exist
     */
    public DirectoryTemplates(Path folder) {
        this.folder = folder.toAbsolutePath().normalize();
    }

    @Override
    public List<String> list() {
        List<String> refs = new ArrayList<>();
        for (Path family : folders(folder)) {
            for (Path template : folders(family)) {
                if (Files.isRegularFile(template.resolve(TemplateMetadata.FILE_NAME))) {
                    refs.add(family.getFileName() + "/" + template.getFileName());
                }
            }
        }
        return refs.stream().sorted().toList();
    }

    @Override
    public Optional<TemplateFiles> find(String ref) {
        return list().contains(ref) ? Optional.of(read(ref, folder.resolve(ref))) : Optional.empty();
    }

    private static TemplateFiles read(String ref, Path template) {
        try (Stream<Path> walk = Files.walk(template)) {
            List<TemplateFile> files = new ArrayList<>();
            for (Path each : walk.sorted().toList()) {
                if (Files.isSymbolicLink(each)) {
                    throw new AngeeException(
                            ErrorCode.UNSUPPORTED,
                            "template '" + ref + "': " + template.relativize(each)
                                    + " is a symbolic link; put the file itself there");
                }
                if (Files.isRegularFile(each, LinkOption.NOFOLLOW_LINKS)) {
                    String path = template.relativize(each).toString().replace('\\', '/');
                    files.add(new TemplateFile(path, Files.readAllBytes(each), Files.isExecutable(each)));
                }
            }
            return new TemplateFiles(ref, files);
        } catch (IOException e) {
            throw new AngeeException(ErrorCode.UNAVAILABLE, "cannot read template '" + ref + "': " + e.getMessage(), e);
        }
    }

    private static List<Path> folders(Path parent) {
        if (!Files.isDirectory(parent)) {
            return List.of();
        }
        try (Stream<Path> entries = Files.list(parent)) {
            return entries.filter(entry -> Files.isDirectory(entry)).sorted().toList();
        } catch (IOException e) {
            throw new AngeeException(ErrorCode.UNAVAILABLE, "cannot list " + parent + ": " + e.getMessage(), e);
        }
    }
}
