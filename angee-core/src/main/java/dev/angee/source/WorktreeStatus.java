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
 * @param unfinished what was begun in it and not ended
 * @param pushed whether its head is reachable from the remote's branch of the same name, as last fetched or pushed
 */
public record WorktreeStatus(
        Optional<BranchName> branch,
        CommitId head,
        List<String> changed,
        int ahead,
        int behind,
        Unfinished unfinished,
        boolean pushed) {
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
