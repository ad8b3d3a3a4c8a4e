package dev.angee.source;

import java.nio.file.Path;

/**
 * Where the clone of a worktree is. Absolute paths; in a container, {@code repository} and {@code objects} are at the same ones.
 *
 * @param repository the clone: whoever works with it may change all of it, and nobody else's git should be run on it
 * @param pointer a file of one line that leads git to the clone, to be read in place of the worktree's file {@code .git}
 * @param objects the objects of the cache, from which the clone borrows; whoever works with it only reads them
 */
public record CloneFiles(Path repository, Path pointer, Path objects) {}
