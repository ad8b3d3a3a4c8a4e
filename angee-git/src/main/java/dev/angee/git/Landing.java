package dev.angee.git;

import dev.angee.ConflictException;
import dev.angee.source.Author;
import dev.angee.source.BranchName;
import dev.angee.source.MergeOutcome;
import dev.angee.source.PushOutcome;
import java.io.IOException;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.Repository;
import org.eclipse.jgit.revwalk.RevCommit;
import org.eclipse.jgit.revwalk.RevWalk;

/**
 * Brings a local branch into a branch of the remote; no worktree is needed, and none is changed. The remote's branch has to be
 * where the cache knows it to be.
 *
 * @param author who commits
 * @param clock when
 * @param merger what the two sides come to
 */
record Landing(Author author, Clock clock, Merger merger) {

    MergeOutcome of(RemoteChanges.Change change, BranchName branch, BranchName into) throws IOException {
        Repository cache = change.repository();
        ObjectId theirsId = new LocalBranches(cache).require(branch);
        ObjectId oursId = new RemoteRefs(cache).require(into);
        try (RevWalk walk = new RevWalk(cache)) {
            RevCommit ours = walk.parseCommit(oursId);
            RevCommit theirs = walk.parseCommit(theirsId);
            if (walk.isMergedInto(theirs, ours)) {
                return new MergeOutcome.UpToDate(RemoteRefs.id(ours));
            }
            Merged merged = merger.merge(cache, ours, theirs);
            if (!merged.isClean()) {
                return merged.conflicted();
            }
            ObjectId commit = new NewCommit("Merge branch '" + branch + "' into " + into, author, clock)
                    .write(cache, merged.tree(), List.of(ours, theirs));
            PushOutcome pushed = change.move(Optional.of(oursId), commit, into);
            if (pushed instanceof PushOutcome.Rejected rejected) {
                throw new ConflictException(
                        "branch", into.value(), "the remote did not take the merge: " + rejected.reason());
            }
            return new MergeOutcome.Merged(RemoteRefs.id(commit));
        }
    }

    /** Merges two commits of a cache in its objects alone. */
    @FunctionalInterface
    interface Merger {
        Merged merge(Repository cache, RevCommit ours, RevCommit theirs) throws IOException;
    }

    /** What two commits come to. */
    interface Merged {
        boolean isClean();

        /** The merged tree, if it is clean. */
        ObjectId tree();

        /** What is said of it, if it is not. */
        MergeOutcome conflicted();
    }
}
