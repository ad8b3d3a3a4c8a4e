package dev.angee.service;

import dev.angee.ConflictException;
import dev.angee.internal.StateFormat;
import dev.angee.manifest.EditOptions;
import dev.angee.manifest.Manifest;
import dev.angee.manifest.ManifestEditor;
import dev.angee.manifest.ManifestReader;
import dev.angee.manifest.SecretsBackendSpec;
import dev.angee.port.PortOwner;
import dev.angee.port.PortPool;
import dev.angee.render.RenderChange;
import dev.angee.render.RenderConflict;
import dev.angee.render.RenderOptions;
import dev.angee.render.RenderPlan;
import dev.angee.render.Resolution;
import dev.angee.resolve.SecretKeeper;
import dev.angee.secret.SecretName;
import dev.angee.secret.SecretValue;
import dev.angee.service.ServiceRecord.Pending;
import dev.angee.service.ServiceRecord.Work;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;

/** Makes or updates one service from its template: all of it or nothing. The service's lock is held. */
final class ServiceMaking {
    private static final EditOptions OPTIONS = EditOptions.defaults();

    private final ServiceContext context;
    private final ServiceFiles files;
    private final ServiceSecrets secrets;
    private final ServiceDraft draft;
    private final Resolution way;

    ServiceMaking(ServiceContext context, ServiceFiles files, ServiceDraft draft, Resolution way) {
        this.context = context;
        this.files = files;
        this.secrets = new ServiceSecrets(context);
        this.draft = draft;
        this.way = way;
    }

    /** What is planned together. */
    private record Plan(ManifestChange manifest, RenderPlan files) {
        ServiceDiff diff(Service service) {
            List<RenderChange> changes = new ArrayList<>(files.changes());
            changes.addAll(manifest.changes());
            List<RenderConflict> conflicts = new ArrayList<>(files.conflicts());
            conflicts.addAll(manifest.conflicts());
            return new ServiceDiff(service, changes, conflicts);
        }
    }

    /** What would change. Leases and stores nothing. */
    ServiceDiff preview(Service service, Optional<String> base) {
        Path root = context.layout().root();
        Map<String, Integer> ports = new TreeMap<>();
        for (PortPool pool : draft.pools()) {
            ports.put(
                    pool.name(), context.ledger().preview(pool, root, owner(pool.name()), Set.copyOf(ports.values())));
        }
        draft.render(ports);
        return plan(ManifestEditor.open(context.layout().manifest(), OPTIONS), base)
                .diff(service);
    }

    /** Makes it new. */
    void create() {
        make(editor -> {
            draft.requireFree(editor);
            Plan plan = plan(editor, Optional.of("{}\n"));
            plan.diff(new Service(draft.name(), dev.angee.RuntimeKind.CONTAINER))
                    .requireNoConflict();
            return plan;
        });
    }

    /** Brings it to what its template renders now. */
    ServiceDiff update(Service service, Optional<String> base) {
        List<ServiceDiff> made = new ArrayList<>();
        make(editor -> {
            Plan plan = plan(editor, base);
            ServiceDiff diff = plan.diff(service);
            diff.requireNoConflict();
            made.add(diff);
            return plan;
        });
        return made.get(made.size() - 1);
    }

    private Plan plan(ManifestEditor editor, Optional<String> base) {
        String file = context.layout().manifest().toString();
        return new Plan(
                ManifestChange.of(file, editor.text(), draft, base, way.at(Manifest.FILE_NAME)),
                files.plan(draft.rendering(), options(editor.text())));
    }

    private RenderOptions options(String manifest) {
        SecretKeeper keeper = context.stacks().secretKeeper();
        SecretsBackendSpec backend =
                new ManifestReader().secretsBackend(context.layout().manifest().toString(), manifest);
        return RenderOptions.defaults()
                .with(way.without(Manifest.FILE_NAME))
                .withSecrets(
                        keeper,
                        context.layout().secrets(backend, keeper).stream().toList());
    }

    /** What is to be made of the manifest as it is now. */
    private interface Planned {
        Plan of(ManifestEditor editor);
    }

    private void make(Planned planned) {
        secrets.requireOwn(draft.name(), draft.ownSecrets());
        Map<SecretName, SecretValue> fresh = secrets.fresh(draft.inputs().secrets());
        List<PortPool> pools = draft.pools();
        Set<String> leased = context.ledger().leases(context.layout().root()).stream()
                .map(lease -> lease.owner().toString())
                .collect(Collectors.toSet());
        List<String> missing = pools.stream()
                .map(PortPool::name)
                .filter(pool -> !leased.contains(owner(pool).toString()))
                .toList();
        ServiceRecord record = files.record()
                .with(new Pending(
                        Work.MAKING,
                        fresh.keySet().stream().map(SecretName::value).toList(),
                        secrets.digests(fresh),
                        missing,
                        null));
        StateFormat.mark(context.layout().run());
        files.write(record);
        try {
            draft.render(lease(pools));
            files.requireSecretsApart(
                    draft.rendering(),
                    options(ManifestEditor.open(context.layout().manifest(), OPTIONS)
                            .text()));
            secrets.store(fresh, this::lost);
            apply(planned, pools);
        } catch (RuntimeException e) {
            takeBack(e);
            throw e;
        }
        new ServiceSettling(context, draft.name(), files).release(files.record());
    }

    /** The manifest first, so that what it is to be is checked against what it is; with a word on how to take it back. */
    private void apply(Planned planned, List<PortPool> pools) {
        List<Plan> made = new ArrayList<>();
        boolean[] declaring = {false};
        var unused = ManifestEditor.edit(context.layout().manifest(), OPTIONS, editor -> {
            String workspace = draft.workspace().name();
            declaring[0] = !editor.has(List.of("workspaces", workspace))
                    || new DeclaredWorkspaces(context.layout(), draft.name()).isOfAnother(workspace);
            Plan plan = planned.of(editor);
            made.add(plan);
            remember(pending ->
                    pending.rewriting(plan.manifest().before(), plan.manifest().text()));
            editor.replace(plan.manifest().text());
        });
        Plan plan = made.get(made.size() - 1);
        ServiceRecord record = files.record().settled().dropping(dropped(plan.manifest(), pools));
        files.apply(
                plan.files(), declaring[0] ? record.declaring(draft.workspace().name()) : record);
    }

    /** The pools that no port is asked from any more, but for ports that somebody has written into the service. */
    private List<String> dropped(ManifestChange manifest, List<PortPool> pools) {
        Set<String> wanted = pools.stream().map(PortPool::name).collect(Collectors.toSet());
        return context.ledger().leases(context.layout().root()).stream()
                .filter(lease -> lease.owner().kind() == PortOwner.Kind.SERVICE
                        && lease.owner().name().equals(draft.name())
                        && !wanted.contains(lease.owner().pool())
                        && !ServiceDocument.mentions(manifest.text(), draft.name(), String.valueOf(lease.port())))
                .map(lease -> lease.owner().pool())
                .toList();
    }

    /** What somebody else has stored is not taken back. */
    private void lost(SecretName name) {
        remember(pending -> pending.without(name.value()));
    }

    private void remember(UnaryOperator<Pending> more) {
        ServiceRecord record = files.record();
        Optional.ofNullable(record.pending()).ifPresent(pending -> files.write(record.with(more.apply(pending))));
    }

    private Map<String, Integer> lease(List<PortPool> pools) {
        Map<String, Integer> ports = new TreeMap<>();
        for (PortPool pool : pools) {
            ports.put(
                    pool.name(),
                    context.ledger()
                            .lease(pool, context.layout().root(), owner(pool.name()))
                            .port());
        }
        return ports;
    }

    private PortOwner owner(String pool) {
        return PortOwner.service(draft.name(), pool);
    }

    /** Also when interrupted: the interrupt waits until everything is taken back. */
    private void takeBack(RuntimeException failure) {
        boolean interrupted = Thread.interrupted();
        try {
            ServiceSettling.Settled settled = new ServiceSettling(context, draft.name(), files).settle();
            settled.kept().forEach(kept -> failure.addSuppressed(told(kept)));
            settled.stuck().ifPresent(stuck -> failure.addSuppressed(told(stuck)));
        } catch (RuntimeException undoing) {
            failure.addSuppressed(undoing);
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private ConflictException told(String what) {
        return new ConflictException("service", draft.name(), what);
    }
}
