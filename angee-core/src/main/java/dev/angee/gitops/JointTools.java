package dev.angee.gitops;

import dev.angee.source.History;
import dev.angee.source.SourceControl;
import dev.angee.source.WorktreeOperations;
import dev.angee.workspace.Slot;

/** What the steps of one joint operation work with. */
record JointTools(SourceControl control, Remotes remotes, GitThreads threads, JointRun run) {
    /** What the cache of a slot's source knows. */
    History history(Slot slot) {
        return control.history(slot.worktree().cache());
    }

    /** What can be done in a slot. */
    WorktreeOperations in(Slot slot) {
        return control.in(slot.worktree());
    }
}
