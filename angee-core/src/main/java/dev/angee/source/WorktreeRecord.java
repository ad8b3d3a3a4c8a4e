package dev.angee.source;

import java.nio.file.Path;
import java.util.Optional;

/**
 * What a cache has written down about one of its linked worktrees.
 *
 * @param path the folder, whether or not it is there
 * @param branch the branch it is on; empty when detached
 * @param exists whether the folder is there
 */
public record WorktreeRecord(Path path, Optional<BranchName> branch, boolean exists) {}
