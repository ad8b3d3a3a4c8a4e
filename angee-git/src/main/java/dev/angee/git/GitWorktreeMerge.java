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
import org.eclipse.jgit.revwalk.RevCommit;
import org.eclipse.jgit.revwalk.RevWalk;

/** Brings a commit into a clean worktree: merged in the object store first, so that files change only if that went well. */
final class GitWorktreeMerge {
    private final OpenWorktree open;
    private final AdminFolder record;
    private final GitStage stage;
    private final MergeOptions options;
    private final Clock clock;

    GitWorktreeMerge(OpenWorktree open, AdminFolder record, GitStage stage, MergeOptions options, Clock clock) {
        this.open = open;
        this.record = record;
        this.stage = stage;
        this.options = options;
        this.clock = clock;
    }

    MergeOutcome of(Revision what, Revisions.Named named, ObjectId head) throws IOException {
        try (RevWalk walk = new RevWalk(open.repository)) {
            RevCommit ours = walk.parseCommit(head);
            RevCommit theirs = walk.parseCommit(named.commit());
            if (walk.isMergedInto(theirs, ours)) {
                return new MergeOutcome.UpToDate(RemoteRefs.id(ours));
            }
            if (options.forward() != MergeOptions.Forward.NEVER && walk.isMergedInto(ours, theirs)) {
                advance(ours, theirs.getTree(), theirs, "merge " + what + ": Fast-forward");
                return new MergeOutcome.FastForward(RemoteRefs.id(theirs));
            }
            if (options.forward() == MergeOptions.Forward.ONLY) {
                throw new ConflictException(
                        "worktree",
                        open.worktree.path().toString(),
                        "its branch cannot just move forward to '" + what + "': it has commits of its own");
            }
            MergedTree.requireCommonHistory(open.repository, ours, theirs);
            GitMerge merge = GitMerge.of(stage, ours, theirs);
            String message = "Merge " + named.kind() + " '" + what + "' into " + target();
            return merge.isClean() ? commit(message, ours, theirs, merge) : conflicted(message, ours, theirs, merge);
        }
    }

    private MergeOutcome commit(String message, RevCommit ours, RevCommit theirs, GitMerge merge) throws IOException {
        ObjectId commit = new NewCommit(message, options.author(), clock)
                .write(open.repository, merge.tree(), List.of(ours, theirs));
        advance(ours, merge.tree(), commit, message);
        return new MergeOutcome.Merged(RemoteRefs.id(commit));
    }

    private MergeOutcome conflicted(String message, RevCommit ours, RevCommit theirs, GitMerge merge)
            throws IOException {
        if (options.onConflict() == MergeOptions.OnConflict.KEEP) {
            // The state comes first: whoever finds the files half changed knows of what, and can take it back.
            PendingChange change = PendingChange.of(message)
                    .files(ours.getTree(), merge.tree())
                    .standing(PendingChange.Standing.NOTHING, PendingChange.Standing.MERGE);
            open.journal.around(change, open, () -> {
                MergeState.write(record, ours, theirs, message, merge.files());
                new GitFiles(stage, open).show(ours.getTree(), merge);
                return merge;
            });
        }
        return merge.conflicted();
    }

    private void advance(RevCommit from, ObjectId tree, ObjectId to, String why) throws IOException {
        new GitFiles(stage, open).advance(from, tree, to, why);
    }

    private String target() throws IOException {
        return open.branch().map(BranchName::value).orElse("HEAD");
    }
}
