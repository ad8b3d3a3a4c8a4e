package dev.angee.render;

import dev.angee.manifest.MergeOptions;
import dev.angee.resolve.SecretKeeper;
import java.nio.file.Path;
import java.util.Collection;
import java.util.Set;

/**
 * How a rendering is brought to disk.
 *
 * @param resolution what becomes of what both sides have changed
 * @param ports whose port numbers count in manifests
 * @param keeper who keeps the secrets of the manifests that are rendered
 * @param secrets absolute paths of env files with secrets, besides those that the rendered manifests name
 * @param memory whether the last rendering counts
 */
public record RenderOptions(
        Resolution resolution, MergeOptions.Side ports, SecretKeeper keeper, Set<Path> secrets, Memory memory) {
    /** Copies the set. */
    public RenderOptions {
        secrets = Set.copyOf(secrets);
    }

    /** Conflicts are refused; port numbers on disk stay; secrets are where manifests say. */
    public static RenderOptions defaults() {
        return new RenderOptions(
                Resolution.of(OnConflict.REFUSE), MergeOptions.Side.OURS, SecretKeeper.MANIFEST, Set.of(), Memory.KEPT);
    }

    /** These options, with another way with conflicts. */
    public RenderOptions with(OnConflict way) {
        return with(Resolution.of(way));
    }

    /** These options, with another way with conflicts. */
    public RenderOptions with(Resolution way) {
        return new RenderOptions(way, ports, keeper, secrets, memory);
    }

    /** These options, with other port numbers. */
    public RenderOptions withPorts(MergeOptions.Side side) {
        return new RenderOptions(resolution, side, keeper, secrets, memory);
    }

    /**
     * These options, where somebody keeps secrets.
     *
     * @param who keeps those of the manifests that are rendered
     * @param files absolute paths of other env files with secrets: nothing is rendered there either
     */
    public RenderOptions withSecrets(SecretKeeper who, Collection<Path> files) {
        return new RenderOptions(resolution, ports, who, Set.copyOf(files), memory);
    }

    /** These options, for a folder in which something is made anew. */
    public RenderOptions with(Memory kind) {
        return new RenderOptions(resolution, ports, keeper, secrets, kind);
    }

    /** What is known of the last rendering. */
    public enum Memory {
        /** What it was. */
        KEPT,
        /**
         * Only which files were answers files, and which folders held data: what was rendered then, and is not there any more, is
         * rendered again, and what is there is somebody's.
         */
        FORGOTTEN
    }

    MergeOptions merge(OnConflict way) {
        MergeOptions.Side winner = way == OnConflict.OVERWRITE ? MergeOptions.Side.THEIRS : MergeOptions.Side.OURS;
        return MergeOptions.defaults().withOnConflict(winner).withPorts(ports);
    }
}
