package dev.angee.source;

import java.util.Optional;

/**
 * What a worktree is on, whatever is uncommitted in it.
 *
 * @param branch the branch it is on; empty when detached
 * @param commit the commit it is on
 * @param unfinished what was begun in it and not ended
 */
public record WorktreeHead(Optional<BranchName> branch, CommitId commit, Unfinished unfinished) {}
