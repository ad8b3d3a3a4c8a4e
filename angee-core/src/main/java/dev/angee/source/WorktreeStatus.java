package dev.angee.source;

import java.util.List;
import java.util.Optional;

/**
 * How a worktree stands, as one reading of the repository.
 *
 * @param branch the branch it is on; empty when detached
 * @param head the commit it is on
 * @param changed the paths with uncommitted changes (staged, unstaged, untracked but not ignored), in order
 * @param ahead commits on it that the base does not have
 * @param behind commits of the base that it does not have
 * @param pushed whether the remote, as last fetched or pushed, has its head on the branch of the same name
 */
public record WorktreeStatus(
        Optional<BranchName> branch, CommitId head, List<String> changed, int ahead, int behind, boolean pushed) {
    /** Copies the list. */
    public WorktreeStatus {
        changed = List.copyOf(changed);
    }

    /** The one word for it, given the branch it should be on. */
    public SlotState state(BranchName expected) {
        if (branch.isEmpty() || !branch.get().equals(expected)) {
            return SlotState.BRANCH_MISMATCH;
        }
        if (!changed.isEmpty()) {
            return SlotState.DIRTY;
        }
        if (ahead > 0) {
            return behind > 0 ? SlotState.DIVERGED : SlotState.AHEAD;
        }
        return behind > 0 ? SlotState.BEHIND : SlotState.CLEAN;
    }
}
