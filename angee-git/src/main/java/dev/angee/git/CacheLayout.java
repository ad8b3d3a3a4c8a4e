package dev.angee.git;

import dev.angee.AngeeException;
import dev.angee.ErrorCode;
import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.FileVisitor;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A look at a cache before JGit, or a git program, reads it: what they open is to be plain files in plain folders. A link
 * would lead them elsewhere, a pipe would be waited for without end, and a list of alternates would lend them another
 * repository's objects.
 *
 * <p>What remains: somebody may put such a thing there between this look and the reading; single loose objects are not looked
 * at, for there may be very many. A pipe in such a place holds up one operation, and with it the lock that this one has.
 */
final class CacheLayout {
    private static final int MOST_FILES = 1_000_000;

    private final Path cache;
    private int files;

    private CacheLayout(Path cache) {
        this.cache = cache;
    }

    /** Refuses a cache that has anything else in the places that are read. */
    static void check(Path cache) throws IOException {
        checkNamed(cache);
        checkObjects(cache);
        CacheLayout layout = new CacheLayout(cache);
        for (String folder : List.of("refs", "logs", "info")) {
            layout.walk(folder);
        }
    }

    /** The same for the few places that tell whether it is a repository at all. */
    static void checkNamed(Path cache) {
        for (String name : List.of("HEAD", "config", "packed-refs", "shallow")) {
            BasicFileAttributes found = attributes(cache.resolve(name));
            if (found != null && !found.isRegularFile()) {
                throw tampered(cache.resolve(name), "is no plain file");
            }
        }
        for (String name : List.of("refs", "logs", "info", "objects", "objects/pack", "objects/info", "worktrees")) {
            BasicFileAttributes found = attributes(cache.resolve(name));
            if (found != null && !found.isDirectory()) {
                throw tampered(cache.resolve(name), "is no plain folder");
            }
        }
    }

    /** Objects are found by their ids, which tell whether they are true; so only where they are has to be looked at. */
    static void checkObjects(Path cache) throws IOException {
        checkNamed(cache);
        Path objects = cache.resolve("objects");
        try (Stream<Path> children = Files.list(objects)) {
            children.forEach(child -> requirePlain(child, attributes(child)));
        } catch (NoSuchFileException e) {
            throw tampered(objects, "is gone");
        }
        CacheLayout layout = new CacheLayout(cache);
        layout.walk("objects/pack");
        layout.walk("objects/info");
        for (String name : List.of("info/alternates", "info/http-alternates")) {
            BasicFileAttributes found = attributes(objects.resolve(name));
            if (found != null && found.size() > 0) {
                throw tampered(objects.resolve(name), "makes it use objects from elsewhere");
            }
        }
    }

    private static void requirePlain(Path path, @Nullable BasicFileAttributes found) {
        if (found != null && !found.isDirectory() && !found.isRegularFile()) {
            throw tampered(path, "is neither a file nor a folder");
        }
    }

    private static @Nullable BasicFileAttributes attributes(Path path) {
        try {
            return Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
        } catch (IOException e) {
            return null; // Not there; what cannot be looked at, cannot be read either.
        }
    }

    private static AngeeException tampered(Path what, String problem) {
        return new AngeeException(
                ErrorCode.INVALID, "the cache was tampered with: '" + what + "' " + problem + "; remove it");
    }

    private void walk(String folder) throws IOException {
        Files.walkFileTree(cache.resolve(folder), new Look());
    }

    /** Looks at each file and folder, and follows no link. */
    private final class Look implements FileVisitor<Path> {
        @Override
        public FileVisitResult preVisitDirectory(Path path, BasicFileAttributes found) {
            return FileVisitResult.CONTINUE;
        }

        @Override
        public FileVisitResult visitFile(Path path, BasicFileAttributes found) {
            requirePlain(path, found);
            files++;
            if (files > MOST_FILES) {
                throw tampered(path, "is one of more files than any repository of ours has");
            }
            return FileVisitResult.CONTINUE;
        }

        @Override
        public FileVisitResult visitFileFailed(Path path, IOException problem) throws IOException {
            if (problem instanceof NoSuchFileException) {
                return FileVisitResult.CONTINUE; // Never there, or gone meanwhile.
            }
            throw problem;
        }

        @Override
        public FileVisitResult postVisitDirectory(Path path, @Nullable IOException problem) throws IOException {
            if (problem != null && !(problem instanceof NoSuchFileException)) {
                throw problem;
            }
            return FileVisitResult.CONTINUE;
        }
    }
}
