package dev.angee.source;

import java.util.List;

/** How a merge or rebase ended. A conflict is an outcome; {@link MergeOptions} says what becomes of it. */
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
     * The commits were put onto the other side's.
     *
     * @param head the last of them
     */
    record Rebased(CommitId head) implements MergeOutcome {}

    /**
     * The two sides changed the same lines. Nothing was changed, unless the conflict was to be kept.
     *
     * @param files the files in conflict, in order
     * @param reason what git had to say of it, for people
     */
    record Conflicted(List<String> files, String reason) implements MergeOutcome {
        /** Copies the list. */
        public Conflicted {
            files = List.copyOf(files);
        }
    }
}
