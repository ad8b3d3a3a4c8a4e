package dev.angee.source;

/**
 * A repository of its own for whoever works in a worktree and is not to write in the cache, such as an agent in its container.
 * Both have the same folder of files; branches, index, configuration and new objects are the clone's, and what the cache has
 * is borrowed. Whoever works with the clone may write anything into it: of that, nothing is run, followed or waited for, and
 * nothing but whole, checked commits comes into the cache.
 *
 * <pre>{@code
 * CloneFiles files = control.in(worktree).ownClone().offer(); // before the container starts, and after each fetch
 * control.in(worktree).ownClone().take(); // when the agent has committed
 * }</pre>
 *
 * <p>While there is a clone, who works with it commits there. What is committed there and not taken yet, the worktree's status
 * shows as uncommitted changes; commit them on the host too, and the two have parted.
 *
 * <p>The clone's files have to belong to the user of this process, so a container works with it as that user. Thread-safe.
 * Throws {@link dev.angee.AngeeException} as {@link WorktreeOperations} says, and {@code INVALID} if the clone holds what git
 * would not have put there.
 */
public interface WorktreeClone {

    /**
     * Makes the clone, or brings an existing one what has come into the cache since: the branches of the remote, which
     * replace those that the clone knew, and new tags. If the worktree's branch went on, and the clone has no commits of its
     * own and nothing unfinished, its branch and index follow; what was staged there is unstaged then. Of a shallow cache,
     * history there ends where it does in the cache; what was fetched into the clone ends where that fetch ended.
     *
     * @throws dev.angee.AngeeException {@code CONFLICT} if the worktree is on no branch or has something unfinished
     */
    CloneFiles offer();

    /**
     * Brings what was committed in the clone to the worktree's branch, as a fast-forward; files are not touched. What somebody
     * has staged in the worktree stays staged. How long it takes grows with all that was made or fetched in the clone, while
     * which nobody else is kept waiting; an interrupt ends it.
     *
     * @return {@link MergeOutcome.FastForward}, or {@link MergeOutcome.UpToDate} if the worktree's branch has it all
     * @throws dev.angee.AngeeException {@code CONFLICT} if the clone is on another branch than the worktree, or the two have
     *     parted; {@code INVALID} if objects are missing in it, or are not what git makes; nothing is changed then
     * @throws dev.angee.NotFoundException if there is no clone
     */
    MergeOutcome take();

    /** Removes the clone, with all that was not taken from it; nothing happens if there is none. */
    void discard();
}
