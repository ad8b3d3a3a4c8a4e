package dev.angee.mount;

import dev.angee.AngeeException;
import dev.angee.InvalidInputException;
import dev.angee.RuntimeKind;
import dev.angee.mount.Mount.Scheme;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Finds the host path a mount stands for, and keeps it below what it names. Looks at the file system, and changes nothing;
 * thread-safe. What expressions such as <code>${source.app.path}</code> stand for comes from {@link #folder}, so that
 * they and mounts never differ.
 *
 * <p>The folders of sources, volumes and binds may lie anywhere, as whoever wrote the manifest said; but no path passes
 * through a symbolic link inside a source or workspace, because whoever works there could turn it to anywhere. The limits
 * of that are those of {@link Confinement}.
 *
 * <pre>{@code
 * MountResolver resolver = MountResolver.builder(root).sources(Map.of("app", app)).build();
 * resolver.resolve(Mount.parse("source://app/pkg:/src"), RuntimeKind.CONTAINER).hostPath(); // app/pkg
 * }</pre>
 */
public final class MountResolver {
    private final Path root;
    private final Map<Scheme, Map<String, Path>> folders;
    private final List<Path> writable = new ArrayList<>();
    private final Withheld withheld;

    private MountResolver(Builder builder) {
        this.root = builder.root;
        this.folders = builder.folders;
        this.writable.addAll(of(Scheme.SOURCE).values());
        this.writable.addAll(of(Scheme.WORKSPACE).values());
        this.withheld = new Withheld(builder.root, builder.secrets);
    }

    /**
     * A builder of resolvers for one stack.
     *
     * @param root the absolute root
     */
    public static Builder builder(Path root) {
        return new Builder(root);
    }

    /**
     * The place of a mount or working directory, as the runtime sees it: a volume is a folder for a local process, and
     * for a container a name that the engine knows, without a path here.
     *
     * @throws AngeeException {@code INVALID} if what it names is not declared, if it would lead out of it or through a link
     *     that others can turn, or if it is something of the host that no mount shows: {@code /}, {@code /proc},
     *     {@code /sys}, {@code /dev}, the socket of an engine, the root's {@code run/} and {@code .env};
     *     {@code UNAVAILABLE} if a folder on the way may not be looked at
     */
    public ResolvedMount resolve(Mount mount, RuntimeKind runtime) {
        if (mount.scheme() == Scheme.VOLUME && runtime == RuntimeKind.CONTAINER) {
            return engineVolume(mount);
        }
        Path path = mount.scheme() == Scheme.BIND
                ? straight(mount, root.resolve(Confinement.path(mount.name())).normalize())
                : below(mount);
        Optional<String> reason = mount.isWorkdir() ? Optional.empty() : withheld.reason(path);
        if (reason.isPresent()) {
            throw new InvalidInputException("mount", "'" + mount + "' cannot be mounted: " + reason.get());
        }
        return new ResolvedMount(mount, Optional.of(path));
    }

    /** A mounted folder is looked up again whenever its container starts, so no link on the way may be turned. */
    private Path below(Mount mount) {
        Path path = Confinement.below(straight(mount, declared(mount)), mount.subpath());
        return mount.isWorkdir() ? path : straight(mount, path);
    }

    /**
     * The folder of a declared name; of a volume, the one that local processes use.
     *
     * @param scheme what it names; a bind names nothing
     * @param name its name
     * @return the absolute folder, as it was given; empty if it is not declared
     */
    public Optional<Path> folder(Scheme scheme, String name) {
        return Optional.ofNullable(of(scheme).get(name));
    }

    private ResolvedMount engineVolume(Mount mount) {
        declared(mount);
        if (!mount.isWorkdir() && !mount.subpath().isEmpty()) {
            throw new InvalidInputException(
                    "mount",
                    "'" + mount + "': a container mounts a volume as a whole; remove '/" + mount.subpath() + "'");
        }
        return new ResolvedMount(mount, Optional.empty());
    }

    private Path declared(Mount mount) {
        Map<String, Path> known = of(mount.scheme());
        Path folder = known.get(mount.name());
        if (folder == null) {
            throw new InvalidInputException(
                    "mount",
                    mount.scheme().id() + " '" + mount.name() + "' is not declared (declared: "
                            + (known.isEmpty() ? "none" : String.join(", ", known.keySet())) + ")");
        }
        return folder;
    }

    /** Refuses a path that somebody other than the manifest's author can turn. */
    private Path straight(Mount mount, Path path) {
        Optional<Path> link = Confinement.linkWithin(path, writable);
        if (link.isPresent()) {
            throw new InvalidInputException(
                    "mount",
                    "'" + mount + "' stands for " + path + ", which goes through the symbolic link " + link.get()
                            + ", and whoever works there can turn that to anywhere; name the place it leads to");
        }
        return path;
    }

    private Map<String, Path> of(Scheme scheme) {
        return folders.getOrDefault(scheme, Map.of());
    }

    /** Gathers what a stack declares. Not thread-safe. */
    public static final class Builder {
        private final Path root;
        private final Map<Scheme, Map<String, Path>> folders = new EnumMap<>(Scheme.class);
        private final List<Path> secrets = new ArrayList<>();

        private Builder(Path root) {
            this.root = absolute(root);
        }

        /** The folder of each source: of a local one its own, of another its cache. */
        public Builder sources(Map<String, Path> byName) {
            return put(Scheme.SOURCE, byName);
        }

        /** The folder of each workspace. */
        public Builder workspaces(Map<String, Path> byName) {
            return put(Scheme.WORKSPACE, byName);
        }

        /** The folder that local processes use for each volume. */
        public Builder volumes(Map<String, Path> byName) {
            return put(Scheme.VOLUME, byName);
        }

        /** The folder of each persist entry; see {@link PersistAnchor}. */
        public Builder persist(Map<String, Path> byName) {
            return put(Scheme.PERSIST, byName);
        }

        /** Files with secrets, besides the root's {@code .env}: no mount shows them. */
        public Builder secrets(List<Path> files) {
            files.forEach(file -> secrets.add(absolute(file)));
            return this;
        }

        /** A resolver for what was gathered. */
        public MountResolver build() {
            return new MountResolver(this);
        }

        private Builder put(Scheme scheme, Map<String, Path> byName) {
            Map<String, Path> checked = new TreeMap<>();
            byName.forEach((name, folder) -> {
                if (!Pieces.isName(name)) {
                    throw new InvalidInputException(scheme.id(), Pieces.notAName(scheme.id(), name));
                }
                checked.put(name, absolute(folder));
            });
            folders.put(scheme, Collections.unmodifiableMap(checked));
            return this;
        }

        private static Path absolute(Path path) {
            if (!path.isAbsolute()) {
                throw new IllegalArgumentException("a path is absolute here: " + path);
            }
            return path.normalize();
        }
    }
}
