package dev.angee.gitops;

import dev.angee.AngeeException;
import dev.angee.ConflictException;
import dev.angee.NotFoundException;
import dev.angee.manifest.ManifestReader;
import dev.angee.manifest.SourceKind;
import dev.angee.manifest.SourceSpec;
import dev.angee.resolve.StackLayout;
import dev.angee.source.Author;
import dev.angee.source.CommitId;
import dev.angee.source.Credentials;
import dev.angee.source.FetchOptions;
import dev.angee.source.GitUrl;
import dev.angee.source.MergeOptions;
import dev.angee.source.MergeOutcome;
import dev.angee.source.PushOptions;
import dev.angee.source.PushOutcome;
import dev.angee.source.Revision;
import dev.angee.source.SlotState;
import dev.angee.source.SourceControl;
import dev.angee.source.WorktreeStatus;
import dev.angee.workspace.Slot;
import dev.angee.workspace.Workspace;
import dev.angee.workspace.Workspaces;
import jakarta.inject.Inject;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Brings branches back: from a workspace to the remote, into the branch everybody works from, and from there to the
 * other workspaces. A conflict is a value, and leaves the slot it is about as it was; slots before it keep what was done.
 *
 * <p>Thread-safe.
 */
public final class GitOps {
    private final StackLayout layout;
    private final SourceControl sourceControl;
    private final Workspaces workspaces;
    private final ManifestReader reader = new ManifestReader();

    /**
     * The git operations of one instance.
     *
     * @param layout the root's files and folders
     * @param sourceControl does the work
     * @param workspaces whose branches it is about
     */
    @Inject
    public GitOps(StackLayout layout, SourceControl sourceControl, Workspaces workspaces) {
        this.layout = layout;
        this.sourceControl = sourceControl;
        this.workspaces = workspaces;
    }

    /** Who stands where, as of the last fetch. Changes nothing, uses no network; a bad slot does not hide the rest. */
    public Topology topology() {
        List<Link> links = new ArrayList<>();
        for (Workspace workspace : workspaces.made()) {
            workspace.slots().forEach(slot -> links.add(link(workspace, slot)));
        }
        return new Topology(links);
    }

    /**
     * Commits everything that is uncommitted in a workspace, slot by slot.
     *
     * @return the new commits; slots with nothing to commit are left out
     */
    public List<SlotResult<CommitId>> commit(String workspace, String message, Author author) {
        List<SlotResult<CommitId>> commits = new ArrayList<>();
        for (Slot slot : onTheirBranches(made(workspace))) {
            Optional<CommitId> commit = sourceControl.in(slot.worktree()).commit(message, author);
            commit.ifPresent(id -> commits.add(new SlotResult<>(workspace, slot.name(), id)));
        }
        return commits;
    }

    /**
     * Pushes a workspace's branches to the remote, never by force.
     *
     * @throws ConflictException if a slot has uncommitted changes or is on another branch; nothing is pushed then
     */
    public List<SlotResult<PushOutcome>> push(String workspace) {
        List<SlotResult<PushOutcome>> outcomes = new ArrayList<>();
        for (Slot slot : clean(made(workspace))) {
            PushOutcome outcome = sourceControl.push(slot.worktree().cache(), slot.branch(), PushOptions.defaults());
            outcomes.add(new SlotResult<>(workspace, slot.name(), outcome));
        }
        return outcomes;
    }

    /**
     * Brings a workspace's branches into a branch of the remote, slot by slot: fetches, pushes the branch, merges it with a
     * merge commit and pushes the result. Where the merge conflicts, the branch is pushed and the other is as it was.
     *
     * @throws ConflictException if a slot has uncommitted changes or is on another branch, nothing is changed then; or
     *     if the remote rejects a push
     */
    public LandOutcome land(String workspace, LandOptions options) {
        List<SlotResult<MergeOutcome>> outcomes = new ArrayList<>();
        for (Slot slot : clean(made(workspace))) {
            fetch(slot);
            if (sourceControl.push(slot.worktree().cache(), slot.branch(), PushOptions.defaults())
                    instanceof PushOutcome.Rejected rejected) {
                throw new ConflictException(
                        "workspace", workspace, "the remote rejects " + slot.branch() + ": " + rejected.reason());
            }
            MergeOutcome outcome = sourceControl.land(
                    slot.worktree().cache(), slot.branch(), options.into(), options.author(), Credentials.none());
            outcomes.add(new SlotResult<>(workspace, slot.name(), outcome));
            if (!outcome.succeeded()) {
                break;
            }
        }
        return new LandOutcome(outcomes);
    }

    /**
     * Fetches, and merges each slot's base into it.
     *
     * @throws ConflictException if a slot has uncommitted changes or is on another branch; nothing is changed then
     */
    public List<SlotResult<MergeOutcome>> syncBase(String workspace) {
        List<SlotResult<MergeOutcome>> outcomes = new ArrayList<>();
        for (Slot slot : clean(made(workspace))) {
            fetch(slot);
            MergeOutcome outcome =
                    sourceControl.in(slot.worktree()).merge(Revision.of(slot.base()), MergeOptions.by(Author.angee()));
            outcomes.add(new SlotResult<>(workspace, slot.name(), outcome));
        }
        return outcomes;
    }

    /** Fetches every source that has a cache, so that the topology tells of what others have done. */
    public void fetch() {
        for (SourceSpec source : reader.read(layout.manifest()).sources().values()) {
            if (source.kind() == SourceKind.GIT && Files.isDirectory(layout.source(source))) {
                sourceControl.fetch(
                        GitUrl.of(source.repo().orElseThrow()), layout.source(source), FetchOptions.defaults());
            }
        }
    }

    private Workspace made(String name) {
        Workspace workspace = workspaces.get(name);
        if (workspace.slots().isEmpty() && !workspace.exists()) {
            throw new NotFoundException("workspace", name, "it is declared, and not made yet");
        }
        return workspace;
    }

    private void fetch(Slot slot) {
        SourceSpec source = reader.read(layout.manifest()).sources().get(slot.source());
        if (source == null || source.repo().isEmpty()) {
            throw new ConflictException("source", slot.source(), "is no longer declared in " + layout.manifest());
        }
        sourceControl.fetch(GitUrl.of(source.repo().get()), slot.worktree().cache(), FetchOptions.defaults());
    }

    private List<Slot> onTheirBranches(Workspace workspace) {
        for (Slot slot : workspace.slots()) {
            WorktreeStatus status = sourceControl.in(slot.worktree()).status(slot.base());
            if (status.state(slot.branch()) == SlotState.BRANCH_MISMATCH) {
                throw new ConflictException(
                        "workspace",
                        workspace.name(),
                        "slot " + slot.name() + " is on "
                                + status.branch().map(Object::toString).orElse("no branch") + " and should be on "
                                + slot.branch() + "; switch back");
            }
        }
        return workspace.slots();
    }

    private List<Slot> clean(Workspace workspace) {
        for (Slot slot : onTheirBranches(workspace)) {
            List<String> changed =
                    sourceControl.in(slot.worktree()).status(slot.base()).changed();
            if (!changed.isEmpty()) {
                throw new ConflictException(
                        "workspace",
                        workspace.name(),
                        "slot " + slot.name() + " has " + changed.size() + " uncommitted changes (first: "
                                + changed.get(0) + "); commit them first");
            }
        }
        return workspace.slots();
    }

    private Link link(Workspace workspace, Slot slot) {
        if (!Files.isDirectory(slot.worktree().path(), LinkOption.NOFOLLOW_LINKS)) {
            return broken(workspace, slot, SlotState.MISSING, slot.worktree().path() + " is not there");
        }
        try {
            WorktreeStatus status = sourceControl.in(slot.worktree()).status(slot.base());
            SlotState state = status.state(slot.branch());
            return new Link(
                    workspace.name(),
                    slot.name(),
                    slot.source(),
                    slot.branch(),
                    slot.base(),
                    state,
                    status.branch(),
                    status.changed().size(),
                    status.ahead(),
                    status.behind(),
                    status.pushed(),
                    note(state, status));
        } catch (AngeeException e) {
            return broken(workspace, slot, SlotState.ERROR, String.valueOf(e.getMessage()));
        }
    }

    private static Link broken(Workspace workspace, Slot slot, SlotState state, String note) {
        return new Link(
                workspace.name(),
                slot.name(),
                slot.source(),
                slot.branch(),
                slot.base(),
                state,
                Optional.empty(),
                0,
                0,
                0,
                false,
                note);
    }

    private static String note(SlotState state, WorktreeStatus status) {
        return switch (state) {
            case DIRTY -> status.changed().size() + " uncommitted";
            case BEHIND -> "sync-base brings it current";
            case DIVERGED -> status.pushed() ? "sync-base, then land" : "not pushed";
            case AHEAD -> status.pushed() ? "pushed" : "not pushed";
            case BRANCH_MISMATCH ->
                "on " + status.branch().map(Object::toString).orElse("no branch");
            case CLEAN, MISSING, ERROR -> "";
        };
    }
}
