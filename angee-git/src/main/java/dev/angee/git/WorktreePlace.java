package dev.angee.git;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Optional;

/**
 * Where a worktree is, to be compared with where many records say that theirs are: links in its parents lead to the same place,
 * a link that stands in the worktree's own does not.
 *
 * @param path the path, without dots
 * @param parent the folder that it is in, as the file system knows it; empty if that is not there
 */
record WorktreePlace(Path path, Optional<Object> parent) {
    static WorktreePlace of(Path path) {
        Path normal = path.normalize();
        return new WorktreePlace(normal, identity(normal.getParent()));
    }

    /** Whether that path leads here. Follows paths to their ends only where they may: there are as many records as worktrees. */
    boolean isAt(Path other) {
        Path normal = other.normalize();
        if (normal.equals(path)) {
            return true;
        }
        return parent.isPresent()
                && path.getFileName() != null
                && path.getFileName().equals(normal.getFileName())
                && parent.equals(identity(normal.getParent()));
    }

    private static Optional<Object> identity(@org.jspecify.annotations.Nullable Path folder) {
        if (folder == null) {
            return Optional.empty();
        }
        try {
            return Optional.ofNullable(
                    Files.readAttributes(folder, BasicFileAttributes.class).fileKey());
        } catch (IOException e) {
            return Optional.empty(); // not there, or not for us: then only the same path leads there
        }
    }
}
