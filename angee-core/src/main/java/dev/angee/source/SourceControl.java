package dev.angee.source;

import java.nio.file.Path;
import java.util.List;

/**
 * Version control as the platform needs it: one bare cache per source, shared by linked worktrees. What
 * {@code SourceControlContract} in this module's tests checks is what is promised here.
 *
 * <pre>{@code
 * SourceControl control = …;
 * control.fetch(GitUrl.of("https://example.org/app.git"), cache, FetchOptions.defaults());
 * Worktree worktree = new Worktree(cache, folder);
 * control.addWorktree(worktree, BranchName.of("workspace/x"), control.history(cache).defaultBranch(), FetchProgress.none());
 * control.in(worktree).commit("Begin", Author.angee());
 * }</pre>
 *
 * <p>Thread-safe, also between JVMs, for different worktrees of one cache. What it leaves on disk is what real git
 * expects: {@code git worktree list}, {@code git status} and {@code git fsck} agree.
 *
 * <p>While a remote is talked to, others go on with what the cache has: however slow a remote is, it is waited for only by
 * who fetches into the same cache, or by who pushes or lands from it, while another one does the same.
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

    /** What it is, why it is this one, and what it can beyond what is promised here. */
    SourceControlInfo describe();

    /**
     * Asks a remote who it is and which branches it has. Writes nothing.
     *
     * @param credentials what it is shown
     */
    RemoteProbe probe(GitUrl remote, Credentials credentials);

    /**
     * Makes the cache hold what the remote has now: clones it when absent, else fetches, dropping branches that are
     * gone there. The remote's branches are kept apart from local ones; local branches and worktrees are not moved.
     * A clone that fails leaves nothing behind. Works from a shallow origin. Of many who fetch one cache at once, the first
     * does, and the others take what it brought if it began after they had come. A branch called {@code HEAD}, or
     * {@code HEAD/…}, is left out; tags come with the commits that they are on, and stay where they are then.
     *
     * @param origin the remote; a cache made from another one is a {@code CONFLICT}
     * @param cache the absolute path of the bare repository
     */
    void fetch(GitUrl origin, Path cache, FetchOptions options);

    /**
     * What a cache knows of branches and commits.
     *
     * @param cache the absolute path of the bare repository
     */
    History history(Path cache);

    /** What can be done in a worktree. */
    WorktreeOperations in(Worktree worktree);

    /** What a cache has written down about its linked worktrees; empty for a cache that is not there. */
    List<WorktreeRecord> worktrees(Path cache);

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
     * Removes a worktree's folder and the cache's record of it; either may be missing already. Its branch stays.
     *
     * @throws dev.angee.AngeeException {@code CONFLICT} if there are {@linkplain WorktreeOperations#findings findings}
     *     that the options do not accept, naming each; nothing is changed then
     */
    void removeWorktree(Worktree worktree, RemoveOptions options);

    /**
     * Deletes a local branch of the cache; nothing happens if it does not exist.
     *
     * @throws dev.angee.AngeeException {@code CONFLICT} if a worktree is on it
     */
    void deleteBranch(Path cache, BranchName branch);

    /**
     * Pushes a local branch to the remote; never by force, unless the options say what may be replaced.
     *
     * @param cache the absolute path of the bare repository
     */
    PushOutcome push(Path cache, BranchName branch, PushOptions options);

    /**
     * Merges a local branch into a branch of the remote, with a merge commit, and pushes the result there; needs no
     * worktree and changes none. Fetch first: a remote branch that has moved since makes the push be rejected.
     *
     * @param cache the absolute path of the bare repository
     * @param branch the local branch to bring in
     * @param into the remote's branch that takes it
     * @param credentials what the remote is shown
     * @throws dev.angee.AngeeException {@code CONFLICT} if the remote's branch moved meanwhile; fetch and try again
     */
    MergeOutcome land(Path cache, BranchName branch, BranchName into, Author author, Credentials credentials);

    /**
     * Moves a branch of the remote back to a commit, if it is still at the one that is given: takes a landing back.
     *
     * @param cache the absolute path of the bare repository
     * @param branch the remote's branch
     * @param from the commit that it should be at
     * @param to the commit that it is moved to
     * @param credentials what the remote is shown
     */
    PushOutcome retract(Path cache, BranchName branch, CommitId from, CommitId to, Credentials credentials);
}
