package dev.angee.workspace;

import dev.angee.AngeeException;
import dev.angee.ConflictException;
import dev.angee.ErrorCode;
import dev.angee.InvalidInputException;
import dev.angee.internal.AtomicFile;
import dev.angee.mount.Confinement;
import dev.angee.mount.MadeFolders;
import dev.angee.mount.PersistAnchor;
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
import java.util.TreeMap;

/** A workspace in the making: its ports, worktrees, files and inner stack. Whoever makes it takes it back if that fails. */
final class NewWorkspace {
    private final WorkspaceContext context;
    private final WorkspaceDraft draft;
    private final ProgressListener listener;
    private final WorkspaceStore store;
    private final WorkspaceSecrets secrets;
    private Making making;

    NewWorkspace(WorkspaceContext context, WorkspaceDraft draft, ProgressListener listener) {
        this.context = context;
        this.draft = draft;
        this.listener = listener;
        this.store = new WorkspaceStore(context.layout());
        this.secrets = new WorkspaceSecrets(context);
        this.making = Making.nothing()
                .withCaches(draft.sources().keySet().stream()
                        .map(source -> context.layout().source(source).toString())
                        .toList());
    }

    /** Makes all of it, and says what is to be remembered of it. */
    WorkspaceRecord make(Duration freshness) {
        remember(making);
        Map<String, Integer> ports = lease();
        Map<String, TemplateFile> files = draft.render(ports);
        List<String> made = storeSecrets();
        new SourceFetching(context, freshness, listener).of(draft.sources());
        List<Slot> slots = draft.slots(ports);
        List<LocalSlot> links = draft.links(ports);
        Map<String, Path> places = places(slots, links);
        Optional<String> chainRoot = draft.chainRoot(places, ports);
        requireApart(draft.path(), places, files);
        createFolder(draft.path());
        slots.forEach(this::cut);
        links.forEach(LocalSlot::requireTarget);
        links.forEach(LocalSlot::link);
        files.values().forEach(file -> write(draft.path(), file));
        Map<String, String> persist = persist(slots, links);
        chainRoot.ifPresent(
                root -> context.stacks().get(draft.path().resolve(root)).plan());
        listener.on(new Progress.Rendered(files.size()));
        draft.additions().write(edits -> remember(making.withEdits(edits)));
        return new WorkspaceRecord(
                WorkspaceRecord.VERSION,
                draft.name(),
                draft.template().ref(),
                draft.inputs(),
                chainRoot.orElse(null),
                ports,
                slots.stream().map(WorkspaceRecord.SlotRecord::of).toList(),
                links.stream().map(LocalSlot::toRecord).toList(),
                persist,
                made);
    }

    private void remember(Making now) {
        making = now;
        store.write(draft.name(), now);
    }

    private List<String> storeSecrets() {
        secrets.requireOwn(draft.name(), draft.ownSecrets());
        if (draft.secrets().isEmpty()) {
            return List.of();
        }
        return secrets.store(secrets.fresh(draft.secrets()), names -> remember(making.withSecrets(names)));
    }

    private static Map<String, Path> places(List<Slot> slots, List<LocalSlot> links) {
        Map<String, Path> places = new LinkedHashMap<>();
        slots.forEach(slot -> places.put(slot.name(), slot.worktree().path()));
        links.forEach(link -> places.put(link.name(), link.place()));
        return places;
    }

    /** The folders are made, and whatever is in them stays the user's. One that is a linked slot is that. */
    private Map<String, String> persist(List<Slot> slots, List<LocalSlot> links) {
        PersistAnchor anchor = new PersistAnchor(draft.path(), draft.path());
        Map<String, String> wanted = new TreeMap<>(draft.persist());
        Map<String, String> paths = new TreeMap<>();
        for (Map.Entry<String, String> each : draft.persist().entrySet()) {
            Path lexical = draft.path().resolve(each.getValue()).normalize();
            if (links.stream().anyMatch(link -> link.place().equals(lexical))) {
                wanted.remove(each.getKey());
                paths.put(each.getKey(), draft.path().relativize(lexical).toString());
            }
        }
        anchor.folders(wanted).forEach((name, folder) -> {
            for (Slot slot : slots) {
                Path worktree = slot.worktree().path();
                if (folder.startsWith(worktree) || worktree.startsWith(folder)) {
                    throw new InvalidInputException(
                            "persist." + name,
                            "overlaps with the worktree of slot '" + slot.name() + "', whose files are git's");
                }
            }
            paths.put(name, draft.path().relativize(folder).toString());
        });
        MadeFolders unused = anchor.create(wanted); // taken back with the workspace's folder
        return paths;
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

    /** A rendered file inside a worktree would show up there as an uncommitted change, and one behind a link is another's. */
    private static void requireApart(Path workspace, Map<String, Path> slots, Map<String, TemplateFile> files) {
        slots.forEach((slot, place) -> {
            for (String path : files.keySet()) {
                if (workspace.resolve(path).startsWith(place)) {
                    throw new ConflictException(
                            "file",
                            path,
                            "the template renders it into the worktree of slot '" + slot + "'; render it elsewhere");
                }
            }
        });
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
