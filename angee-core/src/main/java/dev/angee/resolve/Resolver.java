package dev.angee.resolve;

import dev.angee.AngeeException;
import dev.angee.document.InvalidDocumentException;
import dev.angee.document.Place;
import dev.angee.document.Problem;
import dev.angee.expression.ExpressionException;
import dev.angee.expression.Scope;
import dev.angee.manifest.Manifest;
import dev.angee.manifest.MountSpec;
import dev.angee.manifest.WorkloadSpec;
import dev.angee.mount.Mount;
import dev.angee.mount.MountResolver;
import dev.angee.mount.ResolvedMount;
import dev.angee.secret.SecretName;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** Looks up everything a manifest names. Reads the file system (to confine mounts), writes nothing. Thread-safe. */
public final class Resolver {

    /** A resolver; it has no state. */
    public Resolver() {}

    /**
     * Looks up what a manifest names.
     *
     * @throws InvalidDocumentException with every mount and working directory that cannot be resolved
     */
    public Bindings resolve(Manifest manifest, StackLayout layout, Surroundings surroundings) {
        Map<String, Path> sources = new TreeMap<>();
        manifest.sources().forEach((name, source) -> sources.put(name, layout.source(source)));
        Map<String, Path> workspaces = new TreeMap<>();
        manifest.workspaces().keySet().forEach(name -> workspaces.put(name, layout.workspace(name)));
        Names names = new Names(manifest, surroundings);
        names.places("source.", "sources.", sources);
        names.places("workspace.", "workspaces.", workspaces);
        Scope scope = names.scope();
        MountResolver resolver = new MountResolver(
                layout.root(), sources, workspaces, manifest.volumes().keySet());
        Mounts mounts = new Mounts(manifest, scope, resolver);
        manifest.services().values().forEach(mounts::add);
        manifest.jobs().values().forEach(mounts::add);
        if (!mounts.problems.isEmpty()) {
            throw new InvalidDocumentException(mounts.problems);
        }
        return new Bindings(layout.root(), scope, mounts.mounts, mounts.workdirs, Map.of(), names.origins);
    }

    /** What expressions can name, and where each value comes from. */
    private static final class Names {
        private final Manifest manifest;
        private final Surroundings surroundings;
        private final Map<String, String> values = new TreeMap<>();
        private final Map<String, String> origins = new HashMap<>();

        Names(Manifest manifest, Surroundings surroundings) {
            this.manifest = manifest;
            this.surroundings = surroundings;
        }

        void places(String namespace, String section, Map<String, Path> folders) {
            folders.forEach((name, path) -> {
                put(namespace + name, path.toString(), written(section + name));
                put(namespace + name + ".path", path.toString(), written(section + name));
            });
        }

        Scope scope() {
            manifest.ports()
                    .forEach(
                            (name, port) -> put("ports." + name, port.toString(), written("ports." + name + ".value")));
            surroundings
                    .allocations()
                    .forEach((pool, port) ->
                            put("alloc." + pool, port.toString(), "a port leased from pool '" + pool + "'"));
            put("operator.url", manifest.operator().url().orElse(""), written("operator.url"));
            put("operator.domain", manifest.operator().domain().orElse(""), written("operator.domain"));
            for (String input : wantedInputs()) {
                String given = surroundings.inputs().get(input);
                put("inputs." + input, given == null ? "${inputs." + input + "}" : given, "an input of the run");
            }
            Set<SecretName> secrets = new TreeSet<>();
            manifest.secrets().keySet().forEach(name -> {
                secrets.add(new SecretName(name));
                origins.put("secret." + name, written("secrets." + name));
            });
            return Scope.of(values).withSecrets(secrets);
        }

        private Set<String> wantedInputs() {
            Set<String> inputs = new TreeSet<>(surroundings.inputs().keySet());
            manifest.jobs().values().forEach(job -> inputs.addAll(job.inputs()));
            return inputs;
        }

        private void put(String path, String value, String origin) {
            values.put(path, value);
            origins.put(path, origin);
        }

        private String written(String path) {
            Place place = manifest.place(path);
            return manifest.file() + ":" + place.line() + ":" + place.column();
        }
    }

    /** Collects the mounts of one manifest, and what is wrong with them. */
    private static final class Mounts {
        private final Manifest manifest;
        private final Scope scope;
        private final MountResolver resolver;
        private final Map<String, ResolvedMount> mounts = new HashMap<>();
        private final Map<String, ResolvedMount> workdirs = new HashMap<>();
        private final List<Problem> problems = new ArrayList<>();

        Mounts(Manifest manifest, Scope scope, MountResolver resolver) {
            this.manifest = manifest;
            this.scope = scope;
            this.resolver = resolver;
        }

        void add(WorkloadSpec spec) {
            Scope own = scope.with("name", spec.name());
            for (int i = 0; i < spec.mounts().size(); i++) {
                MountSpec written = spec.mounts().get(i);
                put(mounts, spec.path() + ".mounts[" + i + "]", () -> mount(written, own));
            }
            spec.workdir()
                    .filter(workdir -> Mount.isUri(workdir.text()))
                    .ifPresent(workdir ->
                            put(workdirs, spec.path() + ".workdir", () -> Mount.parseWorkdir(workdir.evaluate(own))));
        }

        private static Mount mount(MountSpec written, Scope scope) {
            if (written instanceof MountSpec.Fields fields) {
                return new Mount(
                        fields.type().equals("bind") ? Mount.Scheme.BIND : Mount.Scheme.VOLUME,
                        fields.source().evaluate(scope),
                        "",
                        fields.target().evaluate(scope),
                        fields.readOnly());
            }
            return Mount.parse(((MountSpec.Line) written).text().evaluate(scope));
        }

        private void put(Map<String, ResolvedMount> into, String path, java.util.function.Supplier<Mount> parser) {
            try {
                into.put(path, resolver.resolve(parser.get()));
            } catch (ExpressionException e) {
                problems.add(manifest.problemAt(path, e.offset(), String.valueOf(e.getMessage())));
            } catch (AngeeException e) {
                problems.add(manifest.problemAt(path, String.valueOf(e.getMessage())));
            }
        }
    }
}
