package dev.angee.render;

import dev.angee.manifest.MergeOptions;

/**
 * How a rendering is brought to disk.
 *
 * @param onConflict what becomes of what both sides have changed
 * @param ports whose port numbers count in manifests
 */
public record RenderOptions(OnConflict onConflict, MergeOptions.Side ports) {
    /** Conflicts are refused; port numbers on disk stay. */
    public static RenderOptions defaults() {
        return new RenderOptions(OnConflict.REFUSE, MergeOptions.Side.OURS);
    }

    /** These options, with another way with conflicts. */
    public RenderOptions with(OnConflict way) {
        return new RenderOptions(way, ports);
    }

    /** These options, with other port numbers. */
    public RenderOptions withPorts(MergeOptions.Side side) {
        return new RenderOptions(onConflict, side);
    }

    MergeOptions merge() {
        MergeOptions.Side winner =
                onConflict == OnConflict.OVERWRITE ? MergeOptions.Side.THEIRS : MergeOptions.Side.OURS;
        return MergeOptions.defaults().withOnConflict(winner).withPorts(ports);
    }
}
