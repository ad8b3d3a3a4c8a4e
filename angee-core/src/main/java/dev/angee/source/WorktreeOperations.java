package dev.angee.source;

import dev.angee.AngeeException;
import dev.angee.ErrorCode;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What can be done in one worktree. Each call finds the worktree by the cache's own record of it, holds its lock while it
 * changes something, and leaves it as it was if it fails. Thread-safe.
 *
 * <p>If the process dies over it, the next call that changes something there puts that right first: branch, files and what is
 * unfinished are then as before or as after, and a file that is neither is left, and told in a {@code CONFLICT}.
 *
 * <p>Throws {@link dev.angee.AngeeException} as {@link SourceControl} says; {@code NOT_FOUND} if there is no such worktree.
 */
public interface WorktreeOperations {

    /**
     * How it stands to a branch of the remote, as of the last fetch. Changes nothing.
     *
     * @param base the remote's branch to compare with
     */
    WorktreeStatus status(BranchName base);

    /** What it is on. Does not look at its files. Changes nothing. */
    WorktreeHead head();

    /** Where git keeps what belongs to it: for those who watch it, or give it to a container. Changes nothing. */
    WorktreeFiles files();

    /**
     * Everything uncommitted, against the commit that it is on: staged, unstaged and untracked alike, ignored files not,
     * renames found, in the order of paths. Changes nothing, the index neither.
     */
    List<FileDiff> changes();

    /**
     * Why it should not be removed, each finding with what was found, for people. Changes nothing.
     *
     * @param base the remote's branch that its work should be in
     */
    Map<RemovalFinding, String> findings(BranchName base);

    /**
     * Commits everything that is uncommitted, new and deleted files included, ignored ones not. A merge whose conflicts
     * were resolved becomes a merge commit.
     *
     * @return the new commit; empty if there was nothing to commit
     * @throws dev.angee.AngeeException {@code CONFLICT} if a merge or rebase is not finished
     */
    Optional<CommitId> commit(String message, Author author);

    /**
     * Merges a commit into it.
     *
     * @throws dev.angee.AngeeException {@code CONFLICT} if it has uncommitted changes, something unfinished, or files that
     *     are not git's in the way
     * @throws dev.angee.NotFoundException if there is no such commit
     */
    MergeOutcome merge(Revision what, MergeOptions options);

    /**
     * Puts the commits of its branch that are not on another onto that one, in their order; those that are there already
     * are left out, merge commits are flattened.
     *
     * @throws dev.angee.AngeeException as {@link #merge}, and {@code CONFLICT} if it is on no branch
     * @throws dev.angee.NotFoundException if there is no such commit
     */
    MergeOutcome rebase(Revision onto, MergeOptions options);

    /**
     * Goes on with a merge or rebase whose conflicts were resolved: with everything that is in the worktree, as
     * {@link #commit} takes it. The next conflict of a rebase is an outcome again, and stays in the worktree.
     *
     * <p>A file in conflict that nobody has seen to is not taken for resolved, markers or not (what is not text, what one
     * side deleted, links and modes get none): one that is as the conflict left it has to be changed, deleted or staged. Of
     * a merge that another git began, that is one which is as one of the sides has it.
     *
     * @param author who a merge commit is by; of rebased commits, who committed them
     * @throws dev.angee.AngeeException {@code CONFLICT} if there is nothing to go on with, or files still hold conflict
     *     markers or have not been seen to, or it was begun by another git; nothing is changed then
     */
    MergeOutcome resume(Author author);

    /**
     * Takes a merge or rebase back that was begun: branch and files are what they were before it. Where a change was cut off
     * ({@link Unfinished#CHANGE}), that is put right, and nothing else is done.
     *
     * @throws dev.angee.AngeeException {@code CONFLICT} if there is nothing to take back
     */
    void abort();

    /**
     * Moves its branch and files from one commit to another, which need not have the first.
     *
     * @throws dev.angee.AngeeException {@code CONFLICT} if it is not at the first, has uncommitted changes, or is on no
     *     branch; nothing is changed then
     */
    void rewind(CommitId from, CommitId to);

    /**
     * The clone of it, for those who are not to write in the cache; whether there is one yet or not.
     *
     * @throws AngeeException {@code UNSUPPORTED} from those that make none
     */
    default WorktreeClone ownClone() {
        throw new AngeeException(
                ErrorCode.UNSUPPORTED, "this source control makes no clones of worktrees; share the cache");
    }
}
