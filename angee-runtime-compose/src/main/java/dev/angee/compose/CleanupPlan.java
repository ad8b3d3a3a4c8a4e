package dev.angee.compose;

import java.util.List;

/**
 * What a cleanup would remove: a value to be looked at, and then given to {@link ComposeProjects#remove}. Whatever is not
 * in it is not removed.
 *
 * @param removals what would be removed, by project, in name order
 */
public record CleanupPlan(List<Removal> removals) {
    /** Copies the list. */
    public CleanupPlan {
        removals = List.copyOf(removals);
    }

    /** Whether there is nothing to remove. */
    public boolean isEmpty() {
        return removals.isEmpty();
    }

    /**
     * What would be removed of one project.
     *
     * @param project its name
     * @param root the root that has forgotten it
     * @param reason how that is known
     * @param running how many of its containers run, or are paused: none, unless it was named
     * @param containers its containers, running or not
     * @param networks its networks
     * @param volumes its named volumes that would be removed, with what is in them
     * @param keptVolumes its named volumes that would stay
     */
    public record Removal(
            String project,
            String root,
            String reason,
            int running,
            List<Item> containers,
            List<Item> networks,
            List<Item> volumes,
            List<Item> keptVolumes) {

        /** Copies the lists. */
        public Removal {
            containers = List.copyOf(containers);
            networks = List.copyOf(networks);
            volumes = List.copyOf(volumes);
            keptVolumes = List.copyOf(keptVolumes);
        }
    }

    /**
     * Something that the engine keeps.
     *
     * @param id the engine's name for it
     * @param name its name for people
     */
    public record Item(String id, String name) {}
}
