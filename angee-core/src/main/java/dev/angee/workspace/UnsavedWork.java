package dev.angee.workspace;

import dev.angee.ConflictException;
import dev.angee.source.RemovalFinding;
import dev.angee.source.SlotState;
import dev.angee.source.SourceControl;
import dev.angee.source.WorktreeStatus;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Finds what would be lost with a workspace: in its worktrees, and on its branches, whatever the worktrees show. */
final class UnsavedWork {
    private final SourceControl sourceControl;
    private final DestroyOptions.UnsavedWork policy;

    UnsavedWork(SourceControl sourceControl, DestroyOptions.UnsavedWork policy) {
        this.sourceControl = sourceControl;
        this.policy = policy;
    }

    /**
     * Looks, unless work may be discarded.
     *
     * @throws ConflictException naming everything that would be lost
     */
    void requireNone(Workspace workspace) {
        if (policy == DestroyOptions.UnsavedWork.DISCARD) {
            return;
        }
        List<String> findings = new ArrayList<>();
        for (Slot slot : workspace.slots()) {
            int commits = sourceControl.history(slot.worktree().cache()).commitsNowhereElse(slot.branch());
            if (commits > 0) {
                findings.add(
                        slot.name() + " has " + commits + " commits on " + slot.branch() + " that are nowhere else");
            }
            if (Files.isDirectory(slot.worktree().path())) {
                lookInto(slot, findings);
            }
        }
        if (!findings.isEmpty()) {
            throw new ConflictException(
                    "workspace",
                    workspace.name(),
                    "cannot be destroyed: " + String.join("; ", findings)
                            + ". Commit and push, or discard the work explicitly");
        }
    }

    private void lookInto(Slot slot, List<String> findings) {
        WorktreeStatus status = sourceControl.in(slot.worktree()).status(slot.base());
        if (status.branch().isEmpty() && status.ahead() > 0) {
            findings.add(slot.name() + " is on no branch, with " + status.ahead() + " commits (last: "
                    + status.head().abbreviated() + ")");
        } else if (status.state(slot.branch()) == SlotState.BRANCH_MISMATCH) {
            findings.add(slot.name() + " is not on " + slot.branch() + "; switch back first");
        }
        sourceControl.in(slot.worktree()).findings(slot.base()).forEach((finding, found) -> {
            if (finding == RemovalFinding.DIRTY
                    || finding == RemovalFinding.LOCKED
                    || finding == RemovalFinding.UNTAKEN) {
                findings.add(slot.name() + ": " + found);
            } else if (finding == RemovalFinding.UNPUSHED && !status.branch().equals(Optional.of(slot.branch()))) {
                findings.add(slot.name() + " is at " + status.head().abbreviated() + ", with " + found);
            }
        });
    }
}
