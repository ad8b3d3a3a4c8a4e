package dev.angee.workspace;

import dev.angee.AngeeException;
import dev.angee.ConflictException;
import dev.angee.NotFoundException;
import dev.angee.internal.FileLocks;
import dev.angee.internal.FileTree;
import dev.angee.internal.StateFormat;
import dev.angee.manifest.Manifest;
import dev.angee.manifest.ManifestReader;
import dev.angee.manifest.WorkloadSpec;
import dev.angee.manifest.WorkspaceSpec;
import dev.angee.operation.ProgressListener;
import dev.angee.render.Reconciler;
import dev.angee.render.RenderPlan;
import dev.angee.render.RenderRecovery;
import dev.angee.render.RenderTarget;
import dev.angee.render.TemplateUpdate;
import dev.angee.runtime.DownOptions;
import jakarta.inject.Inject;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * The workspaces of one root. Making one is all or nothing: whatever fails, its worktrees, ports and files are taken
 * back, and if the JVM dies on the way, {@link #recover} does it.
 *
 * <p>Thread-safe, also between JVMs: one at a time works on a workspace.
 */
public final class Workspaces {
    private static final Duration LOCK_PATIENCE = Duration.ofSeconds(30);
    private static final String CREATE = "create workspace";

    private final WorkspaceContext context;
    private final WorkspaceStore store;
    private final WorktreeRemoval removal;
    private final WorkspaceSecrets secrets;
    private final UnfinishedWorkspaces unfinished;
    private final InnerStacks inner;
    private final Function<RenderTarget, Reconciler> reconcilers;
    private final ManifestReader reader = new ManifestReader();

    /** The workspaces of the root that the context names. */
    @Inject
    public Workspaces(WorkspaceContext context) {
        this(context, Reconciler::new);
    }

    /** The same, with reconcilers that tests can fail when a workspace is made. */
    Workspaces(WorkspaceContext context, Function<RenderTarget, Reconciler> reconcilers) {
        this.context = context;
        this.reconcilers = reconcilers;
        this.store = new WorkspaceStore(context.layout());
        this.removal = new WorktreeRemoval(context.sourceControl());
        this.secrets = new WorkspaceSecrets(context);
        this.unfinished = new UnfinishedWorkspaces(context);
        this.inner = new InnerStacks(context);
    }

    /** {@link #create(WorkspaceRequest, ProgressListener)}, with nobody listening. */
    public Workspace create(WorkspaceRequest request) {
        return create(request, ProgressListener.none());
    }

    /**
     * Makes a workspace: fetches its sources, cuts its worktrees from the remote's current base, leases the ports its
     * template asks for, and renders its files and its inner stack. It is durable on return; nothing is started.
     *
     * @throws ConflictException if there is a workspace of this name, or something stands in its folder
     * @throws NotFoundException if there is no such template
     * @throws AngeeException {@code INVALID} for missing inputs, undeclared sources or an inner manifest that is not
     *     sound; {@code UNAVAILABLE} if a source cannot be fetched or no port is free. Nothing of it is left then
     */
    public Workspace create(WorkspaceRequest request, ProgressListener listener) {
        Manifest manifest = reader.read(context.layout().manifest());
        WorkspaceDraft draft = WorkspaceDraft.of(context, manifest, request);
        String name = draft.name();
        StateFormat.mark(context.layout().run());
        try (FileLocks.Held held = lock(name, CREATE)) {
            requireFree(draft);
            Workspace workspace = journaled(name, () -> make(draft, request, listener));
            held.check();
            return workspace;
        }
    }

    private Workspace journaled(String name, Supplier<Workspace> making) {
        context.journal().begin(CREATE, name);
        try {
            Workspace workspace = making.get();
            store.forgetMaking(name);
            context.journal().end(name);
            return workspace;
        } catch (RuntimeException | Error e) {
            unfinished.takeBack(name, e);
            throw e;
        }
    }

    /** The workspaces that were made here, in name order. Needs no manifest. */
    public List<Workspace> made() {
        return store.all().stream().map(this::workspace).toList();
    }

    /** The workspaces that were made here, as far as their records can be read. */
    public WorkspaceSurvey survey() {
        List<Workspace> readable = new ArrayList<>();
        List<String> problems = new ArrayList<>();
        for (String name : store.names()) {
            try {
                store.read(name).map(this::workspace).ifPresent(readable::add);
            } catch (AngeeException e) {
                problems.add("workspace '" + name + "': " + e.getMessage());
            }
        }
        return new WorkspaceSurvey(readable, problems);
    }

    /** The workspaces that were made here, and those that are declared and not made yet, in name order. */
    public List<Workspace> list() {
        Map<String, Workspace> result = new TreeMap<>();
        for (WorkspaceSpec spec :
                reader.read(context.layout().manifest()).workspaces().values()) {
            result.put(spec.name(), declared(spec));
        }
        store.all().forEach(record -> result.put(record.name(), workspace(record)));
        return List.copyOf(result.values());
    }

    /**
     * One workspace. That the record of another is damaged makes no difference.
     *
     * @throws NotFoundException if it was neither made nor declared
     */
    public Workspace get(String name) {
        Optional<Workspace> made =
                ManifestReader.isName(name) ? store.read(name).map(this::workspace) : Optional.empty();
        return made.orElseGet(() -> {
            Map<String, WorkspaceSpec> specs =
                    reader.read(context.layout().manifest()).workspaces();
            WorkspaceSpec spec = specs.get(name);
            if (spec == null) {
                TreeSet<String> names = new TreeSet<>(specs.keySet());
                names.addAll(store.names());
                throw new NotFoundException("workspace", name, "workspaces: " + String.join(", ", names));
            }
            return declared(spec);
        });
    }

    /**
     * What {@link #update} would do. Writes nothing.
     *
     * @throws NotFoundException if it was not made here, or its template is not there any more
     */
    public RenderPlan previewUpdate(String name, TemplateUpdate update) {
        return new WorkspaceRefresh(context, made(name), update, new WorkspaceFiles(context.layout(), name)).preview();
    }

    /**
     * Brings a workspace's files, and its inner stack's manifest, to what its template renders now. Local edits stay, see {@link
     * dev.angee.render.Reconciler}; so do its slots, branches and ports, also with another template. Ports, secrets and folders
     * that its template asks for now are added. Nothing is started or stopped. All of it is durable on return.
     *
     * @return what was done
     * @throws NotFoundException if it was not made here, or its template is not there any more
     * @throws ConflictException {@code workspace-template} naming what was changed both here and by the template; nothing is changed
     *     then
     * @throws AngeeException {@code INVALID} for inputs that its template does not take, or a manifest that would not be sound;
     *     {@code UNAVAILABLE} if no port is free, or files cannot be written. All is as before then
     */
    public RenderPlan update(String name, TemplateUpdate update) {
        try (FileLocks.Held held = lock(name, "update workspace")) {
            WorkspaceFiles files = new WorkspaceFiles(context.layout(), name);
            Optional<RenderRecovery> unused = files.recover();
            secrets.adopt(name);
            return new WorkspaceRefresh(context, made(name), update, files).run(held);
        }
    }

    private WorkspaceRecord made(String name) {
        Optional<WorkspaceRecord> record = ManifestReader.isName(name) ? store.read(name) : Optional.empty();
        return record.orElseThrow(() -> new NotFoundException("workspace", name, "it was not made here"));
    }

    /**
     * Ends a workspace's services and removes its worktrees, branches, ports, secrets and folder. The folder goes with all that is in it:
     * its persist folders, what was rendered, and whatever else somebody has put there. Only what is in slots counts as work that could
     * be lost.
     *
     * <p>What is in its slots counts as work; all else in its folder goes with it, also what was persisted.
     *
     * @throws NotFoundException if it was not made here
     * @throws ConflictException if work would be lost, naming it, or a service or job of the root stands in it, which has to be removed
     *     first; nothing is changed then. If work comes into a slot while the
     *     workspace is being destroyed, that slot stays, and those after it; see to it, and call it again
     * @throws AngeeException {@code FAILED} if something cannot be removed; calling it again goes on from there
     * @throws InterruptedException if interrupted while its services end
     */
    public void destroy(String name, DestroyOptions options) throws InterruptedException {
        try (FileLocks.Held held = lock(name, "destroy workspace")) {
            WorkspaceFiles files = new WorkspaceFiles(context.layout(), name);
            Optional<RenderRecovery> unused = files.recover();
            secrets.adopt(name);
            WorkspaceRecord record = made(name);
            Workspace workspace = workspace(record);
            requireUnused(name);
            UnsavedWork unsaved = new UnsavedWork(context.sourceControl(), options.work());
            unsaved.requireNone(workspace);
            if (workspace.chainRoot().isPresent() && workspace.exists()) {
                workspace.stack().down(new DownOptions(options.grace()));
                inner.close(workspace.stack().root());
                unsaved.requireNone(workspace); // what its services wrote while they ended
            }
            workspace.slots().forEach(slot -> removal.of(slot, options.work()));
            FileTree.delete(workspace.path());
            context.ledger().release(context.layout().root(), owner(name));
            secrets.forget(record.secrets());
            files.forget();
            store.forget(name);
            held.check();
        }
    }

    /**
     * Takes back what a JVM that died has left half made. What another JVM is at work on is left alone; what cannot be
     * taken back stays in the journal for the next time; so does a worktree that somebody has worked in meanwhile.
     */
    public Recovery recover() {
        return unfinished.recover();
    }

    /** What runs in a folder that is gone would run on, and its manifest could not be started again. */
    private void requireUnused(String name) {
        Manifest manifest = reader.read(context.layout().manifest());
        List<String> users = Stream.concat(manifest.services().values().stream(), manifest.jobs().values().stream())
                .filter(workload -> workload.standsIn(name))
                .map(WorkloadSpec::name)
                .toList();
        if (!users.isEmpty()) {
            throw new ConflictException(
                    "workspace",
                    name,
                    "cannot be destroyed: " + String.join(", ", users) + " of "
                            + context.layout().manifest() + " stand in it; remove them first");
        }
    }

    private void requireFree(WorkspaceDraft draft) {
        if (store.read(draft.name()).isPresent()) {
            throw new ConflictException("workspace", draft.name(), "already exists; destroy it, or take another name");
        }
        if (Files.exists(draft.path(), LinkOption.NOFOLLOW_LINKS) && !FileTree.isEmptyFolder(draft.path())) {
            throw new ConflictException("workspace", draft.name(), draft.path() + " is not empty; move it away");
        }
    }

    private Workspace make(WorkspaceDraft draft, WorkspaceRequest request, ProgressListener listener) {
        WorkspaceFiles files = new WorkspaceFiles(context.layout(), draft.name(), reconcilers);
        return workspace(new NewWorkspace(context, draft, listener, files).make(request.freshness()));
    }

    private Workspace declared(WorkspaceSpec spec) {
        return new Workspace(
                spec.name(),
                spec.template(),
                context.layout().workspace(spec.name()),
                Optional.empty(),
                Map.of(),
                List.of(),
                Map.of(),
                inner);
    }

    private Workspace workspace(WorkspaceRecord record) {
        Map<String, Path> persist = new TreeMap<>();
        Path folder = context.layout().workspace(record.name());
        record.persistPaths().forEach((name, subpath) -> persist.put(name, folder.resolve(subpath)));
        return new Workspace(
                record.name(),
                record.template(),
                folder,
                Optional.ofNullable(record.chainRoot()),
                record.allocations(),
                record.slots().stream().map(WorkspaceRecord.SlotRecord::toSlot).toList(),
                persist,
                inner);
    }

    private FileLocks.Held lock(String name, String purpose) {
        if (!ManifestReader.isName(name)) {
            throw new NotFoundException("workspace", name, "that is not a workspace's name");
        }
        return FileLocks.take(store.lockFile(name), purpose, LOCK_PATIENCE);
    }

    /** Whom the ports of a workspace are leased to. */
    static String owner(String name) {
        return "workspace/" + name;
    }
}
