package dev.angee.template;

import dev.angee.AngeeException;
import dev.angee.ErrorCode;
import dev.angee.InvalidInputException;
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
    private static final long LARGEST = 64L * 1024 * 1024;

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
        return list().contains(ref)
                ? Optional.of(new TemplateFiles(ref, read(ref, folder.resolve(ref), "")))
                : Optional.empty();
    }

    @Override
    public List<TemplateFile> shared(String ref, String root) {
        Path template = folder.resolve(ref);
        Path top = template.resolve(root).normalize();
        if (!template.startsWith(top) || !top.startsWith(folder)) {
            throw new InvalidInputException(
                    "include_root",
                    "template '" + ref + "': '" + root + "' is not a folder above the template, within its library");
        }
        return read(ref, top, template.relativize(top) + "/").stream()
                .filter(file -> file.link().isEmpty())
                .toList();
    }

    private static List<TemplateFile> read(String ref, Path top, String prefix) {
        try (Stream<Path> walk = Files.walk(top)) {
            List<TemplateFile> files = new ArrayList<>();
            long size = 0;
            for (Path each : walk.sorted().toList()) {
                String path = prefix + top.relativize(each).toString().replace('\\', '/');
                if (Files.isSymbolicLink(each)) {
                    files.add(
                            TemplateFile.link(path, Files.readSymbolicLink(each).toString()));
                } else if (Files.isRegularFile(each, LinkOption.NOFOLLOW_LINKS)) {
                    size += Files.size(each);
                    if (size > LARGEST) {
                        throw new InvalidInputException(
                                "template", "'" + ref + "' has more than " + LARGEST / 1024 / 1024 + " MiB of files");
                    }
                    files.add(new TemplateFile(path, Files.readAllBytes(each), Files.isExecutable(each)));
                }
            }
            return files;
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
