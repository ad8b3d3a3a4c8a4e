package dev.angee.source;

/** What somebody has begun in a worktree and not ended. */
public enum Unfinished {
    /** Nothing. */
    NOTHING,
    /** A merge. */
    MERGE,
    /** A rebase. */
    REBASE,
    /** Something else of git's: a cherry-pick, a revert, a bisection, mails being applied. */
    OTHER
}
