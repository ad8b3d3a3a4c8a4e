package dev.angee.workspace;

import dev.angee.AngeeException;
import dev.angee.ConflictException;
import dev.angee.ErrorCode;
import dev.angee.NotFoundException;
import dev.angee.internal.AtomicFile;
import dev.angee.internal.FileLocks;
import dev.angee.internal.FileTree;
import dev.angee.internal.JsonFile;
import dev.angee.manifest.Manifest;
import dev.angee.manifest.ManifestReader;
import dev.angee.manifest.SourceKind;
import dev.angee.manifest.WorkspaceSpec;
import dev.angee.operation.Journal;
import dev.angee.operation.Progress;
import dev.angee.operation.ProgressListener;
import dev.angee.port.PortLease;
import dev.angee.port.PortPool;
import dev.angee.runtime.DownOptions;
import dev.angee.source.BranchName;
import dev.angee.source.GitUrl;
import dev.angee.source.Worktree;
import dev.angee.source.WorktreeRecord;
import dev.angee.source.WorktreeStatus;
import dev.angee.template.TemplateFile;
import jakarta.inject.Inject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
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
    private final ManifestReader reader = new ManifestReader();

    /** The workspaces of the root that the context names. */
    @Inject
    public Workspaces(WorkspaceContext context) {
        this.context = context;
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
        WorkspaceDraft draft = new WorkspaceDraft(context, manifest, request);
        String name = request.name();
        try (FileLocks.Held held = lock(name, CREATE)) {
            requireFree(draft);
            context.journal().begin(CREATE, name);
            try {
                Workspace workspace = make(draft, listener);
                context.journal().end(name);
                held.check();
                return workspace;
            } catch (RuntimeException | Error e) {
                try {
                    undo(name, manifest);
                    context.journal().end(name);
                } catch (RuntimeException undoing) {
                    e.addSuppressed(undoing);
                }
                throw e;
            }
        }
    }

    /** The workspaces that were made here, and those that are declared and not made yet, in name order. */
    public List<Workspace> list() {
        Map<String, Workspace> result = new TreeMap<>();
        for (WorkspaceSpec spec :
                reader.read(context.layout().manifest()).workspaces().values()) {
            result.put(spec.name(), declared(spec));
        }
        records().forEach(record -> result.put(record.name(), workspace(record)));
        return List.copyOf(result.values());
    }

    /**
     * One workspace.
     *
     * @throws NotFoundException if it was neither made nor declared
     */
    public Workspace get(String name) {
        return list().stream()
                .filter(workspace -> workspace.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new NotFoundException(
                        "workspace",
                        name,
                        "workspaces: "
                                + String.join(
                                        ", ",
                                        list().stream().map(Workspace::name).toList())));
    }

    /**
     * Ends a workspace's services and removes its worktrees, branches, ports and folder.
     *
     * @throws NotFoundException if it was not made here
     * @throws ConflictException if work would be lost, naming it; nothing is changed then
     * @throws AngeeException {@code FAILED} if something cannot be removed; calling it again goes on from there
     * @throws InterruptedException if interrupted while its services end
     */
    public void destroy(String name, DestroyOptions options) throws InterruptedException {
        try (FileLocks.Held held = lock(name, "destroy workspace")) {
            WorkspaceRecord record =
                    record(name).orElseThrow(() -> new NotFoundException("workspace", name, "it was not made here"));
            Workspace workspace = workspace(record);
            if (options.work() == DestroyOptions.UnsavedWork.REFUSE) {
                requireNoUnsavedWork(workspace);
            }
            if (workspace.chainRoot().isPresent() && workspace.exists()) {
                workspace.stack().down(new DownOptions(options.grace()));
                context.stacks().close(workspace.stack().root());
            }
            workspace.slots().forEach(this::remove);
            FileTree.delete(workspace.path());
            context.ledger().release(context.layout().root(), owner(name));
            file(name).delete();
            held.check();
        }
    }

    /**
     * Takes back what a JVM that died has left half made. What another JVM is at work on is left alone.
     *
     * @return the names of the workspaces that were taken back
     */
    public List<String> recover() {
        List<String> undone = new ArrayList<>();
        for (Journal.Entry entry : context.journal().entries()) {
            Optional<FileLocks.Held> held = FileLocks.tryTake(lockFile(entry.subject()), "recover");
            if (held.isPresent()) {
                try (FileLocks.Held lock = held.get()) {
                    if (record(entry.subject()).isEmpty()) {
                        undo(entry.subject(), reader.read(context.layout().manifest()));
                        undone.add(entry.subject());
                    }
                    context.journal().end(entry.subject());
                    lock.check();
                }
            }
        }
        return undone;
    }

    private void requireFree(WorkspaceDraft draft) {
        if (record(draft.name()).isPresent()) {
            throw new ConflictException("workspace", draft.name(), "already exists; destroy it, or take another name");
        }
        if (Files.exists(draft.path(), LinkOption.NOFOLLOW_LINKS) && !FileTree.isEmptyFolder(draft.path())) {
            throw new ConflictException("workspace", draft.name(), draft.path() + " is not empty; move it away");
        }
    }

    private Workspace make(WorkspaceDraft draft, ProgressListener listener) {
        Map<String, Integer> ports = new LinkedHashMap<>();
        for (PortPool pool : draft.pools()) {
            String owner = owner(draft.name()) + "/" + pool.name();
            PortLease lease = context.ledger().lease(pool, context.layout().root(), owner);
            ports.put(pool.name(), lease.port());
            listener.on(new Progress.PortLeased(pool.name(), lease.port()));
        }
        draft.sources()
                .forEach((source, url) ->
                        fetch(source.name(), url, context.layout().source(source), listener));
        List<Slot> slots = draft.slots(ports);
        Map<String, TemplateFile> files = draft.render(ports);
        requireApart(draft.path(), slots, files);
        createFolder(draft.path());
        for (Slot slot : slots) {
            context.sourceControl()
                    .addWorktree(
                            slot.worktree(),
                            slot.branch(),
                            slot.base(),
                            (task, percent) -> listener.on(new Progress.Fetching(slot.source(), task, percent)));
            WorktreeStatus status = context.sourceControl().status(slot.worktree(), slot.base());
            listener.on(new Progress.WorktreeAdded(
                    slot.name(), slot.branch().value(), status.head().abbreviated()));
        }
        files.values().forEach(file -> write(draft.path(), file));
        draft.chainRoot()
                .ifPresent(
                        root -> context.stacks().get(draft.path().resolve(root)).plan());
        listener.on(new Progress.Rendered(files.size()));
        WorkspaceRecord record = new WorkspaceRecord(
                WorkspaceRecord.VERSION,
                draft.name(),
                draft.template().ref(),
                draft.inputs(),
                draft.chainRoot().orElse(null),
                ports,
                slots.stream().map(WorkspaceRecord.SlotRecord::of).toList());
        file(draft.name()).write(record);
        return workspace(record);
    }

    private void fetch(String source, GitUrl url, Path cache, ProgressListener listener) {
        context.sourceControl()
                .fetch(url, cache, (task, percent) -> listener.on(new Progress.Fetching(source, task, percent)));
    }

    /** A rendered file inside a worktree would show up there as an uncommitted change. */
    private static void requireApart(Path workspace, List<Slot> slots, Map<String, TemplateFile> files) {
        for (Slot slot : slots) {
            for (String path : files.keySet()) {
                if (workspace.resolve(path).startsWith(slot.worktree().path())) {
                    throw new ConflictException(
                            "file",
                            path,
                            "the template renders it into the worktree of slot '" + slot.name()
                                    + "'; render it elsewhere");
                }
            }
        }
    }

    private static void createFolder(Path folder) {
        try {
            Files.createDirectories(folder);
        } catch (IOException e) {
            throw new AngeeException(ErrorCode.UNAVAILABLE, "cannot make " + folder + ": " + e.getMessage(), e);
        }
    }

    private static void write(Path folder, TemplateFile file) {
        Path place = dev.angee.mount.Confinement.below(folder, file.path());
        AtomicFile.write(place, file.content());
        if (file.executable() && !place.toFile().setExecutable(true)) {
            throw new AngeeException(ErrorCode.UNAVAILABLE, "cannot make " + place + " executable");
        }
    }

    private void requireNoUnsavedWork(Workspace workspace) {
        List<String> findings = new ArrayList<>();
        for (Slot slot : workspace.slots()) {
            if (!Files.isDirectory(slot.worktree().path())) {
                continue;
            }
            WorktreeStatus status = context.sourceControl().status(slot.worktree(), slot.base());
            if (!status.changed().isEmpty()) {
                findings.add(slot.name() + " has " + status.changed().size() + " uncommitted changes (first: "
                        + status.changed().get(0) + ")");
            }
            if (status.ahead() > 0 && !status.pushed()) {
                findings.add(slot.name() + " has " + status.ahead() + " commits on " + slot.branch()
                        + " that are nowhere else (last: " + status.head().abbreviated() + ")");
            }
        }
        if (!findings.isEmpty()) {
            throw new ConflictException(
                    "workspace",
                    workspace.name(),
                    "cannot be destroyed: " + String.join("; ", findings)
                            + ". Commit and push, or discard the work explicitly");
        }
    }

    private void remove(Slot slot) {
        context.sourceControl().removeWorktree(slot.worktree());
        context.sourceControl().deleteBranch(slot.worktree().cache(), slot.branch());
    }

    /** Takes back what was made of a workspace, from what is there; a branch that has commits of its own stays. */
    private void undo(String name, Manifest manifest) {
        Path folder = context.layout().workspace(name);
        manifest.sources().values().stream()
                .filter(source -> source.kind() == SourceKind.GIT)
                .forEach(source -> undoWorktrees(context.layout().source(source), folder));
        FileTree.delete(folder);
        context.ledger().release(context.layout().root(), owner(name));
        file(name).delete();
    }

    private void undoWorktrees(Path cache, Path folder) {
        for (WorktreeRecord record : context.sourceControl().worktrees(cache)) {
            if (record.path().startsWith(folder)) {
                Worktree worktree = new Worktree(cache, record.path());
                Optional<BranchName> unused = unusedBranch(worktree, record);
                context.sourceControl().removeWorktree(worktree);
                unused.ifPresent(branch -> context.sourceControl().deleteBranch(cache, branch));
            }
        }
    }

    /** The branch of a worktree if it has nothing that the remote's default branch does not have. */
    private Optional<BranchName> unusedBranch(Worktree worktree, WorktreeRecord record) {
        if (record.branch().isEmpty() || !record.exists()) {
            return Optional.empty();
        }
        try {
            BranchName base = context.sourceControl().defaultBranch(worktree.cache());
            return record.branch()
                    .filter(b -> context.sourceControl().status(worktree, base).ahead() == 0);
        } catch (AngeeException e) {
            return Optional.empty();
        }
    }

    private Workspace declared(WorkspaceSpec spec) {
        return new Workspace(
                spec.name(),
                spec.template(),
                context.layout().workspace(spec.name()),
                Optional.empty(),
                Map.of(),
                List.of(),
                context.stacks());
    }

    private Workspace workspace(WorkspaceRecord record) {
        return new Workspace(
                record.name(),
                record.template(),
                context.layout().workspace(record.name()),
                Optional.ofNullable(record.chainRoot()),
                record.allocations(),
                record.slots().stream().map(WorkspaceRecord.SlotRecord::toSlot).toList(),
                context.stacks());
    }

    private List<WorkspaceRecord> records() {
        Path folder = context.layout().run().resolve("workspaces");
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString())
                    .filter(file -> file.endsWith(".json") && !file.startsWith("."))
                    .sorted()
                    .flatMap(file -> record(file.substring(0, file.length() - ".json".length())).stream())
                    .toList();
        } catch (IOException e) {
            throw new AngeeException(ErrorCode.UNAVAILABLE, "cannot list " + folder + ": " + e.getMessage(), e);
        }
    }

    private Optional<WorkspaceRecord> record(String name) {
        return file(name).read(WorkspaceRecord.class);
    }

    private JsonFile file(String name) {
        return JsonFile.at(context.layout().workspaceRecord(name));
    }

    private Path lockFile(String name) {
        return context.layout().workspaceRecord(name).resolveSibling(name + ".lock");
    }

    private FileLocks.Held lock(String name, String purpose) {
        if (!ManifestReader.isName(name)) {
            throw new NotFoundException("workspace", name, "that is not a workspace's name");
        }
        return FileLocks.take(lockFile(name), purpose, LOCK_PATIENCE);
    }

    private static String owner(String name) {
        return "workspace/" + name;
    }
}
