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

/** Brings a local branch into a branch of the remote; no worktree is needed, and none is changed. */
final class Landing {
    private final Repository cache;
    private final Origin origin;
    private final Author author;
    private final Clock clock;

    Landing(Repository cache, Origin origin, Author author, Clock clock) {
        this.cache = cache;
        this.origin = origin;
        this.author = author;
        this.clock = clock;
    }

    MergeOutcome of(BranchName branch, BranchName into) throws IOException {
        ObjectId theirsId = new LocalBranches(cache).require(branch);
        ObjectId oursId = new RemoteRefs(cache).require(into);
        try (RevWalk walk = new RevWalk(cache)) {
            RevCommit ours = walk.parseCommit(oursId);
            RevCommit theirs = walk.parseCommit(theirsId);
            if (walk.isMergedInto(theirs, ours)) {
                return new MergeOutcome.UpToDate(RemoteRefs.id(ours));
            }
            MergedTree merged = MergedTree.of(cache, ours, theirs);
            if (!merged.isClean()) {
                return merged.conflicted();
            }
            ObjectId commit = new NewCommit("Merge branch '" + branch + "' into " + into, author, clock)
                    .write(cache, merged.tree(), List.of(ours, theirs));
            PushOutcome pushed = origin.push(commit, into, Optional.of(oursId));
            if (pushed instanceof PushOutcome.Rejected rejected) {
                throw new ConflictException(
                        "branch", into.value(), "the remote did not take the merge: " + rejected.reason());
            }
            return new MergeOutcome.Merged(RemoteRefs.id(commit));
        }
    }
}
