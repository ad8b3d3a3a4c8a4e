package dev.angee.gitops;

import dev.angee.AngeeException;
import dev.angee.NotFoundException;
import dev.angee.gitops.JointRun.Step;
import dev.angee.source.Author;
import dev.angee.source.BranchName;
import dev.angee.source.CommitId;
import dev.angee.source.History;
import dev.angee.source.MergeOptions;
import dev.angee.source.MergeOutcome;
import dev.angee.source.MergePreview;
import dev.angee.source.PushOptions;
import dev.angee.source.Revision;
import dev.angee.source.SourceControl;
import dev.angee.source.Unfinished;
import dev.angee.source.WorktreeOperations;
import dev.angee.source.WorktreeStatus;
import dev.angee.workspace.Slot;
import dev.angee.workspace.Workspace;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/** What is done in all slots of one workspace: looked at first, then done, then taken back if it has to be. */
final class JointOperations {
    private final SourceControl control;
    private final Remotes remotes;
    private final GitThreads threads;
    private final Workspace workspace;
    private final JointRun run;
    private final RemoteSteps remoteSteps;

    JointOperations(SourceControl control, Remotes remotes, GitThreads threads, Workspace workspace) {
        this.control = control;
        this.remotes = remotes;
        this.threads = threads;
        this.workspace = workspace;
        this.run = new JointRun(workspace.name());
        this.remoteSteps = new RemoteSteps(control, remotes, threads, run);
    }

    JointOutcome commit(String message, Author author) {
        Map<Slot, CommitId> heads = heads(require(Preflight.Need.ON_ITS_BRANCH));
        return outcome(run.run(workspace.slots(), slot -> {
            Optional<CommitId> commit = control.in(slot.worktree()).commit(message, author);
            return commit.map(head -> run.done(slot, head, () -> Optional.of("the commit stays; its files are in it")))
                    .orElseGet(() -> run.unchanged(slot, head(heads, slot)));
        }));
    }

    JointOutcome push(PushOptions.Tracking tracking) {
        Map<Slot, CommitId> heads = readyAndFetched();
        List<SlotResult> refused = pushesRefused(heads);
        return refused.isEmpty()
                ? outcome(pushAll(heads, tracking))
                : outcome(run.foreseen(workspace.slots(), refused));
    }

    JointOutcome land(LandOptions options) {
        Map<Slot, CommitId> heads = readyAndFetched();
        Map<Slot, CommitId> targets = remoteBranches(slot -> options.into());
        List<SlotResult> foreseen = pushesRefused(heads);
        foreseen.addAll(conflicts(targets, heads));
        if (!foreseen.isEmpty()) {
            return outcome(run.foreseen(workspace.slots(), foreseen));
        }
        JointOutcome pushed = outcome(pushAll(heads, PushOptions.Tracking.UNCHANGED));
        if (!pushed.succeeded()) {
            return pushed;
        }
        return outcome(run.run(workspace.slots(), slot -> remoteSteps.land(slot, head(heads, slot), options)));
    }

    JointOutcome syncBase(SyncOptions options) {
        Map<Slot, CommitId> heads = readyAndFetched();
        Map<Slot, CommitId> bases = remoteBranches(Slot::base);
        if (options.method() == SyncOptions.Method.MERGE) {
            List<SlotResult> conflicts = conflicts(heads, bases);
            if (!conflicts.isEmpty()) {
                return outcome(run.foreseen(workspace.slots(), conflicts));
            }
        }
        MergeOptions how = MergeOptions.by(options.author());
        return outcome(run.run(workspace.slots(), slot -> {
            // By its id: what was looked at, whatever is fetched meanwhile.
            Revision base = Revision.of(head(bases, slot));
            return moved(
                    slot,
                    head(heads, slot),
                    in -> options.method() == SyncOptions.Method.REBASE ? in.rebase(base, how) : in.merge(base, how));
        }));
    }

    JointOutcome pull() {
        Map<Slot, CommitId> heads = readyAndFetched();
        Map<Slot, CommitId> theirs = remoteBranches(Slot::branch);
        MergeOptions how = MergeOptions.by(Author.angee()).forward(MergeOptions.Forward.ONLY);
        return outcome(run.run(
                workspace.slots(),
                slot -> moved(slot, head(heads, slot), in -> in.merge(Revision.of(head(theirs, slot)), how))));
    }

    private Step moved(Slot slot, CommitId before, Function<WorktreeOperations, MergeOutcome> move) {
        MergeOutcome outcome;
        try {
            outcome = move.apply(control.in(slot.worktree()));
        } catch (AngeeException e) {
            return JointRun.uninterrupted(() -> afterFailure(slot, before, e));
        }
        if (outcome instanceof MergeOutcome.Conflicted conflict) {
            return run.conflicting(slot, conflict.files(), conflict.reason());
        }
        CommitId now = Heads.of(outcome, before);
        if (now.equals(before)) {
            return run.unchanged(slot, now);
        }
        return run.done(slot, now, () -> {
            control.in(slot.worktree()).rewind(now, before);
            return Optional.empty();
        });
    }

    /** It should be as it was; if it is not, it is made so. */
    private Step afterFailure(Slot slot, CommitId before, AngeeException failure) {
        WorktreeOperations in = control.in(slot.worktree());
        try {
            if (in.status(slot.base()).unfinished() != Unfinished.NOTHING) {
                in.abort();
            }
            CommitId now = in.status(slot.base()).head();
            if (!now.equals(before)) {
                in.rewind(now, before);
            }
            return run.failed(slot, String.valueOf(failure.getMessage()));
        } catch (AngeeException e) {
            return run.left(
                    slot, failure.getMessage() + "; and whether it is as it was is not known: " + e.getMessage());
        }
    }

    private List<SlotResult> pushAll(Map<Slot, CommitId> heads, PushOptions.Tracking tracking) {
        return run.run(workspace.slots(), slot -> remoteSteps.push(slot, head(heads, slot), tracking));
    }

    private Map<Slot, CommitId> readyAndFetched() {
        Map<Slot, CommitId> heads = heads(require(Preflight.Need.CLEAN));
        remotes.fetch(workspace.slots(), threads);
        return heads;
    }

    private Map<Slot, WorktreeStatus> require(Preflight.Need need) {
        return new Preflight(control, threads).require(need, workspace.name(), workspace.slots());
    }

    private static Map<Slot, CommitId> heads(Map<Slot, WorktreeStatus> statuses) {
        Map<Slot, CommitId> heads = new LinkedHashMap<>();
        statuses.forEach((slot, status) -> heads.put(slot, status.head()));
        return heads;
    }

    private static CommitId head(Map<Slot, CommitId> heads, Slot slot) {
        CommitId head = heads.get(slot);
        if (head == null) {
            throw new IllegalStateException("nothing was read of " + slot);
        }
        return head;
    }

    /** The commit that each slot's branch of the remote is at; all that are missing in one error. */
    private Map<Slot, CommitId> remoteBranches(Function<Slot, BranchName> which) {
        Map<Slot, CommitId> found = new LinkedHashMap<>();
        List<String> missing = new ArrayList<>();
        for (Slot slot : workspace.slots()) {
            BranchName branch = which.apply(slot);
            control.history(slot.worktree().cache())
                    .remoteBranch(branch)
                    .ifPresentOrElse(
                            commit -> found.put(slot, commit),
                            () -> missing.add("slot '" + slot.name() + "': the remote of source '" + slot.source()
                                    + "' has no branch " + branch));
        }
        if (!missing.isEmpty()) {
            throw new NotFoundException(
                    "branch",
                    which.apply(workspace.slots().get(0)).value(),
                    "workspace '" + workspace.name() + "': " + String.join("; ", missing) + "; publish it first");
        }
        return found;
    }

    private List<SlotResult> pushesRefused(Map<Slot, CommitId> heads) {
        return results(slot -> {
            Optional<CommitId> there = control.history(slot.worktree().cache()).remoteBranch(slot.branch());
            if (there.isEmpty() || there.get().equals(head(heads, slot))) {
                return Optional.empty();
            }
            int behind = control.in(slot.worktree()).status(slot.branch()).behind();
            return behind == 0
                    ? Optional.empty()
                    : Optional.of(run.failed(
                                    slot,
                                    "the remote's " + slot.branch() + " has " + behind
                                            + " commits that it lacks; pull, or push it saying what may be replaced")
                            .result());
        });
    }

    private List<SlotResult> conflicts(Map<Slot, CommitId> into, Map<Slot, CommitId> what) {
        return results(slot -> {
            History history = control.history(slot.worktree().cache());
            MergePreview preview = history.preview(head(into, slot), head(what, slot));
            return preview.isClean()
                    ? Optional.empty()
                    : Optional.of(run.conflicting(slot, preview.conflicts(), "both sides changed them")
                            .result());
        });
    }

    /** Of those slots that something is to be said of; one that cannot be looked at has failed. */
    private List<SlotResult> results(Function<Slot, Optional<SlotResult>> look) {
        List<SlotResult> results = new ArrayList<>();
        threads.map(workspace.slots(), slot -> {
                    try {
                        return look.apply(slot);
                    } catch (AngeeException e) {
                        return Optional.of(
                                run.failed(slot, String.valueOf(e.getMessage())).result());
                    }
                })
                .forEach(each -> each.ifPresent(results::add));
        return results;
    }

    private static JointOutcome outcome(List<SlotResult> slots) {
        return new JointOutcome(slots);
    }
}
