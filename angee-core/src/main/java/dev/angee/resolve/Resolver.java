package dev.angee.resolve;

import dev.angee.AngeeException;
import dev.angee.document.InvalidDocumentException;
import dev.angee.document.Problem;
import dev.angee.manifest.Manifest;
import dev.angee.manifest.PersistSpec;
import dev.angee.manifest.VolumeSpec;
import dev.angee.mount.MisplacedData;
import dev.angee.mount.MountResolver;
import dev.angee.mount.PersistAnchor;
import dev.angee.secret.SecretName;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Looks up everything a manifest names. Reads the file system (to confine mounts, to find data and the variables of env
 * files), writes nothing. Thread-safe.
 */
public final class Resolver {

    /** A resolver; it has no state. */
    public Resolver() {}

    /**
     * Looks up what a manifest names.
     *
     * @throws InvalidDocumentException with every mount, working directory, persist entry and env file that cannot be
     *     resolved
     */
    public Bindings resolve(Manifest manifest, StackLayout layout, Surroundings surroundings) {
        List<Problem> problems = new ArrayList<>();
        Map<String, Path> sources = new TreeMap<>();
        manifest.sources().forEach((name, source) -> sources.put(name, layout.source(source)));
        Map<String, Path> workspaces = new TreeMap<>();
        manifest.workspaces().keySet().forEach(name -> workspaces.put(name, layout.workspace(name)));
        Map<String, Path> persist = persist(manifest, layout, problems);
        NameTable names = new NameTable(manifest, surroundings);
        names.folders("source.", "sources.", sources);
        names.folders("workspace.", "workspaces.", workspaces);
        persist.forEach((name, folder) -> names.put("persist." + name, folder.toString(), "persist." + name));
        MountResolver resolver = MountResolver.builder(layout.root())
                .sources(sources)
                .workspaces(workspaces)
                .volumes(volumes(manifest, layout))
                .persist(persist)
                .secrets(layout.secrets(manifest.secretsBackend()).stream().toList())
                .build();
        MountTable mounts = new MountTable(
                manifest, names.scope(), resolver, surroundings.inputs().keySet(), problems);
        manifest.services().values().forEach(mounts::add);
        manifest.jobs().values().forEach(mounts::add);
        Map<String, Map<String, SecretName>> envFiles =
                new EnvFiles(manifest, layout, surroundings.secretStore()).names(problems);
        if (!problems.isEmpty()) {
            throw new InvalidDocumentException(problems);
        }
        return new Bindings(
                layout.root(),
                names.scope(),
                mounts.mounts(),
                mounts.workdirs(),
                envFiles,
                names.origins(),
                surroundings.hostPaths());
    }

    private static Map<String, Path> volumes(Manifest manifest, StackLayout layout) {
        Map<String, Path> folders = new TreeMap<>();
        for (VolumeSpec volume : manifest.volumes().values()) {
            folders.put(volume.name(), layout.volume(volume));
        }
        return folders;
    }

    private static Map<String, Path> persist(Manifest manifest, StackLayout layout, List<Problem> problems) {
        Map<String, Path> folders = new TreeMap<>();
        try {
            PersistAnchor anchor = layout.persistAnchor(manifest.persist());
            Map<String, String> subpaths = new LinkedHashMap<>();
            for (PersistSpec.Entry entry : manifest.persist().entries().values()) {
                try {
                    anchor.folder(entry.name(), entry.subpath()).ifPresent(folder -> {
                        folders.put(entry.name(), folder);
                        subpaths.put(entry.name(), entry.subpath());
                    });
                } catch (AngeeException e) {
                    problems.add(
                            manifest.problemAt("persist." + entry.name() + ".subpath", String.valueOf(e.getMessage())));
                }
            }
            for (MisplacedData data : anchor.misplaced(subpaths)) {
                problems.add(manifest.problemAt("persist." + data.name(), data.reason()));
            }
        } catch (AngeeException e) {
            problems.add(manifest.problemAt("persist.anchor", String.valueOf(e.getMessage())));
        }
        return folders;
    }
}
