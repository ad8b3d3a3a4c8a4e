package dev.angee.gitops;

import dev.angee.AngeeException;
import dev.angee.ErrorCode;
import dev.angee.gitops.JointRun.Step;
import dev.angee.source.BranchName;
import dev.angee.source.Commit;
import dev.angee.source.CommitId;
import dev.angee.source.History;
import dev.angee.source.MergeOutcome;
import dev.angee.source.PushOptions;
import dev.angee.source.PushOutcome;
import dev.angee.source.RemoteProbe;
import dev.angee.source.SourceControl;
import dev.angee.workspace.Slot;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * Steps that change a remote, with the way back. Where the answer of a remote was lost, the remote is asked what it has: a
 * change that it has made is not taken for one that failed.
 */
final class RemoteSteps {
    private final SourceControl control;
    private final Remotes remotes;
    private final GitThreads threads;
    private final JointRun run;

    RemoteSteps(SourceControl control, Remotes remotes, GitThreads threads, JointRun run) {
        this.control = control;
        this.remotes = remotes;
        this.threads = threads;
        this.run = run;
    }

    /** Pushes a slot's branch, which is at {@code head}, to the one of the same name. */
    Step push(Slot slot, CommitId head, PushOptions.Tracking tracking) {
        Optional<CommitId> before = history(slot).remoteBranch(slot.branch());
        if (tracking == PushOptions.Tracking.UNCHANGED && before.equals(Optional.of(head))) {
            return run.unchanged(slot, head);
        }
        PushOptions options = new PushOptions(remotes.shownFor(slot), Optional.empty(), Optional.empty(), tracking);
        PushOutcome outcome;
        try {
            outcome = control.push(cache(slot), slot.branch(), options);
        } catch (AngeeException e) {
            return afterLostAnswer(slot, slot.branch(), before, e, now -> now.equals(head));
        }
        if (outcome instanceof PushOutcome.Pushed pushed) {
            return pushed(slot, slot.branch(), before, pushed.head());
        }
        return run.failed(slot, reason(outcome));
    }

    /** Lands a slot's branch, which is at {@code head} and pushed. */
    Step land(Slot slot, CommitId head, LandOptions options) {
        BranchName into = options.into();
        Optional<CommitId> before = history(slot).remoteBranch(into);
        MergeOutcome outcome;
        try {
            outcome = control.land(cache(slot), slot.branch(), into, options.author(), remotes.shownFor(slot));
        } catch (AngeeException e) {
            return afterLostAnswer(slot, into, before, e, now -> isMergeOf(slot, now, before.orElse(head), head));
        }
        if (outcome instanceof MergeOutcome.Conflicted conflict) {
            return run.conflicting(slot, conflict.files(), conflict.reason());
        }
        if (outcome instanceof MergeOutcome.UpToDate same) {
            return run.unchanged(slot, same.head());
        }
        return pushed(slot, into, before, Heads.of(outcome, head));
    }

    private Step pushed(Slot slot, BranchName branch, Optional<CommitId> before, CommitId now) {
        if (before.equals(Optional.of(now))) {
            return run.unchanged(slot, now);
        }
        return run.done(slot, now, () -> takeBack(slot, branch, now, before));
    }

    private Optional<String> takeBack(Slot slot, BranchName branch, CommitId now, Optional<CommitId> before) {
        if (before.isEmpty()) {
            return Optional.of("the remote's " + branch + " was not there before, and stays at " + now.abbreviated());
        }
        PushOutcome outcome = control.retract(cache(slot), branch, now, before.get(), remotes.shownFor(slot));
        return outcome.succeeded()
                ? Optional.empty()
                : Optional.of("the remote's " + branch + " keeps " + now.abbreviated() + ": " + reason(outcome));
    }

    private Step afterLostAnswer(Slot slot, BranchName branch, Optional<CommitId> before, AngeeException e, Ours ours) {
        if (e.code() != ErrorCode.UNAVAILABLE && e.code() != ErrorCode.FAILED) {
            return run.failed(slot, String.valueOf(e.getMessage()));
        }
        Optional<CommitId> now;
        try {
            if (!(control.probe(remotes.url(slot), remotes.shownFor(slot)) instanceof RemoteProbe.Reached reached)) {
                return run.left(slot, "whether the remote has taken it is not known: " + e.getMessage());
            }
            now = Optional.ofNullable(reached.branches().get(branch));
            if (now.equals(before)) {
                return run.failed(slot, String.valueOf(e.getMessage()));
            }
            remotes.fetch(List.of(slot), threads);
            if (now.isPresent() && ours.is(now.get())) {
                return pushed(slot, branch, before, now.get());
            }
        } catch (AngeeException asking) {
            e.addSuppressed(asking);
            return run.left(slot, "whether the remote has taken it is not known: " + e.getMessage());
        }
        return run.left(
                slot,
                "the remote's " + branch + " has moved to "
                        + now.map(CommitId::abbreviated).orElse("nothing") + " meanwhile: " + e.getMessage());
    }

    private boolean isMergeOf(Slot slot, CommitId now, CommitId into, CommitId what) {
        if (now.equals(what)) {
            return true;
        }
        List<Commit> log = history(slot).log(now, 1);
        return !log.isEmpty() && log.get(0).parents().equals(List.of(into, what));
    }

    private History history(Slot slot) {
        return control.history(cache(slot));
    }

    private static Path cache(Slot slot) {
        return slot.worktree().cache();
    }

    private static String reason(PushOutcome outcome) {
        return outcome instanceof PushOutcome.Rejected rejected ? rejected.reason() : "";
    }

    /** Tells whether a commit is what was to be brought there. */
    @FunctionalInterface
    private interface Ours {
        boolean is(CommitId commit);
    }
}
