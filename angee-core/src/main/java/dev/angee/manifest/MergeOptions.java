package dev.angee.manifest;

import dev.angee.document.YamlLimits;

/**
 * How manifests are merged.
 *
 * @param onConflict whose value stays where both sides changed the same thing
 * @param ports whose port numbers count
 * @param limits how large a manifest may be
 */
public record MergeOptions(Side onConflict, Side ports, YamlLimits limits) {
    /** Ours stay, in conflicts and in port numbers; the standard limits. */
    public static MergeOptions defaults() {
        return new MergeOptions(Side.OURS, Side.OURS, YamlLimits.standard());
    }

    /** These options, with another winner of conflicts. */
    public MergeOptions withOnConflict(Side side) {
        return new MergeOptions(side, ports, limits);
    }

    /**
     * These options, with other port numbers: {@link Side#THEIRS} where somebody else hands them out, as a stack does for
     * the stacks of its workspaces.
     */
    public MergeOptions withPorts(Side side) {
        return new MergeOptions(onConflict, side, limits);
    }

    /** A side of a merge. */
    public enum Side {
        /** What is on disk. */
        OURS,
        /** What was newly rendered. */
        THEIRS
    }
}
