package dev.angee.source;

/** What somebody has begun in a worktree and not ended. */
public enum Unfinished {
    /** Nothing. */
    NOTHING,
    /** A merge. */
    MERGE,
    /** A rebase. */
    REBASE,
    /**
     * A change of its files that was cut off, as by the death of the process that made it: a merge, a rebase, a rewind, an
     * abort. Whatever changes the worktree next puts that right first.
     */
    CHANGE,
    /** Something else of git's: a cherry-pick, a revert, a bisection, mails being applied. */
    OTHER
}
