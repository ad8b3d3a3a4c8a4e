package dev.angee.git;

import dev.angee.ConflictException;
import dev.angee.source.BranchName;
import dev.angee.source.MergeOptions;
import dev.angee.source.MergeOutcome;
import dev.angee.source.Revision;
import java.io.IOException;
import java.time.Clock;
import java.util.List;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.Repository;
import org.eclipse.jgit.revwalk.RevCommit;
import org.eclipse.jgit.revwalk.RevWalk;

/** Brings a commit into a worktree; all of it, or nothing, or as far as it goes without deciding a conflict. */
final class WorktreeMerge {
    private final OpenWorktree open;
    private final MergeOptions options;
    private final Clock clock;
    private final WorktreeCheckout checkout;

    WorktreeMerge(OpenWorktree open, MergeOptions options, Clock clock) {
        this.open = open;
        this.options = options;
        this.clock = clock;
        this.checkout = new WorktreeCheckout(open);
    }

    MergeOutcome of(Revision what) throws IOException {
        Repository repository = open.repository;
        Revisions.Named named = new Revisions(repository).require(what);
        ObjectId head = open.head();
        checkout.requireClean(head);
        try (RevWalk walk = new RevWalk(repository)) {
            RevCommit ours = walk.parseCommit(head);
            RevCommit theirs = walk.parseCommit(named.commit());
            if (walk.isMergedInto(theirs, ours)) {
                return new MergeOutcome.UpToDate(RemoteRefs.id(ours));
            }
            boolean forward = walk.isMergedInto(ours, theirs);
            if (forward && options.forward() != MergeOptions.Forward.NEVER) {
                checkout.advance(ours, theirs.getTree(), theirs, "merge " + what + ": Fast-forward");
                return new MergeOutcome.FastForward(RemoteRefs.id(theirs));
            }
            if (!forward && options.forward() == MergeOptions.Forward.ONLY) {
                throw new ConflictException(
                        "worktree",
                        open.worktree.path().toString(),
                        "it has commits that '" + what + "' has not, so it cannot move forward there; merge or rebase");
            }
            return merge(ours, theirs, what, message(named, what));
        }
    }

    private MergeOutcome merge(RevCommit ours, RevCommit theirs, Revision what, String message) throws IOException {
        Repository repository = open.repository;
        MemoryObjects objects = new MemoryObjects(repository);
        MergedTree merged = MergedTree.of(repository, ours, theirs, objects, what.value());
        if (merged.isClean()) {
            objects.write();
            ObjectId commit = new NewCommit(message, options.author(), clock)
                    .write(repository, merged.tree(), List.of(ours, theirs));
            checkout.advance(ours, merged.tree(), commit, "merge " + what);
            return new MergeOutcome.Merged(RemoteRefs.id(commit));
        }
        if (options.onConflict() == MergeOptions.OnConflict.KEEP) {
            objects.write();
            keep(ours, theirs, merged, message);
        }
        return merged.conflicted();
    }

    /** The state comes first, so that whoever finds the files half changed knows of what, and can take it back. */
    private void keep(RevCommit ours, RevCommit theirs, MergedTree merged, String message) throws IOException {
        merged.requireKeepable();
        PendingChange change = PendingChange.of(message)
                .files(ours.getTree(), merged.tree())
                .standing(PendingChange.Standing.NOTHING, PendingChange.Standing.MERGE);
        open.journal.around(change, open, () -> {
            MergeState.write(open.record, ours, theirs, message, merged.conflicts());
            checkout.show(ours.getTree(), merged);
            return merged;
        });
    }

    private String message(Revisions.Named named, Revision what) throws IOException {
        String into = open.branch().map(BranchName::value).orElse("HEAD");
        return "Merge " + named.kind() + " '" + what + "' into " + into;
    }
}
