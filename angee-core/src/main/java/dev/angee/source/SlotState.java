package dev.angee.source;

import java.util.Locale;

/** How a worktree stands to its base. */
public enum SlotState {
    /** Nothing uncommitted, and level with its base. */
    CLEAN,
    /** Something uncommitted. */
    DIRTY,
    /** Has commits its base does not have. */
    AHEAD,
    /** Lacks commits its base has. */
    BEHIND,
    /** Both ahead and behind. */
    DIVERGED,
    /** On another branch than it should be. */
    BRANCH_MISMATCH,
    /** The folder is not there. */
    MISSING,
    /** It could not be found out; the status says why. */
    ERROR;

    /** The word used on the wire: lower case, with a dash. */
    public String id() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
