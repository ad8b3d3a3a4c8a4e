package dev.angee.source;

import java.util.List;

/** How a merge ended. A conflict is an outcome, and leaves everything as it was before. */
public sealed interface MergeOutcome {

    /** Whether the merge is in, or was not needed. */
    default boolean succeeded() {
        return !(this instanceof Conflicted);
    }

    /**
     * Nothing to do: the target had it all.
     *
     * @param head the target's commit
     */
    record UpToDate(CommitId head) implements MergeOutcome {}

    /**
     * The target moved forward to the other side's commit; no merge commit was needed.
     *
     * @param head the target's commit now
     */
    record FastForward(CommitId head) implements MergeOutcome {}

    /**
     * A merge commit was made.
     *
     * @param head the merge commit
     */
    record Merged(CommitId head) implements MergeOutcome {}

    /**
     * The two sides changed the same lines; nothing was changed.
     *
     * @param files the files in conflict, in order
     */
    record Conflicted(List<String> files) implements MergeOutcome {
        /** Copies the list. */
        public Conflicted {
            files = List.copyOf(files);
        }
    }
}
