package dev.angee.gitops;

import dev.angee.AngeeException;
import dev.angee.NotFoundException;
import dev.angee.source.Author;
import dev.angee.source.BranchName;
import dev.angee.source.CommitId;
import dev.angee.source.MergeOptions;
import dev.angee.source.MergePreview;
import dev.angee.source.PushOptions;
import dev.angee.source.Revision;
import dev.angee.source.SourceControl;
import dev.angee.source.WorktreeStatus;
import dev.angee.workspace.Slot;
import dev.angee.workspace.Workspace;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/** What is done in all slots of one workspace: looked at first, then done, then taken back if it has to be. */
final class JointOperations {
    private final Workspace workspace;
    private final JointTools tools;
    private final JointRun run;
    private final RemoteSteps remoteSteps;
    private final WorktreeSteps worktreeSteps;

    JointOperations(SourceControl control, Remotes remotes, GitThreads threads, Workspace workspace) {
        this.workspace = workspace;
        this.run = new JointRun(workspace.name());
        this.tools = new JointTools(control, remotes, threads, run);
        this.remoteSteps = new RemoteSteps(tools);
        this.worktreeSteps = new WorktreeSteps(tools);
    }

    JointOutcome commit(String message, Author author) {
        Map<Slot, CommitId> heads = heads(require(Preflight.Need.ON_ITS_BRANCH));
        return outcome(
                run.run(workspace.slots(), slot -> worktreeSteps.commit(slot, head(heads, slot), message, author)));
    }

    JointOutcome push(PushOptions.Tracking tracking) {
        return onceFetched(heads -> {
            List<SlotResult> refused = pushesRefused(heads);
            return refused.isEmpty() ? pushAll(heads, tracking) : run.foreseen(workspace.slots(), refused);
        });
    }

    JointOutcome land(LandOptions options) {
        return onceFetched(heads -> {
            Map<Slot, CommitId> targets = remoteBranches(slot -> options.into(), "land in one that is there");
            List<SlotResult> foreseen = pushesRefused(heads);
            foreseen.addAll(conflicts(targets, heads));
            if (!foreseen.isEmpty()) {
                return run.foreseen(workspace.slots(), foreseen);
            }
            List<SlotResult> pushed = pushAll(heads, PushOptions.Tracking.UNCHANGED);
            return outcome(pushed).succeeded()
                    ? run.run(workspace.slots(), slot -> remoteSteps.land(slot, head(heads, slot), options))
                    : pushed;
        });
    }

    JointOutcome syncBase(SyncOptions options) {
        return onceFetched(heads -> syncBase(heads, options));
    }

    private List<SlotResult> syncBase(Map<Slot, CommitId> heads, SyncOptions options) {
        Map<Slot, CommitId> bases = remoteBranches(Slot::base, "push it there first");
        if (options.method() == SyncOptions.Method.MERGE) {
            List<SlotResult> conflicts = conflicts(heads, bases);
            if (!conflicts.isEmpty()) {
                return run.foreseen(workspace.slots(), conflicts);
            }
        }
        MergeOptions how = MergeOptions.by(options.author());
        return run.run(workspace.slots(), slot -> {
            // By its id: what was looked at, whatever is fetched meanwhile.
            Revision base = Revision.of(head(bases, slot));
            return worktreeSteps.move(
                    slot,
                    head(heads, slot),
                    in -> options.method() == SyncOptions.Method.REBASE ? in.rebase(base, how) : in.merge(base, how));
        });
    }

    JointOutcome pull() {
        MergeOptions how = MergeOptions.by(Author.angee()).forward(MergeOptions.Forward.ONLY);
        return onceFetched(heads -> {
            Map<Slot, CommitId> theirs = remoteBranches(Slot::branch, "publish it first");
            return run.run(
                    workspace.slots(),
                    slot -> worktreeSteps.move(
                            slot, head(heads, slot), in -> in.merge(Revision.of(head(theirs, slot)), how)));
        });
    }

    /** Does something if all slots are clean and their sources could be fetched; it is given the slots' commits. */
    private JointOutcome onceFetched(Function<Map<Slot, CommitId>, List<SlotResult>> work) {
        Map<Slot, CommitId> heads = heads(require(Preflight.Need.CLEAN));
        Map<Path, String> failed = tools.remotes().fetched(workspace.slots(), tools.threads());
        if (failed.isEmpty()) {
            return outcome(work.apply(heads));
        }
        List<SlotResult> results = new ArrayList<>();
        for (Slot slot : workspace.slots()) {
            Optional.ofNullable(failed.get(slot.worktree().cache()))
                    .ifPresent(why -> results.add(run.failed(slot, why).result()));
        }
        return outcome(run.foreseen(workspace.slots(), results));
    }

    private List<SlotResult> pushAll(Map<Slot, CommitId> heads, PushOptions.Tracking tracking) {
        return run.run(workspace.slots(), slot -> remoteSteps.push(slot, head(heads, slot), tracking));
    }

    private Map<Slot, WorktreeStatus> require(Preflight.Need need) {
        return new Preflight(tools.control(), tools.threads()).require(need, workspace.name(), workspace.slots());
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
    private Map<Slot, CommitId> remoteBranches(Function<Slot, BranchName> which, String advice) {
        Map<Slot, CommitId> found = new LinkedHashMap<>();
        List<String> missing = new ArrayList<>();
        Optional<BranchName> first = Optional.empty();
        for (Slot slot : workspace.slots()) {
            BranchName branch = which.apply(slot);
            Optional<CommitId> commit = tools.history(slot).remoteBranch(branch);
            if (commit.isPresent()) {
                found.put(slot, commit.get());
            } else {
                first = first.or(() -> Optional.of(branch));
                missing.add("slot '" + slot.name() + "': the remote of source '" + slot.source() + "' has no branch "
                        + branch);
            }
        }
        if (first.isPresent()) {
            throw new NotFoundException(
                    "branch",
                    first.get().value(),
                    "workspace '" + workspace.name() + "': " + String.join("; ", missing) + "; " + advice);
        }
        return found;
    }

    private List<SlotResult> pushesRefused(Map<Slot, CommitId> heads) {
        return results(slot -> {
            Optional<CommitId> there = tools.history(slot).remoteBranch(slot.branch());
            if (there.isEmpty() || there.get().equals(head(heads, slot))) {
                return Optional.empty();
            }
            int behind =
                    tools.history(slot).distance(head(heads, slot), there.get()).behind();
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
            MergePreview preview = tools.history(slot).preview(head(into, slot), head(what, slot));
            return preview.isClean()
                    ? Optional.empty()
                    : Optional.of(run.conflicting(slot, preview.conflicts(), "both sides changed them")
                            .result());
        });
    }

    /** Of those slots that something is to be said of; one that cannot be looked at has failed. */
    private List<SlotResult> results(Function<Slot, Optional<SlotResult>> look) {
        List<SlotResult> results = new ArrayList<>();
        tools.threads()
                .map(workspace.slots(), slot -> {
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
