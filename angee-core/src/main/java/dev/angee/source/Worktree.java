package dev.angee.source;

import java.nio.file.Path;

/**
 * A linked worktree of a cache. It is always reached through the cache's own records, never through the {@code .git}
 * file in the folder, because whoever works in the folder can rewrite that file.
 *
 * @param cache the absolute path of the bare repository
 * @param path the absolute path of the folder
 */
public record Worktree(Path cache, Path path) {
    /** Refuses relative paths. */
    public Worktree {
        if (!cache.isAbsolute() || !path.isAbsolute()) {
            throw new IllegalArgumentException("a worktree is named by absolute paths: " + cache + ", " + path);
        }
    }
}
