package dev.angee.source;

import java.util.Locale;

/** Why a worktree should not be removed. */
public enum RemovalFinding {
    /** It has uncommitted changes, or something unfinished. */
    DIRTY,
    /** It has commits that no branch of the remote has: they would be lost with its branch. */
    UNPUSHED,
    /** It has changes that its base does not have, neither as its commits nor as a squashed one. */
    UNLANDED,
    /** Its {@linkplain WorktreeClone clone} has commits that were not taken, on whatever branch, or cannot be read. */
    UNTAKEN,
    /**
     * Somebody has locked it ({@code git worktree lock}), or its files are not all there yet: then git's own reason {@code
     * initializing} is in what was found.
     */
    LOCKED,
    /** A process of this machine works in its folder. Only those that we may look at are seen. */
    IN_USE;

    /** The word for it on a command line: lower case, with a dash. */
    public String id() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
