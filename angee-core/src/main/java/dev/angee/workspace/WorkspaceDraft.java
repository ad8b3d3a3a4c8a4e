package dev.angee.workspace;

import dev.angee.AngeeException;
import dev.angee.ConflictException;
import dev.angee.InvalidInputException;
import dev.angee.expression.Expression;
import dev.angee.expression.ExpressionException;
import dev.angee.expression.Scope;
import dev.angee.manifest.Manifest;
import dev.angee.manifest.PoolSpec;
import dev.angee.manifest.SourceKind;
import dev.angee.manifest.SourceSpec;
import dev.angee.manifest.WorkspaceSpec;
import dev.angee.mount.Confinement;
import dev.angee.port.PortPool;
import dev.angee.source.BranchName;
import dev.angee.source.GitUrl;
import dev.angee.source.Worktree;
import dev.angee.template.ChainEntry;
import dev.angee.template.SlotTemplate;
import dev.angee.template.Template;
import dev.angee.template.TemplateFile;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** A workspace as it is to be: every check that needs no change to disk is made here, before there is one. */
final class WorkspaceDraft {
    private final WorkspaceContext context;
    private final Manifest manifest;
    private final String name;
    private final Template template;
    private final Map<String, String> inputs;
    private final Path path;

    WorkspaceDraft(WorkspaceContext context, Manifest manifest, WorkspaceRequest request) {
        this.context = context;
        this.manifest = manifest;
        this.name = request.name();
        Optional<WorkspaceSpec> declared =
                Optional.ofNullable(manifest.workspaces().get(name));
        String ref = request.template()
                .or(() -> declared.map(WorkspaceSpec::template))
                .orElseThrow(() -> new InvalidInputException(
                        "template",
                        "say which template to make '" + name + "' from; templates: "
                                + String.join(", ", context.catalog().list())));
        this.template = context.catalog().find(ref, "workspace");
        Map<String, String> given =
                new LinkedHashMap<>(declared.map(WorkspaceSpec::inputs).orElse(Map.of()));
        given.putAll(request.inputs());
        this.inputs = context.engine().inputs(template, given);
        this.path = context.layout().workspace(name);
        pools();
        sources();
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
        return inputs;
    }

    /** The pools a port is leased from; what the template makes sure of must agree with the manifest. */
    List<PortPool> pools() {
        List<PortPool> pools = new ArrayList<>();
        for (String wanted : template.metadata().wantedPools()) {
            Optional<PortPool> declared =
                    Optional.ofNullable(manifest.pools().get(wanted)).map(WorkspaceDraft::pool);
            Optional<PortPool> ensured =
                    Optional.ofNullable(template.metadata().pools().get(wanted));
            PortPool pool = declared.or(() -> ensured)
                    .orElseThrow(() -> new InvalidInputException(
                            "template",
                            "'" + template.ref() + "' asks for a port of pool '" + wanted
                                    + "'; declare operator.port_pool." + wanted + ".range in " + manifest.file()));
            if (ensured.filter(other -> !other.equals(pool)).isPresent()) {
                throw new ConflictException(
                        "port_pool",
                        wanted,
                        manifest.file() + " says " + pool + ", template '" + template.ref() + "' needs "
                                + ensured.get());
            }
            pools.add(pool);
        }
        return pools;
    }

    private static PortPool pool(PoolSpec spec) {
        return new PortPool(spec.name(), spec.first(), spec.last());
    }

    /** The git sources its slots are cut from, each with its URL. */
    Map<SourceSpec, GitUrl> sources() {
        Map<SourceSpec, GitUrl> sources = new LinkedHashMap<>();
        Scope scope = scope(Map.of());
        for (SlotTemplate slot : template.metadata().slots().values()) {
            SourceSpec source = source(slot, scope);
            sources.put(source, GitUrl.of(source.repo().orElseThrow()));
        }
        return sources;
    }

    /** Its slots, once the ports are known and the caches are there to be asked for their default branch. */
    List<Slot> slots(Map<String, Integer> ports) {
        Scope scope = scope(ports);
        List<Slot> slots = new ArrayList<>();
        for (SlotTemplate written : template.metadata().slots().values()) {
            SourceSpec source = source(written, scope);
            Path cache = context.layout().source(source);
            BranchName base = evaluate(written.ref(), scope)
                    .or(source::defaultRef)
                    .map(BranchName::of)
                    .orElseGet(() -> context.sourceControl().history(cache).defaultBranch());
            BranchName branch = BranchName.of(evaluate(written.branch(), scope).orElse("workspace/" + name));
            String subpath = evaluate(written.subpath(), scope).orElse(written.slot());
            Path place = Confinement.below(path, subpath);
            if (place.equals(path)) {
                throw new InvalidInputException("subpath", "slot '" + written.slot() + "' needs a folder of its own");
            }
            slots.add(new Slot(written.slot(), source.name(), branch, base, new Worktree(cache, place)));
        }
        return slots;
    }

    /** Every file it is rendered to, by its path in the workspace; a chained stack comes after what it stands in. */
    Map<String, TemplateFile> render(Map<String, Integer> ports) {
        Map<String, TemplateFile> files = new TreeMap<>();
        Map<String, String> own = new TreeMap<>(inputs);
        own.put("workspace_name", name);
        ports.forEach((pool, port) -> own.put("alloc_" + pool, port.toString()));
        add(files, "", template, own);
        Scope scope = scope(ports);
        for (ChainEntry entry : template.metadata().chain()) {
            Template chained = context.catalog().find(evaluate(entry.template(), scope), "stack");
            Map<String, String> given = new TreeMap<>(inputs);
            entry.inputs().forEach((key, value) -> given.put(key, evaluate(value, scope)));
            add(files, chainFolder(entry, scope), chained, context.engine().inputs(chained, given));
        }
        return files;
    }

    /**
     * Where the inner stack lies: below the workspace, where a chained template is rendered, and apart from every slot, so
     * that nobody who works in a slot writes the manifest that the host runs.
     */
    Optional<String> chainRoot(List<Slot> slots, Map<String, Integer> ports) {
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
        for (Slot slot : slots) {
            Path place = slot.worktree().path();
            if (root.equals(path) || place.startsWith(root) || root.startsWith(place)) {
                throw new InvalidInputException(
                        "template",
                        "'" + template.ref() + "': chain_root and slot '" + slot.name()
                                + "' overlap; give each a folder of its own");
            }
        }
        return Optional.of(relative);
    }

    private void add(Map<String, TemplateFile> files, String folder, Template layer, Map<String, String> values) {
        for (TemplateFile file : context.engine().render(layer, values)) {
            String place = folder.isEmpty() ? file.path() : folder + "/" + file.path();
            files.put(place, new TemplateFile(place, file.content(), file.executable(), file.link()));
        }
    }

    private String chainFolder(ChainEntry entry, Scope scope) {
        String folder = entry.root()
                .map(root -> evaluate(root, scope))
                .or(() -> template.metadata().chainRoot())
                .orElseThrow(() -> new InvalidInputException(
                        "template", "'" + template.ref() + "' says neither 'root' nor 'chain_root' for its chain"));
        return path.relativize(Confinement.below(path, folder)).toString();
    }

    private SourceSpec source(SlotTemplate slot, Scope scope) {
        String wanted = evaluate(slot.source(), scope).orElse(slot.slot());
        SourceSpec source = manifest.sources().get(wanted);
        if (source == null) {
            throw new InvalidInputException(
                    "source",
                    "slot '" + slot.slot() + "' of template '" + template.ref()
                            + "' needs source '" + wanted + "'; declare it in " + manifest.file() + " (declared: "
                            + String.join(", ", manifest.sources().keySet()) + ")");
        }
        if (source.kind() != SourceKind.GIT) {
            throw new InvalidInputException(
                    "source", "slot '" + slot.slot() + "' needs a git source; '" + wanted + "' is a local folder");
        }
        return source;
    }

    private Scope scope(Map<String, Integer> ports) {
        Scope scope = Scope.of(Map.of("name", name, "workspace.path", path.toString()));
        for (Map.Entry<String, String> input : inputs.entrySet()) {
            scope = scope.with("inputs." + input.getKey(), input.getValue());
        }
        for (Map.Entry<String, Integer> port : ports.entrySet()) {
            scope = scope.with("alloc." + port.getKey(), port.getValue().toString());
        }
        return scope;
    }

    private Optional<String> evaluate(Optional<Expression> written, Scope scope) {
        return written.map(expression -> evaluate(expression, scope)).filter(text -> !text.isBlank());
    }

    private String evaluate(Expression written, Scope scope) {
        try {
            return written.evaluate(scope);
        } catch (ExpressionException e) {
            throw new AngeeException(
                    e.code(),
                    "template '" + template.ref() + "': '" + written + "', character " + (e.offset() + 1) + ": "
                            + e.getMessage(),
                    e);
        }
    }
}
