package dev.angee.template;

import dev.angee.AngeeException;
import dev.angee.ErrorCode;
import dev.angee.InvalidInputException;
import dev.angee.internal.PlainFile;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * A template's folder below that of a library. No link that leads out of the library is followed on the way to it, and none
 * at all within it: there, links are links.
 *
 * @param library the library's folder, all links followed
 * @param folder the template's, all links followed; below the library's, or the same
 */
record TemplateFolder(Path library, Path folder) {

    /**
     * A folder with some file in it.
     *
     * @param library need not exist
     * @param name a path below it; the same folder if empty
     * @param file what makes it a template's
     * @return empty if there is no such file that is one, or a link on the way leads out
     */
    static Optional<TemplateFolder> find(Path library, String name, String file) {
        return real(library)
                .flatMap(home -> real(home.resolve(name))
                        .filter(folder -> folder.startsWith(home))
                        .filter(folder -> Files.isRegularFile(folder.resolve(file), LinkOption.NOFOLLOW_LINKS))
                        .map(folder -> new TemplateFolder(home, folder)));
    }

    /** A path with all links followed; empty if nothing is there, or nothing that this program may look at. */
    static Optional<Path> real(Path path) {
        try {
            return Optional.of(path.toRealPath());
        } catch (FileSystemException e) {
            return Optional.empty(); // Also what is below a file, or links in a circle.
        } catch (IOException e) {
            throw unreadable(path, e);
        }
    }

    static AngeeException unreadable(Path path, IOException e) {
        return new AngeeException(ErrorCode.UNAVAILABLE, "cannot read " + path + ": " + e, e);
    }

    TemplateFiles files(String ref) {
        TemplateOrigin origin = TemplateOrigin.folder(
                library.toString(), library.relativize(folder).toString());
        return new TemplateFiles(ref, read(ref, folder, ""), origin);
    }

    /** Files of a folder above this one, within the library. */
    List<TemplateFile> shared(String ref, String root) {
        Path top = folder.resolve(root).normalize();
        if (!folder.startsWith(top) || !top.startsWith(library)) {
            throw new InvalidInputException(
                    "include_root",
                    "template '" + ref + "': '" + root + "' is not a folder above the template, within its library");
        }
        String prefix = top.equals(folder) ? "" : folder.relativize(top) + "/";
        return read(ref, top, prefix).stream()
                .filter(file -> file.link().isEmpty())
                .toList();
    }

    private static List<TemplateFile> read(String ref, Path top, String prefix) {
        Reading reading = new Reading(ref, top, prefix);
        try {
            Files.walkFileTree(top, reading);
        } catch (IOException e) {
            throw new AngeeException(ErrorCode.UNAVAILABLE, "cannot read template '" + ref + "': " + e, e);
        }
        reading.files.sort(Comparator.comparing(TemplateFile::path));
        return reading.files;
    }

    /** Follows no link. Pipes and the like are no files of a template. */
    private static final class Reading extends SimpleFileVisitor<Path> {
        private final String ref;
        private final Path top;
        private final String prefix;
        private final List<TemplateFile> files = new ArrayList<>();
        private int left = TemplateFiles.MOST_BYTES;

        Reading(String ref, Path top, String prefix) {
            this.ref = ref;
            this.top = top;
            this.prefix = prefix;
        }

        @Override
        public FileVisitResult visitFile(Path file, BasicFileAttributes found) throws IOException {
            String path = prefix + top.relativize(file).toString().replace('\\', '/');
            if (found.isSymbolicLink()) {
                add(TemplateFile.link(path, Files.readSymbolicLink(file).toString()));
            } else if (found.isRegularFile()) {
                if (found.size() > left) {
                    throw tooLarge();
                }
                add(new TemplateFile(path, PlainFile.read(file, left), Files.isExecutable(file)));
            }
            return FileVisitResult.CONTINUE;
        }

        private void add(TemplateFile file) {
            files.add(file);
            left -= file.content().length;
            if (files.size() > TemplateFiles.MOST_FILES) {
                throw tooLarge();
            }
        }

        private InvalidInputException tooLarge() {
            return new InvalidInputException(
                    "template",
                    "'" + ref + "' has more than " + TemplateFiles.MOST_BYTES / 1024 / 1024
                            + " MiB of files, or more than " + TemplateFiles.MOST_FILES);
        }
    }
}
