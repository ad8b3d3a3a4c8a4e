package dev.angee.resolve;

import dev.angee.AngeeException;
import dev.angee.document.InvalidDocumentException;
import dev.angee.document.Problem;
import dev.angee.expression.Expression;
import dev.angee.expression.Scope;
import dev.angee.manifest.Manifest;
import dev.angee.manifest.WorkloadSpec;
import dev.angee.mount.Mount;
import dev.angee.mount.MountResolver;
import dev.angee.mount.ResolvedMount;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;

/** Looks up everything a manifest names. Reads the file system (to confine mounts), writes nothing. Thread-safe. */
public final class Resolver {

    /** A resolver; it has no state. */
    public Resolver() {}

    /**
     * Looks up what a manifest names.
     *
     * @throws InvalidDocumentException if a mount or working directory cannot be resolved
     */
    public Bindings resolve(Manifest manifest, StackLayout layout) {
        Map<String, Path> sources = new TreeMap<>();
        manifest.sources().forEach((name, source) -> sources.put(name, layout.source(source)));
        Map<String, Path> workspaces = new TreeMap<>();
        manifest.workspaces().keySet().forEach(name -> workspaces.put(name, layout.workspace(name)));
        Scope scope = scope(manifest, sources, workspaces);
        Map<String, Path> volumes = new TreeMap<>();
        manifest.volumes()
                .forEach(name ->
                        volumes.put(name, layout.root().resolve("volumes").resolve(name)));
        MountResolver resolver = MountResolver.builder(layout.root())
                .sources(sources)
                .workspaces(workspaces)
                .volumes(volumes)
                .build();
        Mounts mounts = new Mounts(manifest, scope, resolver);
        manifest.services().values().forEach(mounts::add);
        manifest.jobs().values().forEach(mounts::add);
        if (!mounts.problems.isEmpty()) {
            throw new InvalidDocumentException(mounts.problems);
        }
        return new Bindings(layout.root(), scope, mounts.mounts, mounts.workdirs);
    }

    private static Scope scope(Manifest manifest, Map<String, Path> sources, Map<String, Path> workspaces) {
        Map<String, String> values = new TreeMap<>();
        manifest.ports().forEach((name, port) -> values.put("ports." + name, port.toString()));
        sources.forEach((name, path) -> {
            values.put("source." + name, path.toString());
            values.put("source." + name + ".path", path.toString());
        });
        workspaces.forEach((name, path) -> {
            values.put("workspace." + name, path.toString());
            values.put("workspace." + name + ".path", path.toString());
        });
        return Scope.of(values);
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
                put(
                        mounts,
                        spec,
                        spec.path() + ".mounts[" + i + "]",
                        spec.mounts().get(i),
                        own,
                        Mount::parse);
            }
            spec.workdir()
                    .filter(workdir -> Mount.isUri(workdir.text()))
                    .ifPresent(workdir ->
                            put(workdirs, spec, spec.path() + ".workdir", workdir, own, Mount::parseWorkdir));
        }

        private void put(
                Map<String, ResolvedMount> into,
                WorkloadSpec spec,
                String path,
                Expression written,
                Scope own,
                Function<String, Mount> parser) {
            try {
                into.put(path, resolver.resolve(parser.apply(written.evaluate(own)), spec.runtime()));
            } catch (AngeeException e) {
                problems.add(manifest.problemAt(path, String.valueOf(e.getMessage())));
            }
        }
    }
}
