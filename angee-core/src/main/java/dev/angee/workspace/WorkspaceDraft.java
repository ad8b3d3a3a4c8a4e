package dev.angee.workspace;

import dev.angee.ConflictException;
import dev.angee.InvalidInputException;
import dev.angee.expression.Scope;
import dev.angee.manifest.Manifest;
import dev.angee.manifest.PoolSpec;
import dev.angee.manifest.SourceKind;
import dev.angee.manifest.SourceSpec;
import dev.angee.manifest.WorkspaceSpec;
import dev.angee.mount.Confinement;
import dev.angee.port.PortPool;
import dev.angee.render.RenderLayer;
import dev.angee.render.RenderOptions;
import dev.angee.render.RenderedManifest;
import dev.angee.render.Rendering;
import dev.angee.render.Resolution;
import dev.angee.render.TemplateUpdate;
import dev.angee.resolve.SecretKeeper;
import dev.angee.secret.SecretName;
import dev.angee.secret.SecretValue;
import dev.angee.source.BranchName;
import dev.angee.source.GitUrl;
import dev.angee.source.Worktree;
import dev.angee.template.ChainEntry;
import dev.angee.template.ChainedAnswers;
import dev.angee.template.SlotTemplate;
import dev.angee.template.Template;
import dev.angee.template.TemplateFile;
import dev.angee.template.Written;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/** A workspace as it is to be: every check that needs no change to disk is made here, before there is one. */
final class WorkspaceDraft {
    private final WorkspaceContext context;
    private final String name;
    private final DraftInputs inputs;
    private final DraftSources sources;
    private final Template template;
    private final Path path;
    private final Collection<String> dataBefore;

    /** One that is to be made. */
    static WorkspaceDraft of(WorkspaceContext context, Manifest manifest, WorkspaceRequest request) {
        Optional<WorkspaceSpec> declared = request.name()
                .flatMap(given -> Optional.ofNullable(manifest.workspaces().get(given)));
        String ref = request.template()
                .or(() -> declared.map(WorkspaceSpec::template))
                .orElseThrow(() -> new InvalidInputException(
                        "template",
                        "say which template to make '" + request.name().orElse("") + "' from; templates: "
                                + String.join(", ", context.catalog().list())));
        Template asked = context.catalog().find(ref, "workspace");
        Map<String, String> given =
                new LinkedHashMap<>(declared.map(WorkspaceSpec::inputs).orElse(Map.of()));
        given.putAll(request.inputs());
        return new WorkspaceDraft(context, request.name(), asked, given, DraftInputs.Answered.nothing(), List.of());
    }

    /** One that was made, as it is to be now. */
    static WorkspaceDraft again(WorkspaceContext context, WorkspaceRecord record, TemplateUpdate update) {
        Template asked = context.catalog().find(update.template().orElse(record.template()), "workspace");
        return new WorkspaceDraft(
                context,
                Optional.of(record.name()),
                asked,
                update.inputs(),
                new DraftInputs.Answered(record.inputs(), record.chained()),
                record.persistPaths().values());
    }

    private WorkspaceDraft(
            WorkspaceContext context,
            Optional<String> wanted,
            Template asked,
            Map<String, String> given,
            DraftInputs.Answered before,
            Collection<String> dataBefore) {
        this.context = context;
        this.dataBefore = dataBefore;
        Map<String, String> all = new TreeMap<>(before.own());
        all.putAll(given);
        DraftTemplates templates = new DraftTemplates(context, wanted, asked, all);
        templates.chain().asked().requireSpelt(given.keySet(), before.own().keySet());
        this.name = templates.name();
        this.path = context.layout().workspace(name);
        this.inputs = new DraftInputs(context, name, templates, given, before);
        this.template = templates.chain().template();
        this.sources = new DraftSources(context, template, scope(Map.of()));
        pools();
        for (SourceSpec source : sources.of(SourceKind.GIT).values()) {
            GitUrl unused = GitUrl.of(source.repo().orElseThrow());
        }
        links(Map.of()).forEach(LocalSlot::requireTarget);
    }

    String name() {
        return name;
    }

    Path path() {
        return path;
    }

    Template template() {
        return template;
    }

    Map<String, String> inputs() {
        return inputs.values();
    }

    /** What is to be in the root's manifest. */
    ManifestAdditions additions() {
        return sources.additions();
    }

    /** The secrets that have to be stored; all of them once its files are rendered. */
    Map<SecretName, SecretValue> secrets() {
        return inputs.secrets();
    }

    /** The secrets that go by its name; all of them once its files are rendered. */
    Set<SecretName> ownSecrets() {
        return inputs.own();
    }

    /** Every secret that its templates have been told of; all of them once its files are rendered. */
    List<String> lent() {
        return inputs.used().stream().map(SecretName::value).toList();
    }

    /** The folders whose content is the user's, by name. */
    Map<String, String> persist() {
        Map<String, String> subpaths = new TreeMap<>();
        template.metadata().persist().values().forEach(each -> subpaths.put(each.name(), each.subpath()));
        return subpaths;
    }

    /** The pools a port is leased from. */
    List<PortPool> pools() {
        List<PortPool> pools = new ArrayList<>();
        for (String wanted : template.metadata().wantedPools()) {
            PoolSpec pool = sources.manifest().pools().get(wanted);
            if (pool == null) {
                throw new InvalidInputException(
                        "template",
                        "'" + template.ref() + "' asks for a port of pool '" + wanted
                                + "'; declare operator.port_pool." + wanted + ".range in "
                                + context.layout().manifest());
            }
            pools.add(pool(pool));
        }
        return pools;
    }

    private static PortPool pool(PoolSpec spec) {
        return new PortPool(spec.name(), spec.first(), spec.last());
    }

    /** The git sources its slots are cut from, each with its URL. */
    Map<SourceSpec, GitUrl> sources() {
        return sources.fetched();
    }

    /** Its slots that are links. */
    List<LocalSlot> links(Map<String, Integer> ports) {
        Scope scope = scope(ports);
        List<LocalSlot> links = new ArrayList<>();
        sources.of(SourceKind.LOCAL)
                .forEach((written, source) -> links.add(new LocalSlot(
                        written.slot(),
                        source.name(),
                        place(written, scope),
                        context.layout().source(source))));
        return links;
    }

    /** Where each of its slots is to be, by name. */
    Map<String, Path> places(Map<String, Integer> ports) {
        Scope scope = scope(ports);
        Map<String, Path> places = new LinkedHashMap<>();
        for (SourceKind kind : List.of(SourceKind.GIT, SourceKind.LOCAL)) {
            sources.of(kind).keySet().forEach(written -> places.put(written.slot(), place(written, scope)));
        }
        return places;
    }

    /** Its slots, once the ports are known and the caches are there to be asked for their default branch. */
    List<Slot> slots(Map<String, Integer> ports) {
        Scope scope = scope(ports);
        List<Slot> slots = new ArrayList<>();
        sources.of(SourceKind.GIT).forEach((written, source) -> {
            Path cache = context.layout().source(source);
            BranchName base = Written.evaluate(template, written.ref(), scope)
                    .or(source::defaultRef)
                    .map(BranchName::of)
                    .orElseGet(() -> context.sourceControl().history(cache).defaultBranch());
            BranchName branch = BranchName.of(
                    Written.evaluate(template, written.branch(), scope).orElse("workspace/" + name));
            slots.add(
                    new Slot(written.slot(), source.name(), branch, base, new Worktree(cache, place(written, scope))));
        });
        return slots;
    }

    private Path place(SlotTemplate slot, Scope scope) {
        Path place = Confinement.entry( // which is the link that it was made
                path, Written.evaluate(template, slot.subpath(), scope).orElse(slot.slot()));
        if (place.equals(path)) {
            throw new InvalidInputException("subpath", "slot '" + slot.slot() + "' needs a folder of its own");
        }
        return place;
    }

    /** All it is rendered to; a chained stack comes after what it stands in. */
    Rendering render(Map<String, Integer> ports) {
        Map<String, String> own = new TreeMap<>(inputs.values());
        own.put("workspace_name", name);
        ports.forEach((pool, port) -> own.put("alloc_" + pool, port.toString()));
        Rendering.Builder rendering = Rendering.builder()
                .layer(layer("workspace", template, ""), context.engine().render(template, own));
        Scope scope = scope(ports);
        int index = 0;
        for (ChainEntry entry : template.metadata().chain()) {
            String folder = chainFolder(entry, scope);
            Template chained = inputs.chained(index);
            Map<String, String> values = inputs.ofChained(index, folder, scope);
            String manifest = innerManifest(folder, values.getOrDefault("ANGEE_ROOT", ""));
            List<TemplateFile> files = new ArrayList<>();
            for (TemplateFile file : context.engine().render(chained, values, path.resolve(folder))) {
                boolean isManifest = path.relativize(path.resolve(folder).resolve(file.path()))
                        .toString()
                        .equals(manifest);
                files.add(isManifest ? RenderedManifest.complete(chained, file, inputs.used()) : file);
            }
            rendering.layer(layer("chain-" + index, chained, folder), files).manifest(manifest);
            index++;
        }
        persist().values().forEach(rendering::keep);
        dataBefore.forEach(rendering::left);
        return rendering.build();
    }

    /** How it is brought to disk. */
    RenderOptions options(Resolution way) {
        SecretKeeper keeper = context.stacks().secretKeeper();
        List<Path> secrets = context.layout().secrets(sources.manifest().secretsBackend(), keeper).stream()
                .toList();
        return RenderOptions.defaults().with(way).withSecrets(keeper, secrets);
    }

    private static RenderLayer layer(String name, Template layer, String folder) {
        String answers = layer.metadata().format().answersFile();
        return folder.isEmpty()
                ? new RenderLayer(name, layer.ref(), ".", answers)
                : new RenderLayer(name, layer.ref(), folder, folder + "/" + answers);
    }

    /** Where a stack template puts its manifest: an input may name a folder for it. */
    private String innerManifest(String folder, String root) {
        Path place = Confinement.below(path.resolve(folder), root);
        return path.relativize(place.resolve("angee.yaml")).toString();
    }

    /** A rendered file inside a worktree would show up there as an uncommitted change, and one behind a link is another's. */
    static void requireApart(Path workspace, Map<String, Path> slots, Rendering rendering) {
        slots.forEach((slot, place) -> {
            for (String path : rendering.places()) {
                if (workspace.resolve(path).normalize().startsWith(place)) {
                    throw new ConflictException(
                            "file",
                            path,
                            "the template renders it into the worktree of slot '" + slot + "'; render it elsewhere");
                }
            }
        });
    }

    /** What chained templates are rendered with; all of it once its files are rendered. */
    List<ChainedAnswers> chained() {
        return inputs.chainedValues();
    }

    /**
     * Where the inner stack lies: below the workspace, where a chained template is rendered, and apart from every slot, so
     * that nobody who works in a slot writes the manifest that the host runs.
     */
    Optional<String> chainRoot(Map<String, Path> slots, Map<String, Integer> ports) {
        Optional<String> written = template.metadata().chainRoot();
        if (template.metadata().chain().isEmpty() || written.isEmpty()) {
            return Optional.empty();
        }
        Path root = Confinement.below(path, written.get());
        String relative = path.relativize(root).toString();
        Scope scope = scope(ports);
        if (template.metadata().chain().stream()
                .noneMatch(entry -> chainFolder(entry, scope).equals(relative))) {
            throw new InvalidInputException(
                    "template", "'" + template.ref() + "': no chain entry is rendered at chain_root");
        }
        slots.forEach((slot, place) -> {
            if (root.equals(path) || place.startsWith(root) || root.startsWith(place)) {
                throw new InvalidInputException(
                        "template",
                        "'" + template.ref() + "': chain_root and slot '" + slot
                                + "' overlap; give each a folder of its own");
            }
        });
        return Optional.of(relative);
    }

    private String chainFolder(ChainEntry entry, Scope scope) {
        String folder = entry.root()
                .map(root -> Written.evaluate(template, root, scope))
                .or(() -> template.metadata().chainRoot())
                .orElseThrow(() -> new InvalidInputException(
                        "template", "'" + template.ref() + "' says neither 'root' nor 'chain_root' for its chain"));
        return path.relativize(Confinement.below(path, folder)).toString();
    }

    private Scope scope(Map<String, Integer> ports) {
        Scope scope =
                Written.inputs(Scope.of(Map.of("name", name, "workspace.path", path.toString())), inputs.values());
        for (Map.Entry<String, Integer> port : ports.entrySet()) {
            scope = scope.with("alloc." + port.getKey(), port.getValue().toString());
        }
        return scope;
    }
}
