package dev.angee.gitops;

import dev.angee.AngeeException;
import dev.angee.ConflictException;
import dev.angee.NotFoundException;
import dev.angee.internal.FileLocks;
import dev.angee.resolve.StackLayout;
import dev.angee.source.Author;
import dev.angee.source.CredentialSource;
import dev.angee.source.Credentials;
import dev.angee.source.PushOptions;
import dev.angee.source.SourceControl;
import dev.angee.source.WorktreeStatus;
import dev.angee.workspace.Slot;
import dev.angee.workspace.Workspace;
import dev.angee.workspace.Workspaces;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * Brings branches back: from a workspace to the remote, into the branch everybody works from, and from there to the
 * other workspaces; and tells who stands where.
 *
 * <p>What is done in a workspace is meant to be done in all its slots or in none. All are looked at first, and their sources are
 * fetched; one that is not as it must be is a {@link ConflictException} that names every such slot, and nothing is changed. A
 * source that cannot be fetched, a conflict, or a push that the remote will not take is foreseen, and nothing is changed either.
 * If something fails half-way all the same, what was done is taken back as far as that is safe. It is left where others might
 * lose by it (somebody has committed or pushed since), where the remote does not answer, where a branch was new there, and
 * where a commit was made: the {@link JointOutcome} names each slot, and what became of it. Whoever works in the slots meanwhile
 * is not stopped: what they committed after the first look is not taken along, and never taken away. Nothing is taken back if
 * this JVM dies on the way.
 *
 * <p>Thread-safe. While something changes a workspace, nobody else changes or destroys it, in this JVM or another. Closing it
 * ends its threads and what it watches with.
 */
public final class GitOps implements AutoCloseable {
    private static final Duration LOCK_PATIENCE = Duration.ofSeconds(30);

    private final StackLayout layout;
    private final SourceControl control;
    private final Workspaces workspaces;
    private final Remotes remotes;
    private final GitThreads threads = new GitThreads();
    private final TopologyReader reader;
    private final Forecaster forecaster;
    private volatile boolean closed;
    private final Set<LiveTopology> watching = ConcurrentHashMap.newKeySet();

    /**
     * The git operations of one instance.
     *
     * @param layout the root's files and folders
     * @param sourceControl does the work
     * @param workspaces whose branches it is about
     * @param credentials knows what remotes are shown
     */
    @Inject
    public GitOps(
            StackLayout layout, SourceControl sourceControl, Workspaces workspaces, CredentialSource credentials) {
        this.layout = layout;
        this.control = sourceControl;
        this.workspaces = workspaces;
        this.remotes = new Remotes(layout, sourceControl, credentials);
        this.reader = new TopologyReader(layout, sourceControl, workspaces, remotes, threads);
        this.forecaster = new Forecaster(sourceControl, reader, threads);
    }

    /** Who stands where, as of the last fetch. Changes nothing, uses no network; a bad slot does not hide the rest. */
    public Topology topology() {
        return topology(TopologyOptions.defaults());
    }

    /** The same, and more. */
    public Topology topology(TopologyOptions options) {
        return reader.read(options);
    }

    /** {@link #watch(WatchOptions)}, as is good for most. */
    public LiveTopology watch() {
        return watch(WatchOptions.defaults());
    }

    /**
     * Looks at everything once, and from then on only at what has changed.
     *
     * @return to be closed; closing this closes it too
     * @throws IllegalStateException if this is closed
     */
    public LiveTopology watch(WatchOptions options) {
        LiveTopology live = new LiveTopology(control, reader, threads, options, watching::remove);
        watching.add(live);
        if (closed) { // looked at after it was added: either this closes it, or close does
            live.close();
            throw new IllegalStateException("the instance was closed");
        }
        return live;
    }

    /** What merging the workspaces would come to. Changes nothing, uses no network, and touches no worktree. */
    public Forecast forecast() {
        return forecaster.forecast();
    }

    /**
     * What can be done in one slot.
     *
     * @throws NotFoundException if there is no such workspace or slot, or the workspace is declared and not made yet
     */
    public SlotOperations in(String workspace, String slot) {
        return new SlotOperations(this, workspace, made(workspace).slot(slot));
    }

    /**
     * Commits everything that is uncommitted in a workspace. Alone of all, a commit is not taken back when another slot's
     * fails, since its files would go with it: it is {@link SlotResult.Became#LEFT} then.
     *
     * @throws ConflictException if a slot is missing, on another branch, or has something unfinished; nothing is changed then
     */
    public JointOutcome commit(String workspace, String message, Author author) {
        return jointly(workspace, "commit", joint -> joint.commit(message, author));
    }

    /**
     * Pushes a workspace's branches to the remote, never by force. A branch that is new on the remote cannot be taken back,
     * and is {@link SlotResult.Became#LEFT} if another slot fails.
     *
     * @throws ConflictException if a slot has uncommitted changes or is on another branch; nothing is pushed then
     */
    public JointOutcome push(String workspace) {
        return jointly(workspace, "push", joint -> joint.push(PushOptions.Tracking.UNCHANGED));
    }

    /**
     * Pushes a workspace's branches, as {@link #push} does, and has them follow the remote's from then on. That a branch
     * follows the remote's is not taken back.
     *
     * @throws ConflictException as {@link #push}
     */
    public JointOutcome publish(String workspace) {
        return jointly(workspace, "publish", joint -> joint.push(PushOptions.Tracking.SET));
    }

    /**
     * Moves a workspace's branches forward to what the remote's branches of the same names have.
     *
     * @throws NotFoundException if the remote lacks one of them; nothing is changed then
     * @throws ConflictException as {@link #push}
     */
    public JointOutcome pull(String workspace) {
        return jointly(workspace, "pull", JointOperations::pull);
    }

    /**
     * Brings a workspace's branches into a branch of the remote: pushes them all, then merges each with a merge commit and
     * pushes the result. If one does not go in, those before it are taken out again; the branches stay pushed.
     *
     * @throws NotFoundException if a remote lacks the branch to land in; nothing is changed then
     * @throws ConflictException as {@link #push}
     */
    public JointOutcome land(String workspace, LandOptions options) {
        return jointly(workspace, "land", joint -> joint.land(options));
    }

    /** {@link #syncBase(String, SyncOptions)} by a merge. */
    public JointOutcome syncBase(String workspace) {
        return syncBase(workspace, SyncOptions.defaults());
    }

    /**
     * Fetches, and brings what each slot's base has into it. A conflict changes nothing; to resolve one, sync that slot with
     * {@link SlotOperations#syncBase}.
     *
     * @throws NotFoundException if the remote lacks a base; nothing is changed then
     * @throws ConflictException as {@link #push}
     */
    public JointOutcome syncBase(String workspace, SyncOptions options) {
        return jointly(workspace, "sync-base", joint -> joint.syncBase(options));
    }

    /**
     * Fetches every source that has a cache, so that the topology tells of what others have done.
     *
     * @throws AngeeException the first failure; the other sources are fetched all the same
     */
    public void fetch() {
        remotes.fetchAll(threads);
    }

    /** Ends its threads, and closes every {@link LiveTopology}. */
    @Override
    public void close() {
        closed = true;
        try {
            closeAll();
        } finally {
            threads.close();
        }
    }

    private void closeAll() {
        RuntimeException failure = null;
        for (LiveTopology each : watching) {
            try {
                each.close();
            } catch (RuntimeException e) {
                if (failure == null) {
                    failure = e;
                } else {
                    failure.addSuppressed(e);
                }
            }
        }
        if (failure != null) {
            throw failure;
        }
    }

    SourceControl control() {
        return control;
    }

    Link link(String workspace, Slot slot) {
        return reader.link(new TopologyReader.Place(workspace, slot));
    }

    void fetch(Slot slot) {
        remotes.fetch(List.of(slot), threads);
    }

    Credentials shownFor(Slot slot) {
        return remotes.shownFor(slot);
    }

    Map<Slot, WorktreeStatus> require(Preflight.Need need, String workspace, List<Slot> slots) {
        return new Preflight(control, threads).require(need, workspace, slots);
    }

    /** Does something while nobody else works on the workspace. */
    <T> T holding(String workspace, String doing, Supplier<T> work) {
        try (FileLocks.Held held =
                FileLocks.take(layout.workspaceLock(workspace), doing + " of workspace", LOCK_PATIENCE)) {
            T result = work.get();
            held.check();
            return result;
        }
    }

    private JointOutcome jointly(String workspace, String doing, Function<JointOperations, JointOutcome> work) {
        String name = made(workspace).name(); // before a lock of that name is made
        return holding(name, doing, () -> work.apply(new JointOperations(control, remotes, threads, made(workspace))));
    }

    private Workspace made(String name) {
        Workspace workspace = workspaces.get(name);
        if (workspace.slots().isEmpty() && !workspace.exists()) {
            throw new NotFoundException("workspace", name, "it is declared, and not made yet");
        }
        return workspace;
    }
}
