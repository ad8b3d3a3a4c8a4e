package dev.angee.source;

/**
 * How to merge or rebase in a worktree.
 *
 * @param author who the commits that are made are by; of a rebased commit, who committed it
 * @param onConflict what becomes of a conflict
 * @param forward whether a merge may do without a merge commit
 */
public record MergeOptions(Author author, OnConflict onConflict, Forward forward) {

    /** What becomes of a conflict. */
    public enum OnConflict {
        /** Everything is as it was before. */
        UNDO,
        /**
         * It stays in the worktree, in git's own way, with markers in the files, for somebody to resolve: then
         * {@link WorktreeOperations#resume} or {@link WorktreeOperations#abort}.
         */
        KEEP
    }

    /** Where the other side has all that this one has. */
    public enum Forward {
        /** The branch moves there, without a merge commit. */
        IF_POSSIBLE,
        /** A merge commit is made all the same. */
        NEVER,
        /** The branch moves there; if it cannot, that is a {@code CONFLICT}, and nothing is changed. */
        ONLY
    }

    /** By somebody; a conflict is undone, and no merge commit is made where none is needed. */
    public static MergeOptions by(Author author) {
        return new MergeOptions(author, OnConflict.UNDO, Forward.IF_POSSIBLE);
    }

    /** The same, leaving a conflict in the worktree. */
    public MergeOptions keepingConflicts() {
        return new MergeOptions(author, OnConflict.KEEP, forward);
    }

    /** The same, with another rule for merge commits. */
    public MergeOptions forward(Forward rule) {
        return new MergeOptions(author, onConflict, rule);
    }
}
