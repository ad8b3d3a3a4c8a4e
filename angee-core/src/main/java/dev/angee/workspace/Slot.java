package dev.angee.workspace;

import dev.angee.source.BranchName;
import dev.angee.source.Worktree;

/**
 * A source in a workspace: a worktree on a branch of its own.
 *
 * @param name the slot's name
 * @param source the source that fills it
 * @param branch the branch it is on
 * @param base the branch of the remote it began at and is compared with
 * @param worktree where it stands
 */
public record Slot(String name, String source, BranchName branch, BranchName base, Worktree worktree) {}
