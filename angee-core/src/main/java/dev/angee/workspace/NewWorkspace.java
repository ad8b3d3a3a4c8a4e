package dev.angee.workspace;

import dev.angee.AngeeException;
import dev.angee.ConflictException;
import dev.angee.ErrorCode;
import dev.angee.InvalidInputException;
import dev.angee.internal.AtomicFile;
import dev.angee.mount.Confinement;
import dev.angee.operation.Progress;
import dev.angee.operation.ProgressListener;
import dev.angee.port.PortLease;
import dev.angee.port.PortOwner;
import dev.angee.port.PortPool;
import dev.angee.source.WorktreeStatus;
import dev.angee.template.TemplateFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A workspace in the making: its ports, worktrees, files and inner stack. Whoever makes it takes it back if that fails. */
final class NewWorkspace {
    private final WorkspaceContext context;
    private final WorkspaceDraft draft;
    private final ProgressListener listener;

    NewWorkspace(WorkspaceContext context, WorkspaceDraft draft, ProgressListener listener) {
        this.context = context;
        this.draft = draft;
        this.listener = listener;
    }

    /** Makes all of it, and says what is to be remembered of it. */
    WorkspaceRecord make(Duration freshness) {
        Map<String, Integer> ports = lease();
        new SourceFetching(context, freshness, listener).of(draft.sources());
        List<Slot> slots = draft.slots(ports);
        Optional<String> chainRoot = draft.chainRoot(slots, ports);
        Map<String, TemplateFile> files = draft.render(ports);
        requireApart(draft.path(), slots, files);
        createFolder(draft.path());
        slots.forEach(this::cut);
        files.values().forEach(file -> write(draft.path(), file));
        chainRoot.ifPresent(
                root -> context.stacks().get(draft.path().resolve(root)).plan());
        listener.on(new Progress.Rendered(files.size()));
        return new WorkspaceRecord(
                WorkspaceRecord.VERSION,
                draft.name(),
                draft.template().ref(),
                draft.inputs(),
                chainRoot.orElse(null),
                ports,
                slots.stream().map(WorkspaceRecord.SlotRecord::of).toList());
    }

    private Map<String, Integer> lease() {
        Map<String, Integer> ports = new LinkedHashMap<>();
        for (PortPool pool : draft.pools()) {
            PortOwner owner = PortOwner.workspace(draft.name(), pool.name());
            PortLease lease = context.ledger().lease(pool, context.layout().root(), owner);
            ports.put(pool.name(), lease.port());
            listener.on(new Progress.PortLeased(pool.name(), lease.port()));
        }
        return ports;
    }

    private void cut(Slot slot) {
        context.sourceControl()
                .addWorktree(
                        slot.worktree(),
                        slot.branch(),
                        slot.base(),
                        (task, percent) -> listener.on(new Progress.Fetching(slot.source(), task, percent)));
        WorktreeStatus status = context.sourceControl().in(slot.worktree()).status(slot.base());
        listener.on(new Progress.WorktreeAdded(
                slot.name(), slot.branch().value(), status.head().abbreviated()));
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
        Path place = Confinement.below(folder, file.path());
        if (file.link().isPresent()) {
            link(folder, place, file.link().get());
            return;
        }
        AtomicFile.write(place, file.content());
        if (file.executable() && !place.toFile().setExecutable(true)) {
            throw new AngeeException(ErrorCode.UNAVAILABLE, "cannot make " + place + " executable");
        }
    }

    /** A link that leads nowhere but into the workspace: upwards first, and then down. */
    private static void link(Path folder, Path place, String target) {
        try {
            Path parent = Files.createDirectories(place.resolveSibling(".")).toRealPath();
            boolean upAgain = Path.of(target).normalize().getNameCount()
                    != Path.of(target).getNameCount();
            if (Path.of(target).isAbsolute()
                    || upAgain
                    || !parent.resolve(target).normalize().startsWith(folder.toRealPath())) {
                throw new InvalidInputException(
                        "template", "the link " + place + " would lead to '" + target + "', out of the workspace");
            }
            Files.createSymbolicLink(place, Path.of(target));
        } catch (InvalidPathException | IOException e) {
            throw new AngeeException(ErrorCode.UNAVAILABLE, "cannot make the link " + place + ": " + e.getMessage(), e);
        }
    }
}
