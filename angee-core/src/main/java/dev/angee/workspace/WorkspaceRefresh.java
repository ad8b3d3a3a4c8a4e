package dev.angee.workspace;

import dev.angee.AngeeException;
import dev.angee.ConflictException;
import dev.angee.ErrorCode;
import dev.angee.document.InvalidDocumentException;
import dev.angee.internal.FileLocks;
import dev.angee.manifest.EditOptions;
import dev.angee.manifest.ManifestEdit;
import dev.angee.manifest.ManifestEditor;
import dev.angee.manifest.ManifestReader;
import dev.angee.manifest.MergeOptions;
import dev.angee.mount.MadeFolders;
import dev.angee.port.PortLease;
import dev.angee.port.PortOwner;
import dev.angee.port.PortPool;
import dev.angee.render.RenderOptions;
import dev.angee.render.RenderPlan;
import dev.angee.render.RenderRecovery;
import dev.angee.render.Rendering;
import dev.angee.render.TemplateUpdate;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * A workspace that is brought to what its template renders now. Its slots and ports stay as they are. Whatever its files need is
 * made before them; if the JVM dies in between, so much of it stays, and the next update uses it.
 */
final class WorkspaceRefresh {
    private final WorkspaceContext context;
    private final WorkspaceRecord record;
    private final TemplateUpdate update;
    private final WorkspaceDraft draft;
    private final WorkspaceFiles files;
    private final WorkspaceStore store;
    private final List<Runnable> undo = new ArrayList<>();
    private @Nullable Change change;
    private boolean isApplied;

    /** What is carried out in one go. */
    private record Change(RenderPlan plan, WorkspaceRecord next) {}

    /** What has become of it. */
    private enum End {
        MADE,
        UNDONE,
        UNKNOWN
    }

    WorkspaceRefresh(WorkspaceContext context, WorkspaceRecord record, TemplateUpdate update, WorkspaceFiles files) {
        this.context = context;
        this.record = record;
        this.update = update;
        this.draft = WorkspaceDraft.again(context, record, update);
        this.files = files;
        this.store = new WorkspaceStore(context.layout());
    }

    /** What would be done. Makes nothing: a port that would have to be leased first is one that could be. */
    RenderPlan preview() {
        Map<String, Integer> ports = new TreeMap<>(record.allocations());
        Set<Integer> taken = new TreeSet<>(ports.values());
        for (PortPool pool : missing()) {
            int port = context.ledger().preview(pool, context.layout().root(), owner(pool), taken);
            taken.add(port);
            ports.put(pool.name(), port);
        }
        return plan(draft.render(ports), ports);
    }

    /**
     * Does it, with the workspace's lock held.
     *
     * @throws ConflictException naming what was changed both here and by the template; nothing is changed then
     */
    RenderPlan run(FileLocks.Held held) {
        RenderPlan plan = run();
        held.check();
        return plan;
    }

    private RenderPlan run() {
        try {
            Map<String, Integer> ports = lease();
            Rendering rendering = draft.render(ports);
            requireSound(plan(rendering, ports), rendering);
            Needs needs = needs(ports);
            RenderPlan plan = ManifestEditor.whileAllLocked(
                    manifests(rendering), EditOptions.defaults(), () -> change(rendering, ports, needs));
            store.forgetMaking(record.name());
            return plan;
        } catch (RuntimeException | Error e) {
            boolean interrupted = Thread.interrupted(); // until all is settled
            try {
                return settle(e);
            } finally {
                if (interrupted) {
                    Thread.currentThread().interrupt();
                }
            }
        }
    }

    /** The manifests that are there, each of which others may be editing. */
    private List<Path> manifests(Rendering rendering) {
        return rendering.manifests().stream()
                .map(draft.path()::resolve)
                .filter(file -> Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS))
                .toList();
    }

    /**
     * What its files need besides its ports.
     *
     * @param persist the folders of the user's data, by name
     * @param secrets the secrets that go with it
     */
    private record Needs(Map<String, String> persist, Set<String> secrets) {}

    /** Makes what is missing of it, while no manifest's lock is held: the store of secrets may be far away. */
    private Needs needs(Map<String, Integer> ports) {
        Set<String> secrets = new TreeSet<>(record.secrets());
        secrets.addAll(storeSecrets());
        Map<String, String> persist = new TreeMap<>(record.persistPaths());
        persist.values().removeIf(subpath -> !Files.exists(draft.path().resolve(subpath), LinkOption.NOFOLLOW_LINKS));
        KeptSlots slots = new KeptSlots(record, draft, ports);
        MadeFolders made = new WorkspaceFolders(draft).make(slots.worktrees(), slots.links(), persist);
        undo.add(made::undo);
        draft.additions().write(this::takeBackLater);
        return new Needs(persist, secrets);
    }

    private RenderPlan change(Rendering rendering, Map<String, Integer> ports, Needs needs) {
        RenderPlan plan = plan(rendering, ports);
        requireSound(plan, rendering);
        Change begun = new Change(plan, next(ports, needs.persist(), needs.secrets()));
        change = begun;
        files.apply(begun.plan(), begun.next());
        isApplied = true;
        return plan;
    }

    private void requireSound(RenderPlan plan, Rendering rendering) {
        plan.requireNoConflict("workspace-template", record.name());
        rendering.manifests().forEach(path -> check(plan, path));
    }

    /** Only what no file refers to is taken back: the files may have been changed all the same, or be so the next time. */
    private RenderPlan settle(Throwable failure) {
        End end = end(failure);
        if (end == End.UNDONE) {
            takeBack(failure);
        } else if (end == End.MADE) {
            forgetNote(failure);
        }
        if (end == End.MADE && change != null && failure instanceof RuntimeException) {
            return change.plan(); // by what comes after a failure, which goes on where that is possible
        }
        if (failure instanceof Error error) {
            throw error;
        }
        throw (RuntimeException) failure;
    }

    private End end(Throwable failure) {
        Change begun = change;
        if (begun == null) {
            return End.UNDONE;
        }
        if (isApplied) {
            return End.MADE;
        }
        try {
            Optional<RenderRecovery> recovery = files.recover();
            recovery.filter(each -> !each.kept().isEmpty())
                    .ifPresent(each -> failure.addSuppressed(
                            new AngeeException(ErrorCode.FAILED, String.join("; ", each.kept()))));
            return recovery.map(RenderRecovery::made).orElseGet(() -> isRecorded(begun.next())) ? End.MADE : End.UNDONE;
        } catch (RuntimeException | Error e) {
            if (e != failure) { // a virtual machine may throw one and the same again
                failure.addSuppressed(e);
            }
            return End.UNKNOWN;
        }
    }

    private boolean isRecorded(WorkspaceRecord next) {
        return !next.equals(record) && store.read(record.name()).equals(Optional.of(next));
    }

    private void forgetNote(Throwable failure) {
        try {
            store.forgetMaking(record.name());
        } catch (RuntimeException e) {
            failure.addSuppressed(e); // the next who works on it does it
        }
    }

    private RenderPlan plan(Rendering rendering, Map<String, Integer> ports) {
        KeptSlots slots = new KeptSlots(record, draft, ports);
        slots.requireKept();
        Map<String, Path> places = slots.places();
        WorkspaceDraft.requireApart(draft.path(), places, rendering);
        Optional<String> chainRoot = draft.chainRoot(places, ports);
        if (!chainRoot.equals(Optional.ofNullable(record.chainRoot()))) {
            throw new ConflictException(
                    "workspace-template",
                    record.name(),
                    "the template's inner stack is at '" + chainRoot.orElse("nowhere") + "' now, and was at '"
                            + Optional.ofNullable(record.chainRoot()).orElse("nowhere")
                            + "'; make another workspace");
        }
        RenderOptions options = draft.options(update.resolution())
                .withPorts(MergeOptions.Side.THEIRS); // the ports of a workspace are leased by its root
        return files.plan(rendering, options);
    }

    /** @throws InvalidDocumentException if a manifest would not be sound */
    private void check(RenderPlan plan, String path) {
        String file = draft.path().resolve(path).toString();
        plan.text(path).ifPresent(text -> new ManifestReader().read(file, text));
    }

    private List<PortPool> missing() {
        return draft.pools().stream()
                .filter(pool -> !record.allocations().containsKey(pool.name()))
                .toList();
    }

    private Map<String, Integer> lease() {
        Map<String, Integer> ports = new TreeMap<>(record.allocations());
        for (PortPool pool : missing()) {
            PortLease lease = context.ledger().lease(pool, context.layout().root(), owner(pool));
            undo.add(() -> context.ledger().release(lease));
            ports.put(pool.name(), lease.port());
        }
        return ports;
    }

    private PortOwner owner(PortPool pool) {
        return PortOwner.workspace(record.name(), pool.name());
    }

    /** Noted before each is stored: if the JVM dies, whoever works on the workspace next sees that they go with it. */
    private List<String> storeSecrets() {
        if (draft.ownSecrets().isEmpty() && draft.secrets().isEmpty()) {
            return List.of();
        }
        WorkspaceSecrets secrets = new WorkspaceSecrets(context);
        Making note = Making.nothing().withClaims(draft.ownSecrets());
        List<String> begun = new ArrayList<>();
        undo.add(() -> {
            secrets.forget(begun);
            store.forgetMaking(record.name());
        });
        store.write(record.name(), note);
        secrets.requireOwn(record.name(), draft.ownSecrets());
        return secrets.store(secrets.fresh(draft.secrets()), names -> {
            store.write(record.name(), note.withSecrets(names));
            begun.clear();
            begun.addAll(names);
        });
    }

    private void takeBackLater(List<ManifestEdit> edits) {
        undo.add(() -> ManifestAdditions.takeBack(
                context.layout().manifest(), Making.nothing().withEdits(edits)));
    }

    private void takeBack(Throwable failure) {
        for (int i = undo.size() - 1; i >= 0; i--) {
            try {
                undo.get(i).run();
            } catch (RuntimeException e) {
                failure.addSuppressed(e);
            }
        }
    }

    private WorkspaceRecord next(Map<String, Integer> ports, Map<String, String> persist, Set<String> secrets) {
        return new WorkspaceRecord(
                WorkspaceRecord.VERSION,
                record.name(),
                draft.template().ref(),
                draft.inputs(),
                record.chainRoot(),
                ports,
                record.slots(),
                record.links(),
                persist,
                List.copyOf(secrets),
                draft.lent(),
                draft.chained());
    }
}
