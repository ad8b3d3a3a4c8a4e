package dev.angee.git;

import dev.angee.ConflictException;
import dev.angee.source.Author;
import dev.angee.source.BranchName;
import dev.angee.source.MergeOptions;
import dev.angee.source.MergeOutcome;
import java.io.IOException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.RefUpdate;
import org.eclipse.jgit.revwalk.RevCommit;
import org.eclipse.jgit.revwalk.RevWalk;

/**
 * Rebases the branch of a worktree: picks commit after commit in the object store, and changes files, branch and records
 * once, at the end or at a conflict that is to be kept. Git's own rebase is not run, since it does what it finds written in
 * the worktree's record, and an agent may write there.
 */
final class GitRebase {
    static final String ENGINE = "git";

    private final OpenWorktree open;
    private final AdminFolder record;
    private final GitStage stage;
    private final GitPick picks;

    GitRebase(OpenWorktree open, AdminFolder record, GitStage stage, Author committer, Clock clock) {
        this.open = open;
        this.record = record;
        this.stage = stage;
        this.picks = new GitPick(stage, open.repository, committer, clock);
    }

    MergeOutcome begin(ObjectId onto, MergeOptions.OnConflict onConflict) throws IOException {
        BranchName branch = open.branch()
                .orElseThrow(() -> conflict("it is on no branch, and a rebase moves one; check one out first"));
        ObjectId head = open.head();
        try (RevWalk walk = new RevWalk(open.repository)) {
            RevCommit ours = walk.parseCommit(head);
            RevCommit theirs = walk.parseCommit(onto);
            if (walk.isMergedInto(ours, theirs)) {
                return ours.equals(theirs) ? new MergeOutcome.UpToDate(RemoteRefs.id(head)) : forward(ours, theirs);
            }
            if (walk.isMergedInto(theirs, ours) && isLine(walk, theirs, ours)) {
                return new MergeOutcome.UpToDate(RemoteRefs.id(head));
            }
            MergedTree.requireCommonHistory(open.repository, ours, theirs);
        }
        List<ObjectId> todo = stage.require(GitCommand.missingFrom(onto, head))
                .bytes()
                .lines()
                .map(ObjectId::fromString)
                .map(ObjectId.class::cast)
                .toList();
        GitRebaseState state = new GitRebaseState(branch, head, onto, List.of(), todo);
        return goOn(state, onto, treeOf(head), onConflict);
    }

    private MergeOutcome forward(RevCommit from, RevCommit to) throws IOException {
        new GitFiles(stage, open).advance(from, to.getTree(), to, "rebase (finish): fast-forward");
        return new MergeOutcome.FastForward(RemoteRefs.id(to));
    }

    private static boolean isLine(RevWalk walk, RevCommit from, RevCommit to) throws IOException {
        for (RevCommit commit = to; !commit.equals(from); commit = walk.parseCommit(commit.getParent(0))) {
            if (commit.getParentCount() != 1) {
                return false;
            }
        }
        return true;
    }

    /** Goes on after a conflict, with a tree that was made of what is in the worktree now. */
    MergeOutcome resume(GitRebaseState state, ObjectId tree) throws IOException {
        ObjectId head = open.head();
        ObjectId current = head;
        if (!tree.equals(treeOf(head))) {
            try (RevWalk walk = new RevWalk(open.repository)) {
                current = picks.commit(tree, walk.parseCommit(state.stopped()), head);
            }
        }
        return goOn(state, current, tree, MergeOptions.OnConflict.KEEP);
    }

    GitRebaseState read() throws IOException {
        return GitRebaseState.read(record, open.worktree.path(), ENGINE);
    }

    /**
     * Picks what is left.
     *
     * @param from where the picks begin
     * @param files the tree that the worktree's files are of
     */
    private MergeOutcome goOn(GitRebaseState state, ObjectId from, ObjectId files, MergeOptions.OnConflict onConflict)
            throws IOException {
        List<ObjectId> done = new ArrayList<>(state.done());
        List<ObjectId> todo = new ArrayList<>(state.todo());
        ObjectId current = from;
        while (!todo.isEmpty()) {
            ObjectId next = todo.remove(0);
            done.add(next);
            Optional<GitMerge> conflict;
            try (RevWalk walk = new RevWalk(open.repository)) {
                RevCommit commit = walk.parseCommit(next);
                RevCommit target = walk.parseCommit(current);
                if (commit.getParentCount() == 1 && commit.getParent(0).equals(target)) {
                    current = commit.getId();
                    continue;
                }
                GitMerge merge = picks.onto(commit, target);
                conflict = merge.isClean() ? Optional.empty() : Optional.of(merge);
                if (conflict.isEmpty() && (!merge.tree().equals(target.getTree()) || wasEmpty(walk, commit))) {
                    current = picks.commit(merge.tree(), commit, target);
                }
            }
            if (conflict.isPresent()) {
                if (onConflict == MergeOptions.OnConflict.KEEP) {
                    GitRebaseState stopped =
                            new GitRebaseState(state.branch(), state.original(), state.onto(), done, todo);
                    stop(stopped, current, files, conflict.get(), beginning(state));
                }
                return conflict.get().conflicted();
            }
        }
        return finish(state, current, files);
    }

    private static boolean wasEmpty(RevWalk walk, RevCommit commit) throws IOException {
        return commit.getParentCount() == 1
                && walk.parseCommit(commit.getParent(0)).getTree().equals(commit.getTree());
    }

    /** What a stop comes back to that fails: to the conflict before, or to the branch. */
    private static PendingChange beginning(GitRebaseState before) {
        PendingChange rebase = PendingChange.of("rebase");
        return before.done().isEmpty()
                ? rebase.standing(PendingChange.Standing.NOTHING, PendingChange.Standing.REBASE)
                : rebase.goingOnFrom(before.place());
    }

    /** The state comes first: whoever finds the files half changed knows of what, and can take it back. */
    private void stop(
            GitRebaseState stopped, ObjectId current, ObjectId files, GitMerge conflict, PendingChange beginning)
            throws IOException {
        PendingChange change = beginning.files(files, conflict.tree()).head(open.headText(), current.name());
        open.journal.around(change, open, () -> {
            writeDown(stopped, conflict);
            open.detachHead(current);
            new GitFiles(stage, open).show(files, conflict);
            return stopped;
        });
    }

    private void writeDown(GitRebaseState stopped, GitMerge conflict) throws IOException {
        stopped.write(record, open.repository, ENGINE);
        try (RevWalk walk = new RevWalk(open.repository)) {
            record.write(
                    "MERGE_MSG",
                    MergeState.conflictMessage(
                            walk.parseCommit(stopped.stopped()).getFullMessage(), conflict.files()));
        }
        record.write("ORIG_HEAD", stopped.original().name() + "\n");
    }

    private MergeOutcome finish(GitRebaseState state, ObjectId current, ObjectId files) throws IOException {
        GitFiles worktree = new GitFiles(stage, open);
        if (open.branch().isPresent()) {
            try (RevWalk walk = new RevWalk(open.repository)) {
                worktree.advance(walk.parseCommit(state.original()), treeOf(current), current, why(state));
            }
            return new MergeOutcome.Rebased(RemoteRefs.id(current));
        }
        ObjectId tree = treeOf(current);
        String branch = state.branch().fullName();
        PendingChange change = PendingChange.of(why(state))
                .files(files, tree)
                .moving(branch, state.original(), current)
                .head(open.headText(), OpenWorktree.headOn(branch))
                .standing(PendingChange.Standing.REBASE, PendingChange.Standing.NOTHING);
        open.journal.around(change, open, () -> {
            worktree.move(files, tree, () -> {
                moveBranch(state, current);
                comeBack(state.branch());
            });
            return current;
        });
        return new MergeOutcome.Rebased(RemoteRefs.id(current));
    }

    private static String why(GitRebaseState state) {
        return "rebase (finish): " + state.branch() + " onto " + state.onto().name();
    }

    private void moveBranch(GitRebaseState state, ObjectId to) throws IOException {
        RefUpdate.Result result = RefChange.of(open.repository, state.branch().fullName())
                .expecting(state.original())
                .to(to);
        if (result != RefUpdate.Result.FORCED
                && result != RefUpdate.Result.FAST_FORWARD
                && result != RefUpdate.Result.NO_CHANGE) {
            throw conflict("its branch '" + state.branch() + "' moved meanwhile (" + result + "); abort the rebase");
        }
    }

    private void comeBack(BranchName branch) throws IOException {
        open.attachHead(branch);
        RebaseState.remove(record);
    }

    /** Takes a rebase back, whoever began it; its branch has not moved yet. */
    void abort() throws IOException {
        RebaseState begun = RebaseState.begun(record, open.worktree);
        requireBranchIsOurs(begun.branch());
        begun.requireBranchWhereItWas(open.repository, open.worktree);
        ObjectId before = treeOf(begun.head());
        PendingChange change = PendingChange.of("abort of a rebase")
                .files(Snapshot.of(open, before), before)
                .head(open.headText(), OpenWorktree.headOn(begun.branch().fullName()))
                .standing(PendingChange.Standing.REBASE, PendingChange.Standing.NOTHING);
        open.journal.around(change, open, () -> {
            new GitFiles(stage, open).discard(before);
            comeBack(begun.branch());
            return before;
        });
    }

    /** Whoever may write in the worktree's record cannot have another worktree's branch moved by that. */
    void requireBranchIsOurs(BranchName branch) throws IOException {
        Cache cache = new Cache(open.worktree.cache());
        for (AdminFolder other : cache.records()) {
            if (!other.folder().equals(record.folder()) && other.uses(branch)) {
                throw conflict("the branch '" + branch + "' that is rebased in it is another worktree's");
            }
        }
    }

    private ObjectId treeOf(ObjectId commit) throws IOException {
        try (RevWalk walk = new RevWalk(open.repository)) {
            return walk.parseCommit(commit).getTree().getId();
        }
    }

    private ConflictException conflict(String problem) {
        return new ConflictException("worktree", open.worktree.path().toString(), problem);
    }
}
