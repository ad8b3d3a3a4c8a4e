package dev.angee.gitops;

import dev.angee.AngeeException;
import dev.angee.gitops.JointRun.Step;
import dev.angee.source.Author;
import dev.angee.source.BranchName;
import dev.angee.source.Commit;
import dev.angee.source.CommitId;
import dev.angee.source.MergeOutcome;
import dev.angee.source.Unfinished;
import dev.angee.source.WorktreeOperations;
import dev.angee.source.WorktreeStatus;
import dev.angee.workspace.Slot;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * Steps that change a worktree, with the way back. Whoever works in a worktree takes no lock of ours and may commit at any
 * time: nothing is done to one that is not as it was looked at, and nothing is taken back that is not known to be ours.
 */
final class WorktreeSteps {
    private final JointTools tools;
    private final JointRun run;

    WorktreeSteps(JointTools tools) {
        this.tools = tools;
        this.run = tools.run();
    }

    Step commit(Slot slot, CommitId before, String message, Author author) {
        WorktreeStatus status = status(slot);
        if (!status.branch().equals(Optional.of(slot.branch()))) {
            return run.failed(slot, elsewhere(slot, status));
        }
        Optional<CommitId> commit = tools.in(slot).commit(message, author);
        return commit.map(head -> run.done(slot, head, () -> Optional.of("the commit stays; its files are in it")))
                .orElseGet(() -> run.unchanged(slot, before));
    }

    /** Moves a slot's branch, which was looked at when it was at {@code before}. */
    Step move(Slot slot, CommitId before, Function<WorktreeOperations, MergeOutcome> move) {
        WorktreeStatus status = status(slot);
        if (!isAt(slot, status, before)) {
            return run.failed(slot, elsewhere(slot, status));
        }
        MergeOutcome outcome;
        try {
            outcome = move.apply(tools.in(slot));
        } catch (AngeeException e) {
            return JointRun.uninterrupted(() -> afterFailure(slot, before, e));
        }
        if (outcome instanceof MergeOutcome.Conflicted conflict) {
            return run.conflicting(slot, conflict.files(), conflict.reason());
        }
        CommitId now = Heads.of(outcome, before);
        if (outcome instanceof MergeOutcome.UpToDate || now.equals(before)) {
            return run.unchanged(slot, now);
        }
        return run.done(slot, now, () -> takeBack(slot, outcome, status, now));
    }

    /** It should be as it was; if it is not, that may be somebody else's doing, and it is left alone. */
    private Step afterFailure(Slot slot, CommitId before, AngeeException failure) {
        try {
            WorktreeStatus status = status(slot);
            if (status.unfinished() != Unfinished.NOTHING) {
                return run.left(
                        slot,
                        failure.getMessage() + "; it has an unfinished " + Preflight.named(status.unfinished())
                                + ", whoever began it; resume or abort it");
            }
            return isAt(slot, status, before)
                    ? run.failed(slot, String.valueOf(failure.getMessage()))
                    : run.left(slot, failure.getMessage() + "; and it is not as it was: " + elsewhere(slot, status));
        } catch (AngeeException e) {
            return run.left(
                    slot, failure.getMessage() + "; and whether it is as it was is not known: " + e.getMessage());
        }
    }

    private Optional<String> takeBack(Slot slot, MergeOutcome outcome, WorktreeStatus before, CommitId now) {
        WorktreeStatus status = status(slot);
        if (!isAt(slot, status, now)) {
            return Optional.of(elsewhere(slot, status));
        }
        Optional<CommitId> back = cameFrom(slot, outcome, before, status);
        back.ifPresent(to -> tools.in(slot).rewind(now, to));
        return back.isPresent()
                ? Optional.empty()
                : Optional.of(
                        slot.branch() + " stays at " + now.abbreviated() + ": it has commits that came meanwhile");
    }

    /** What the branch was at; empty if going back there might lose what somebody has committed in between. */
    private Optional<CommitId> cameFrom(Slot slot, MergeOutcome outcome, WorktreeStatus before, WorktreeStatus now) {
        if (outcome instanceof MergeOutcome.Merged merged) {
            return log(slot, merged.head(), 1).stream()
                    .flatMap(commit -> commit.parents().stream())
                    .findFirst();
        }
        if (outcome instanceof MergeOutcome.Rebased) {
            List<String> ours = named(log(slot, now.head(), now.ahead()));
            named(log(slot, before.head(), before.ahead())).forEach(ours::remove); // once for each
            return Optional.of(before.head()).filter(unused -> ours.isEmpty());
        }
        return Optional.of(before.head()); // forward to what the remote has
    }

    /** What of a commit outlives a rebase. */
    private static List<String> named(List<Commit> commits) {
        List<String> names = new ArrayList<>();
        commits.forEach(commit -> names.add(commit.author() + "\n" + commit.summary()));
        return names;
    }

    private List<Commit> log(Slot slot, CommitId from, int most) {
        return tools.history(slot).log(from, most);
    }

    private WorktreeStatus status(Slot slot) {
        return tools.in(slot).status(slot.base());
    }

    private static boolean isAt(Slot slot, WorktreeStatus status, CommitId head) {
        return status.branch().equals(Optional.of(slot.branch()))
                && status.head().equals(head);
    }

    private static String elsewhere(Slot slot, WorktreeStatus status) {
        String on = status.branch().map(BranchName::value).orElse("no branch");
        return "it has moved meanwhile, and is on " + on + " at "
                + status.head().abbreviated() + " now"
                + (on.equals(slot.branch().value()) ? "; try again" : "; switch back to " + slot.branch());
    }
}
