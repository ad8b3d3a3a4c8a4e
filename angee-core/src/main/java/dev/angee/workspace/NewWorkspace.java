package dev.angee.workspace;

import dev.angee.AngeeException;
import dev.angee.ErrorCode;
import dev.angee.mount.MadeFolders;
import dev.angee.operation.Progress;
import dev.angee.operation.ProgressListener;
import dev.angee.port.PortLease;
import dev.angee.port.PortOwner;
import dev.angee.port.PortPool;
import dev.angee.render.OnConflict;
import dev.angee.render.RenderOptions;
import dev.angee.render.Rendering;
import dev.angee.render.Resolution;
import dev.angee.source.WorktreeStatus;
import java.io.IOException;
import java.nio.file.Files;
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
    private final WorkspaceFiles files;
    private Making making;

    NewWorkspace(WorkspaceContext context, WorkspaceDraft draft, ProgressListener listener, WorkspaceFiles files) {
        this.files = files;
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
        Rendering rendering = draft.render(ports);
        RenderOptions options = draft.options(Resolution.of(OnConflict.OVERWRITE));
        files.requireSecretsApart(rendering, options);
        List<String> made = storeSecrets();
        new SourceFetching(context, freshness, listener).of(draft.sources());
        List<Slot> slots = draft.slots(ports);
        List<LocalSlot> links = draft.links(ports);
        Map<String, Path> places = WorkspaceFolders.places(slots, links);
        Optional<String> chainRoot = draft.chainRoot(places, ports);
        WorkspaceDraft.requireApart(draft.path(), places, rendering);
        createFolder(draft.path());
        slots.forEach(this::cut);
        links.forEach(LocalSlot::requireTarget);
        links.forEach(LocalSlot::link);
        Map<String, String> persist = new TreeMap<>();
        MadeFolders unused =
                new WorkspaceFolders(draft).make(slots, links, persist); // taken back with the workspace's folder
        WorkspaceRecord record = new WorkspaceRecord(
                WorkspaceRecord.VERSION,
                draft.name(),
                draft.template().ref(),
                draft.inputs(),
                chainRoot.orElse(null),
                ports,
                slots.stream().map(WorkspaceRecord.SlotRecord::of).toList(),
                links.stream().map(LocalSlot::toRecord).toList(),
                persist,
                made,
                draft.lent(),
                draft.chained());
        draft.additions().write(edits -> remember(making.withEdits(edits)));
        files.apply(files.plan(rendering, options), record);
        chainRoot.ifPresent(root -> new InnerStacks(context)
                .get(draft.name(), draft.path().resolve(root))
                .plan());
        listener.on(new Progress.Rendered(rendering.files().size()));
        return record;
    }

    private void remember(Making now) {
        making = now;
        store.write(draft.name(), now);
    }

    private List<String> storeSecrets() {
        if (!draft.ownSecrets().isEmpty()) {
            remember(making.withClaims(draft.ownSecrets()));
        }
        secrets.requireOwn(draft.name(), draft.ownSecrets());
        if (draft.secrets().isEmpty()) {
            return List.of();
        }
        return secrets.store(secrets.fresh(draft.secrets()), names -> remember(making.withSecrets(names)));
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

    private static void createFolder(Path folder) {
        try {
            Files.createDirectories(folder);
        } catch (IOException e) {
            throw new AngeeException(ErrorCode.UNAVAILABLE, "cannot make " + folder + ": " + e.getMessage(), e);
        }
    }
}
