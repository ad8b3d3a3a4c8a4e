package dev.angee.manifest;

import dev.angee.document.YamlLimits;

/**
 * How manifests are merged.
 *
 * @param onConflict whose value stays where both sides changed the same thing
 * @param ports whose port numbers count
 * @param limits how large a manifest may be
 * @param names what to call the texts in problems
 */
public record MergeOptions(Side onConflict, Side ports, YamlLimits limits, Names names) {
    /** Ours stay, in conflicts and in port numbers; the standard limits. */
    public static MergeOptions defaults() {
        return new MergeOptions(Side.OURS, Side.OURS, YamlLimits.standard(), new Names("base", "ours", "theirs"));
    }

    /** These options, with another winner of conflicts. */
    public MergeOptions withOnConflict(Side side) {
        return new MergeOptions(side, ports, limits, names);
    }

    /**
     * These options, with other port numbers: {@link Side#THEIRS} where somebody else hands them out, as a stack does for
     * the stacks of its workspaces.
     */
    public MergeOptions withPorts(Side side) {
        return new MergeOptions(onConflict, side, limits, names);
    }

    /** These options, with these names of the texts. */
    public MergeOptions named(Names texts) {
        return new MergeOptions(onConflict, ports, limits, texts);
    }

    /** A side of a merge. */
    public enum Side {
        /** What is on disk. */
        OURS,
        /** What was newly rendered. */
        THEIRS
    }

    /**
     * What the texts are called, so that whoever reads of a problem in one finds it.
     *
     * @param base what was rendered the last time
     * @param ours the file on disk
     * @param theirs the template's file
     */
    public record Names(String base, String ours, String theirs) {
        /**
         * The names of a file and of what a template renders of it.
         *
         * @param ours the file on disk
         * @param theirs the template's file
         */
        public static Names of(String ours, String theirs) {
            return new Names(theirs + ", as it was rendered the last time", ours, theirs);
        }
    }
}
