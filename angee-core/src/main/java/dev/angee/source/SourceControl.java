package dev.angee.source;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * Version control as the platform needs it: one bare cache per source, shared by linked worktrees. What
 * {@code SourceControlContract} in this module's tests checks is what is promised here.
 *
 * <p>Thread-safe, also between JVMs, for different worktrees of one cache. What it leaves on disk is what real git
 * expects: {@code git worktree list}, {@code git status} and {@code git fsck} agree.
 *
 * <p>Nothing that stands in a worktree (its {@code .git} file, hooks, filters) and nothing in the user's or the
 * system's git configuration makes it run a program.
 *
 * <p>Throws {@link dev.angee.AngeeException}: {@code UNAVAILABLE} when a remote cannot be reached, {@code NOT_FOUND}
 * for a branch or worktree that does not exist, {@code CONFLICT} where another worktree or other work stands in the
 * way, {@code UNSUPPORTED} for a kind of repository or transport it cannot handle safely, {@code INVALID} where the
 * cache was tampered with, {@code FAILED} otherwise.
 */
public interface SourceControl {

    /** What it is, with its version, for people. */
    String describe();

    /**
     * Makes the cache hold what the remote has now: clones it when absent, else fetches, dropping branches that are
     * gone there. The remote's branches are kept apart from local ones; local branches and worktrees are not moved.
     * A clone that fails leaves nothing behind. Works from a shallow origin.
     *
     * @param origin the remote; a cache made from another one is a {@code CONFLICT}
     * @param cache the absolute path of the bare repository
     * @param progress is told how it comes along
     */
    void fetch(GitUrl origin, Path cache, FetchProgress progress);

    /**
     * The branch that the remote's {@code HEAD} named at the last fetch.
     *
     * @param cache the absolute path of the bare repository
     */
    BranchName defaultBranch(Path cache);

    /**
     * The commit of a branch of the remote, as of the last fetch or push.
     *
     * @param cache the absolute path of the bare repository
     */
    Optional<CommitId> remoteBranch(Path cache, BranchName branch);

    /**
     * Makes a linked worktree on a branch. A branch that exists in the cache is taken up where it is; else one that
     * exists on the remote; else it is made at the remote's {@code base}. No upstream is set. A failure leaves neither
     * folder nor record, and no branch that was not there before. A record whose folder is gone is no obstacle.
     *
     * @param worktree where; the folder must not exist, or be empty
     * @param branch the branch to be on; one that another worktree is on is a {@code CONFLICT}
     * @param base the remote's branch to begin a new branch at
     * @param progress is told how it comes along
     */
    void addWorktree(Worktree worktree, BranchName branch, BranchName base, FetchProgress progress);

    /**
     * Removes a worktree's folder and the cache's record of it; either may be missing already. Its branch stays. Does
     * not look whether work would be lost: ask {@link #status} first.
     */
    void removeWorktree(Worktree worktree);

    /** What a cache has written down about its linked worktrees; empty for a cache that is not there. */
    List<WorktreeRecord> worktrees(Path cache);

    /**
     * How many commits of a local branch of the cache no branch of the remote has, as of the last fetch or push: what
     * would be lost with the branch. 0 if there is no such cache or branch.
     *
     * @param cache the absolute path of the bare repository
     */
    int commitsNowhereElse(Path cache, BranchName branch);

    /**
     * Deletes a local branch of the cache; nothing happens if it does not exist.
     *
     * @throws dev.angee.AngeeException {@code CONFLICT} if a worktree is on it
     */
    void deleteBranch(Path cache, BranchName branch);

    /**
     * How a worktree stands to a branch of the remote, as of the last fetch. Changes nothing.
     *
     * @param base the remote's branch to compare with
     */
    WorktreeStatus status(Worktree worktree, BranchName base);

    /**
     * Commits everything that is uncommitted, new and deleted files included, ignored ones not. A merge whose conflicts
     * were resolved becomes a merge commit.
     *
     * @return the new commit; empty if there was nothing to commit
     * @throws dev.angee.AngeeException {@code CONFLICT} if a merge or rebase is not finished
     */
    Optional<CommitId> commit(Worktree worktree, String message, Author author);

    /**
     * Pushes a local branch to the remote's branch of the same name, never by force.
     *
     * @param cache the absolute path of the bare repository
     */
    PushOutcome push(Path cache, BranchName branch);

    /**
     * Merges a branch of the remote, as of the last fetch, into a clean worktree.
     *
     * @throws dev.angee.AngeeException {@code CONFLICT} if the worktree has uncommitted changes
     */
    MergeOutcome merge(Worktree worktree, BranchName remoteBranch, Author author);

    /**
     * Merges a local branch into a branch of the remote, with a merge commit, and pushes the result there; needs no
     * worktree and changes none. Fetch first: a remote branch that has moved since makes the push be rejected.
     *
     * @param cache the absolute path of the bare repository
     * @param branch the local branch to bring in
     * @param into the remote's branch that takes it
     * @throws dev.angee.AngeeException {@code CONFLICT} if the remote's branch moved meanwhile; fetch and try again
     */
    MergeOutcome land(Path cache, BranchName branch, BranchName into, Author author);
}
