package dev.angee.git;

import dev.angee.ConflictException;
import dev.angee.NotFoundException;
import dev.angee.source.CloneFiles;
import dev.angee.source.Worktree;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Where the clone of a worktree is: beside the cache, so that nobody who is given the cache in a container has it too. The
 * folder is ours; only {@code git} in it is in somebody else's hands.
 *
 * @param cache the bare repository
 * @param id the name of the worktree's record
 */
record CloneFolder(Path cache, String id) {
    /** The file that says whose clone it is. */
    static final String OWNER = "worktree";

    /** The repository itself. */
    static final String REPOSITORY = "git";

    /** The file that leads there. */
    static final String POINTER = "pointer";

    private static final int LONGEST_PATH = 64 * 1024;

    static CloneFolder of(AdminFolder record, Path cache) {
        return new CloneFolder(cache, record.id());
    }

    /** The folder of all clones of the cache. */
    Path area() {
        return cache.resolveSibling("." + cache.getFileName() + ".clones");
    }

    Path folder() {
        return area().resolve(id);
    }

    /** Where it grows before it is whole. */
    Path draft() {
        return area().resolve(".new-" + id);
    }

    Path repository() {
        return folder().resolve(REPOSITORY);
    }

    CloneFiles files() {
        return new CloneFiles(repository(), folder().resolve(POINTER), objects());
    }

    Path objects() {
        return cache.resolve("objects");
    }

    boolean exists() {
        return Files.exists(folder(), LinkOption.NOFOLLOW_LINKS);
    }

    void requireOf(Worktree worktree) {
        if (!exists()) {
            throw new NotFoundException(
                    "clone of worktree", worktree.path().toString(), "none was made; offer one first");
        }
        Optional<String> owner = AdminFolder.plainText(folder().resolve(OWNER), LONGEST_PATH);
        if (!owner.equals(Optional.of(worktree.path() + "\n"))) {
            throw new ConflictException(
                    "clone",
                    folder().toString(),
                    "belongs to another worktree, of which the cache has no record any more; see what is in it, and"
                            + " remove it");
        }
    }

    void remove() throws IOException {
        if (Files.isDirectory(area(), LinkOption.NOFOLLOW_LINKS)) {
            FolderRemoval.of(draft());
            FolderRemoval.of(folder());
        }
    }
}
