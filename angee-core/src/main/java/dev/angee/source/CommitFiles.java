package dev.angee.source;

import java.util.List;

/**
 * The files of one commit, read from the cache: nothing is checked out, and no filter runs. Thread-safe. Whoever has it,
 * closes it soon: it may hold files open.
 *
 * <p>Throws {@link dev.angee.AngeeException} as {@link History} says, and {@link IllegalStateException} if it is closed.
 */
public interface CommitFiles extends AutoCloseable {

    /**
     * The files and links below a folder, in the order of their paths. Submodules are left out.
     *
     * @param folder from the top of the repository, with {@code /} between its parts; the whole repository if empty
     * @param most how many files and folders at most
     * @return empty if there is no such folder
     * @throws dev.angee.InvalidInputException for a folder that leaves the repository
     * @throws dev.angee.AngeeException {@code UNSUPPORTED} if there are more, or a path has more than 4096 characters;
     *     {@code INVALID} for a path that no worktree may have, such as one with {@code ..} or {@code .git} in it
     */
    List<CommitFile> below(String folder, int most);

    /**
     * What a file holds; of a link, its target.
     *
     * @param file one that {@link #below} has named
     * @param most how many bytes at most
     * @throws dev.angee.AngeeException {@code UNSUPPORTED} if there are more; {@code NOT_FOUND} if it was not named
     */
    byte[] content(CommitFile file, int most);

    @Override
    void close();
}
