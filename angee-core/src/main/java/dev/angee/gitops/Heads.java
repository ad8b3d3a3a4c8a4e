package dev.angee.gitops;

import dev.angee.source.CommitId;
import dev.angee.source.MergeOutcome;

/** The commit that an outcome has led to. */
final class Heads {
    private Heads() {}

    /** Of a conflict, what it was before. */
    static CommitId of(MergeOutcome outcome, CommitId before) {
        if (outcome instanceof MergeOutcome.UpToDate same) {
            return same.head();
        }
        if (outcome instanceof MergeOutcome.FastForward forward) {
            return forward.head();
        }
        if (outcome instanceof MergeOutcome.Merged merged) {
            return merged.head();
        }
        return outcome instanceof MergeOutcome.Rebased rebased ? rebased.head() : before;
    }
}
