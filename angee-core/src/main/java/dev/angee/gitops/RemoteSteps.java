package dev.angee.gitops;

import dev.angee.AngeeException;
import dev.angee.ErrorCode;
import dev.angee.gitops.JointRun.Step;
import dev.angee.source.BranchName;
import dev.angee.source.CommitId;
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
    private final JointTools tools;
    private final SourceControl control;
    private final Remotes remotes;
    private final JointRun run;

    RemoteSteps(JointTools tools) {
        this.tools = tools;
        this.control = tools.control();
        this.remotes = tools.remotes();
        this.run = tools.run();
    }

    /** Pushes a slot's branch, which was looked at when it was at {@code head}, to the one of the same name. */
    Step push(Slot slot, CommitId head, PushOptions.Tracking tracking) {
        Optional<CommitId> before = tools.history(slot).remoteBranch(slot.branch());
        if (tracking == PushOptions.Tracking.UNCHANGED && before.equals(Optional.of(head))) {
            return run.unchanged(slot, head);
        }
        if (!goesForward(slot, head, before)) {
            return run.failed(slot, slot.branch() + " has moved meanwhile, here or on the remote; try again");
        }
        PushOutcome outcome;
        try {
            outcome = control.push(cache(slot), slot.branch(), options(slot, head, before, tracking));
        } catch (AngeeException e) {
            return afterLostAnswer(slot, slot.branch(), before, e, now -> pushed(slot, head, before, now));
        }
        return outcome instanceof PushOutcome.Pushed pushed
                ? pushed(slot, head, before, pushed.head()).orElseThrow()
                : run.failed(slot, reason(outcome));
    }

    /**
     * What was looked at, onto what it was looked at for: since the branch has what the remote's has, to replace exactly that
     * is no force, and it is known then where to go back to.
     */
    private PushOptions options(Slot slot, CommitId head, Optional<CommitId> before, PushOptions.Tracking tracking) {
        PushOptions options =
                PushOptions.defaults().with(remotes.shownFor(slot)).expecting(head);
        if (tracking == PushOptions.Tracking.SET) {
            options = options.settingUpstream();
        }
        return before.isPresent() && !before.get().equals(head) ? options.replacing(before.get()) : options;
    }

    private boolean goesForward(Slot slot, CommitId head, Optional<CommitId> before) {
        if (before.isEmpty() || before.get().equals(head)) {
            return true;
        }
        return tools.in(slot).head().commit().equals(head)
                && tools.history(slot).distance(head, before.get()).behind() == 0
                && tools.history(slot).remoteBranch(slot.branch()).equals(before);
    }

    private Optional<Step> pushed(Slot slot, CommitId head, Optional<CommitId> before, CommitId now) {
        if (!now.equals(head)) {
            return Optional.empty();
        }
        return Optional.of(
                before.equals(Optional.of(now))
                        ? run.unchanged(slot, now)
                        : run.done(slot, now, () -> takeBack(slot, slot.branch(), now, before)));
    }

    /** Lands a slot's branch, which was looked at when it was at {@code head}, and is pushed. */
    Step land(Slot slot, CommitId head, LandOptions options) {
        BranchName into = options.into();
        Optional<CommitId> local = tools.history(slot).localBranch(slot.branch());
        if (!local.equals(Optional.of(head))) {
            return run.failed(
                    slot,
                    slot.branch() + " has moved meanwhile, from " + head.abbreviated() + " to "
                            + local.map(CommitId::abbreviated).orElse("nothing") + "; try again");
        }
        Optional<CommitId> before = tools.history(slot).remoteBranch(into);
        MergeOutcome outcome;
        try {
            outcome = control.land(cache(slot), slot.branch(), into, options.author(), remotes.shownFor(slot));
        } catch (AngeeException e) {
            return afterLostAnswer(slot, into, before, e, now -> landed(slot, into, head, now));
        }
        if (outcome instanceof MergeOutcome.Conflicted conflict) {
            return run.conflicting(slot, conflict.files(), conflict.reason());
        }
        CommitId now = Heads.of(outcome, head);
        return outcome instanceof MergeOutcome.Merged
                ? landed(slot, into, head, now).orElseGet(() -> landedAnother(slot, into, now))
                : run.unchanged(slot, now);
    }

    /** If that is the merge of what was to be landed: it goes back to what it was merged into, whatever was known before. */
    private Optional<Step> landed(Slot slot, BranchName into, CommitId head, CommitId now) {
        if (now.equals(head)) {
            return Optional.of(run.unchanged(slot, now)); // somebody has moved it forward to that
        }
        List<CommitId> parents = parents(slot, now);
        return parents.size() == 2 && parents.get(1).equals(head)
                ? Optional.of(run.done(slot, now, () -> takeBack(slot, into, now, Optional.of(parents.get(0)))))
                : Optional.empty();
    }

    /** Somebody has committed in the last moment: that was not looked at. */
    private Step landedAnother(Slot slot, BranchName into, CommitId now) {
        Optional<CommitId> before = parents(slot, now).stream().findFirst();
        String moved = slot.branch() + " has moved meanwhile, and its new commits were landed";
        return JointRun.uninterrupted(() -> takeBack(slot, into, now, before)
                .map(why -> run.left(slot, moved + "; " + why))
                .orElseGet(() -> run.failed(slot, moved + " and taken out again; try again")));
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

    /** Also when interrupted; it takes no longer than the engine's own patience with a remote. */
    private Step afterLostAnswer(Slot slot, BranchName branch, Optional<CommitId> before, AngeeException e, Ours ours) {
        if (e.code() != ErrorCode.UNAVAILABLE && e.code() != ErrorCode.FAILED) {
            return run.failed(slot, String.valueOf(e.getMessage()));
        }
        return JointRun.uninterrupted(() -> asked(slot, branch, before, e, ours));
    }

    private Step asked(Slot slot, BranchName branch, Optional<CommitId> before, AngeeException e, Ours ours) {
        Optional<CommitId> now;
        try {
            if (!(control.probe(remotes.url(slot), remotes.shownFor(slot)) instanceof RemoteProbe.Reached reached)) {
                return run.left(slot, "whether the remote has taken it is not known: " + e.getMessage());
            }
            now = Optional.ofNullable(reached.branches().get(branch));
            if (now.equals(before)) {
                return run.failed(slot, String.valueOf(e.getMessage()));
            }
            remotes.fetch(List.of(slot), tools.threads());
            Optional<Step> taken = now.flatMap(ours::step);
            if (taken.isPresent()) {
                return taken.get();
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

    private List<CommitId> parents(Slot slot, CommitId commit) {
        return tools.history(slot).log(commit, 1).stream()
                .flatMap(each -> each.parents().stream())
                .toList();
    }

    private static Path cache(Slot slot) {
        return slot.worktree().cache();
    }

    private static String reason(PushOutcome outcome) {
        return outcome instanceof PushOutcome.Rejected rejected ? rejected.reason() : "";
    }

    /** What was done, if a commit of the remote is what was to be brought there. */
    @FunctionalInterface
    private interface Ours {
        Optional<Step> step(CommitId commit);
    }
}
