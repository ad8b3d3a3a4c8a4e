package dev.angee.git;

import dev.angee.ConflictException;
import dev.angee.NotFoundException;
import dev.angee.internal.FolderRemoval;
import dev.angee.internal.HeldFolder;
import dev.angee.source.CloneFiles;
import dev.angee.source.Worktree;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.eclipse.jgit.lib.ObjectId;

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

    /** The file that lists the commits in which the cache's history ended when the clone was last brought something. */
    static final String GIVEN = "given";

    /** The file in the worktree's record that says for what path of the worktree the clone was made. */
    private static final String MARK = "angee-clone";

    private static final int LONGEST_PATH = 64 * 1024;
    private static final int LARGEST_LIST = 16 * 1024 * 1024;

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

    /**
     * Requires that it is there, and that of the worktree: the same by whatever path, or one that git has moved, which
     * leaves it its record.
     */
    void requireOf(Worktree worktree, AdminFolder record) {
        if (!exists()) {
            throw new NotFoundException(
                    "clone of worktree", worktree.path().toString(), "none was made; offer one first");
        }
        Optional<String> owner = AdminFolder.plainText(folder().resolve(OWNER), LONGEST_PATH);
        if (!isAt(worktree, owner) && (owner.isEmpty() || !record.text(MARK).equals(owner.map(String::strip)))) {
            throw new ConflictException(
                    "clone",
                    folder().toString(),
                    "belongs to another worktree, of which the cache has no record any more; see what is in it, and"
                            + " remove it");
        }
    }

    private static boolean isAt(Worktree worktree, Optional<String> owner) {
        try {
            return owner.filter(text -> text.endsWith("\n"))
                    .map(text -> Path.of(text.substring(0, text.length() - 1)))
                    .filter(Path::isAbsolute)
                    .filter(WorktreePlace.of(worktree.path())::isAt)
                    .isPresent();
        } catch (InvalidPathException e) {
            return false;
        }
    }

    /** Writes down that it is that of the worktree, as it is there now; in the clone, and in the record. */
    void own(Worktree worktree, AdminFolder record) throws IOException {
        String owner = worktree.path() + "\n";
        if (!AdminFolder.plainText(folder().resolve(OWNER), LONGEST_PATH).equals(Optional.of(owner))) {
            replace(OWNER, owner);
        }
        if (!record.text(MARK).equals(Optional.of(owner.strip()))) {
            record.write(MARK, owner);
        }
    }

    private void replace(String name, String text) throws IOException {
        try (HeldFolder ours = HeldFolder.at(folder())) {
            ours.replace(name, text);
        }
    }

    /** The commits in which the cache's history ended when the clone was last brought something. */
    Set<ObjectId> given() {
        return AdminFolder.plainText(folder().resolve(GIVEN), LARGEST_LIST)
                .orElse("")
                .lines()
                .filter(ObjectId::isId)
                .map(ObjectId::fromString)
                .collect(Collectors.toSet());
    }

    void give(Set<ObjectId> ends) throws IOException {
        replace(GIVEN, CloneContent.shallowText(ends));
    }

    void remove() throws IOException {
        if (Files.isDirectory(area(), LinkOption.NOFOLLOW_LINKS)) {
            FolderRemoval.of(draft());
            FolderRemoval.of(folder());
        }
    }
}
