package dev.angee.workspace;

import dev.angee.AngeeException;
import dev.angee.ConflictException;
import dev.angee.NotFoundException;
import dev.angee.source.BranchName;
import dev.angee.source.History;
import dev.angee.source.RemovalFinding;
import dev.angee.source.RemoveOptions;
import dev.angee.source.SourceControl;
import dev.angee.source.Worktree;
import dev.angee.source.WorktreeRecord;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Removes worktrees with their branches, and no work that is nowhere else unless that is wanted. That its base does not have
 * the work yet does not keep a worktree, as long as the remote has it; nor does a process that works in it, for it is work that
 * is kept, not a place.
 */
final class WorktreeRemoval {
    /** What git itself writes into the lock of a worktree whose files are not all there yet. */
    private static final String IN_THE_MAKING = "initializing";

    private final SourceControl control;

    WorktreeRemoval(SourceControl control) {
        this.control = control;
    }

    /**
     * Removes what a slot has, looked at in the moment that it is removed.
     *
     * @throws ConflictException if work would be lost that must not be; then it stays
     */
    void of(Slot slot, DestroyOptions.UnsavedWork policy) {
        boolean keeping = policy == DestroyOptions.UnsavedWork.REFUSE;
        control.removeWorktree(slot.worktree(), keeping ? keepingWork(slot.base()) : RemoveOptions.whatever());
        Path cache = slot.worktree().cache();
        if (!Files.isDirectory(cache)) {
            return;
        }
        int commits = keeping ? control.history(cache).commitsNowhereElse(slot.branch()) : 0;
        if (commits > 0) {
            throw new ConflictException(
                    "branch",
                    slot.branch().value(),
                    commits + " commits came onto it meanwhile that are nowhere else, so it stays in " + cache
                            + "; push it, and destroy the workspace again");
        }
        control.deleteBranch(cache, slot.branch());
    }

    /**
     * Takes back what was made of a workspace below its folder; a branch that has commits of its own stays. A worktree that
     * was not made to its end is no loss.
     *
     * @throws AngeeException if somebody has worked in one meanwhile, or nobody knows; then it stays
     */
    void ofUnfinished(Path cache, Path folder) {
        for (WorktreeRecord record : control.worktrees(cache)) {
            if (record.path().startsWith(folder)) {
                Worktree worktree = new Worktree(cache, record.path());
                BranchName base = anyBranch(control.history(cache));
                control.removeWorktree(
                        worktree, isInTheMaking(worktree, base) ? RemoveOptions.whatever() : keepingWork(base));
                record.branch()
                        .filter(branch -> control.history(cache).commitsNowhereElse(branch) == 0)
                        .ifPresent(branch -> control.deleteBranch(cache, branch));
            }
        }
    }

    private boolean isInTheMaking(Worktree worktree, BranchName base) {
        String locked = control.in(worktree).findings(base).get(RemovalFinding.LOCKED);
        return locked != null && locked.contains(IN_THE_MAKING);
    }

    /** It only has to be there: what of the work it has makes no difference here. */
    private static BranchName anyBranch(History history) {
        try {
            BranchName main = history.defaultBranch();
            if (history.remoteBranch(main).isPresent()) {
                return main;
            }
        } catch (NotFoundException e) {
            // the remote has none, or did not say; any other will do
        }
        return history.remoteBranches().keySet().stream()
                .findFirst()
                .orElseThrow(() -> new ConflictException(
                        "cache", "", "has no branch of the remote, so nobody knows what would be lost; fetch it"));
    }

    private static RemoveOptions keepingWork(BranchName base) {
        return RemoveOptions.losingNothing(base)
                .accepting(RemovalFinding.UNLANDED)
                .accepting(RemovalFinding.IN_USE);
    }
}
