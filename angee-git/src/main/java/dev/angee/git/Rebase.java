package dev.angee.git;

import dev.angee.ConflictException;
import dev.angee.source.Author;
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

/**
 * Puts the commits of a branch onto another one. All of it is made in memory first: the worktree is changed once, when it is
 * known how it ends.
 */
final class Rebase {
    private final OpenWorktree open;
    private final AdminFolder admin;
    private final MergeOptions options;
    private final Clock clock;
    private final WorktreeCheckout checkout;

    Rebase(OpenWorktree open, AdminFolder admin, MergeOptions options, Clock clock) {
        this.open = open;
        this.admin = admin;
        this.options = options;
        this.clock = clock;
        this.checkout = new WorktreeCheckout(open);
    }

    /** Begins one. */
    MergeOutcome onto(Revision target) throws IOException {
        Repository repository = open.repository;
        ObjectId ontoId = new Revisions(repository).require(target).commit();
        ObjectId head = open.head();
        BranchName branch = open.branch()
                .orElseThrow(() -> new ConflictException(
                        "worktree", open.worktree.path().toString(), "it is on no branch; check one out first"));
        checkout.requireClean(head);
        try (RevWalk walk = new RevWalk(repository)) {
            RevCommit ours = walk.parseCommit(head);
            RevCommit onto = walk.parseCommit(ontoId);
            if (walk.isMergedInto(onto, ours) && isLinear(walk, ours, onto)) {
                return new MergeOutcome.UpToDate(RemoteRefs.id(ours));
            }
            if (walk.isMergedInto(ours, onto)) {
                checkout.advance(ours, onto.getTree(), onto, "rebase: Fast-forward");
                return new MergeOutcome.FastForward(RemoteRefs.id(onto));
            }
            List<ObjectId> commits = new RebasePlan(repository).commits(ours, onto);
            Picking picking = new Picking(repository, options.author(), clock, onto, onto.getTree());
            Picking.Stop stop = picking.pick(commits);
            if (stop.isEnd()) {
                ObjectId tip = picking.write();
                checkout.advance(
                        ours, picking.tree(), tip, "rebase (finish): " + branch.fullName() + " onto " + onto.name());
                return new MergeOutcome.Rebased(RemoteRefs.id(tip));
            }
            if (options.onConflict() == MergeOptions.OnConflict.KEEP) {
                RebaseState state = new RebaseState(branch, head, onto, commits, stop.at());
                PendingChange change = PendingChange.of("rebase")
                        .standing(PendingChange.Standing.NOTHING, PendingChange.Standing.REBASE);
                keep(ours.getTree(), picking, state, stop.merged(), change);
            }
            return stop.merged().conflicted();
        }
    }

    private static boolean isLinear(RevWalk walk, RevCommit ours, RevCommit onto) throws IOException {
        RevCommit commit = walk.parseCommit(ours);
        while (!commit.equals(onto)) {
            if (commit.getParentCount() != 1) {
                return false;
            }
            commit = walk.parseCommit(commit.getParent(0));
        }
        return true;
    }

    /** Goes on with one of ours. */
    MergeOutcome resume() throws IOException {
        Repository repository = open.repository;
        RebaseState state = RebaseState.read(admin, open.worktree);
        state.requireBranchWhereItWas(repository, open.worktree);
        requireOnlyHere(state.branch());
        NewCommit.stageEverything(open);
        ObjectId tree = NewCommit.treeOfIndex(repository);
        ObjectId head = open.head();
        Author author = options.author();
        try (RevWalk walk = new RevWalk(repository)) {
            Picking picking = new Picking(
                    repository, author, clock, head, walk.parseCommit(head).getTree());
            picking.resolved(state.commits().get(state.at()), tree);
            Picking.Stop stop = picking.pick(
                    state.commits().subList(state.at() + 1, state.commits().size()));
            if (stop.isEnd()) {
                return end(state, tree, picking);
            }
            RebaseState next = state.at(state.at() + 1 + stop.at());
            keep(tree, picking, next, stop.merged(), PendingChange.of("rebase").goingOnFrom(state.at()));
            return stop.merged().conflicted();
        }
    }

    private MergeOutcome end(RebaseState state, ObjectId present, Picking picking) throws IOException {
        ObjectId tip = picking.write();
        PendingChange change = PendingChange.of("rebase")
                .files(present, picking.tree())
                .moving(state.branch().fullName(), state.head(), tip)
                .head(open.headText(), OpenWorktree.headOn(state.branch().fullName()))
                .standing(PendingChange.Standing.REBASE, PendingChange.Standing.NOTHING);
        open.journal.around(change, open, () -> {
            checkout.change(present, picking.tree(), () -> {
                state.moveBranch(open.repository, tip);
                open.attachHead(state.branch());
            });
            RebaseState.remove(admin);
            return tip;
        });
        return new MergeOutcome.Rebased(RemoteRefs.id(tip));
    }

    /** The state comes first, so that whoever finds the files half changed knows of what, and can take it back. */
    private void keep(ObjectId present, Picking picking, RebaseState state, MergedTree merged, PendingChange beginning)
            throws IOException {
        merged.requireKeepable();
        ObjectId tip = picking.write();
        PendingChange change = beginning.files(present, merged.tree()).head(open.headText(), tip.name());
        open.journal.around(change, open, () -> {
            state.write(admin, open.repository);
            open.detachHead(tip);
            checkout.show(present, merged);
            return tip;
        });
    }

    /** Takes one back, whoever began it. */
    void abort() throws IOException {
        RebaseState state = RebaseState.begun(admin, open.worktree);
        Repository repository = open.repository;
        state.requireBranchWhereItWas(repository, open.worktree);
        requireOnlyHere(state.branch());
        ObjectId before;
        try (RevWalk walk = new RevWalk(repository)) {
            before = walk.parseCommit(state.head()).getTree().getId();
        }
        ObjectId present = Snapshot.of(open, before);
        PendingChange change = PendingChange.of("abort of a rebase")
                .files(present, before)
                .head(open.headText(), OpenWorktree.headOn(state.branch().fullName()))
                .standing(PendingChange.Standing.REBASE, PendingChange.Standing.NOTHING);
        open.journal.around(change, open, () -> {
            checkout.reset(present, before);
            open.attachHead(state.branch());
            RebaseState.remove(admin);
            return before;
        });
    }

    /** The name of the branch is what the record says, and whoever works in the worktree may have written that. */
    private void requireOnlyHere(BranchName branch) throws IOException {
        for (AdminFolder other : new Cache(open.worktree.cache()).records()) {
            if (!other.equals(admin) && other.uses(branch)) {
                throw new ConflictException(
                        "branch", branch.value(), "another worktree (" + other.id() + ") is on it, so it is not moved");
            }
        }
    }
}
