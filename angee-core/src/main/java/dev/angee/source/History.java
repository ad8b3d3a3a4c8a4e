package dev.angee.source;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a cache knows of branches and commits, as of its last fetch or push. Reading changes nothing, uses no network, and
 * opens the cache anew each time. Thread-safe.
 *
 * <p>Throws {@link dev.angee.AngeeException} as {@link SourceControl} says; {@code NOT_FOUND} if there is no such cache or commit.
 */
public interface History {

    /**
     * The branch that the remote's {@code HEAD} named.
     *
     * @throws dev.angee.NotFoundException if it named none
     */
    BranchName defaultBranch();

    /** When the last fetch began: the cache is at least that new. Empty if that is not known. */
    default Optional<Instant> fetched() {
        return Optional.empty();
    }

    /** The commit of a branch of the remote. */
    Optional<CommitId> remoteBranch(BranchName branch);

    /** The commit of a local branch, whatever its worktree shows. */
    Optional<CommitId> localBranch(BranchName branch);

    /** The branches of the remote with their commits, in the order of their names. */
    Map<BranchName, CommitId> remoteBranches();

    /**
     * The commit that a name stands for, in the order that {@link Revision} says; empty if it stands for none, or for the
     * beginning of several ids.
     */
    Optional<CommitId> resolve(Revision revision);

    /**
     * How many commits of a local branch no branch of the remote has: what would be lost with the branch. 0 if there is no
     * such branch.
     */
    int commitsNowhereElse(BranchName branch);

    /**
     * A commit and those before it, the newest first.
     *
     * @param most how many at most; not negative
     */
    List<Commit> log(CommitId from, int most);

    /** How the files of one commit differ from those of another, renames found, in the order of their paths. */
    List<FileDiff> diff(CommitId from, CommitId to);

    /**
     * What a file held in a commit.
     *
     * @param path from the top of the repository, with {@code /} between its parts
     * @return empty if there is no such file; of a link, its target
     * @throws dev.angee.InvalidInputException for a path that leaves the repository
     * @throws dev.angee.AngeeException {@code UNSUPPORTED} for a file of more than 64 MiB
     */
    Optional<byte[]> file(CommitId at, String path);

    /** The files of a commit, to be closed: for many of them, or where it is not known which there are. */
    CommitFiles files(CommitId at);

    /**
     * What a merge of one commit into another would come to: the same as {@link WorktreeOperations#merge} and
     * {@link SourceControl#land}, without touching a worktree, a branch or the cache.
     */
    MergePreview preview(CommitId into, CommitId what);

    /** {@link #preview} for many merges, to be closed. The cache is looked for with the first of them. */
    default Previews previews() {
        return new Previews() {
            @Override
            public MergePreview of(CommitId into, CommitId what) {
                return preview(into, what);
            }

            @Override
            public void close() {}
        };
    }

    /** How many commits each of two has that the other has not. */
    Distance distance(CommitId one, CommitId other);
}
