package dev.angee.source;

/**
 * A file of a commit.
 *
 * @param path from the top of the repository, with {@code /} between its parts; none of them is {@code ..} or {@code .git}
 * @param kind what it is
 */
public record CommitFile(String path, Kind kind) {
    /** What a commit can hold; a submodule is no file of it. */
    public enum Kind {
        /** A file. */
        FILE,
        /** A file that may be executed. */
        EXECUTABLE,
        /** A symbolic link; its content is where it leads to. */
        LINK
    }
}
