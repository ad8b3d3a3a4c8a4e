package dev.angee.gitops;

import dev.angee.source.SlotState;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Every slot of every workspace of an instance, and how it stands, as of the last fetch.
 *
 * @param workspaces the workspaces that were made, also those without slots, in name order
 * @param links in the order of workspaces and slots
 * @param sources the sources that are declared, in name order
 * @param problems what could not be read at all: a workspace's record, the manifest; for people
 */
public record Topology(List<String> workspaces, List<Link> links, List<SourceState> sources, List<String> problems) {
    /** Copies the lists. */
    public Topology {
        workspaces = List.copyOf(workspaces);
        links = List.copyOf(links);
        sources = List.copyOf(sources);
        problems = List.copyOf(problems);
    }

    /** The link of a workspace's slot. */
    public Optional<Link> link(String workspace, String slot) {
        return links.stream()
                .filter(l -> l.workspace().equals(workspace) && l.slot().equals(slot))
                .findFirst();
    }

    /** How a source stands. */
    public Optional<SourceState> source(String name) {
        return sources.stream().filter(source -> source.name().equals(name)).findFirst();
    }

    /** It in numbers. */
    public Summary summary() {
        Map<SlotState, Integer> states = new EnumMap<>(SlotState.class);
        for (SlotState state : SlotState.values()) {
            states.put(state, 0);
        }
        links.forEach(link -> states.merge(link.state(), 1, Integer::sum));
        sources.forEach(source -> states.merge(source.state().asSlotState(), 1, Integer::sum));
        long unpushed = links.stream().filter(Link::holdsUnpushed).count();
        return new Summary(sources.size(), workspaces.size(), links.size(), states, Math.toIntExact(unpushed));
    }

    /**
     * A topology in numbers.
     *
     * @param sources how many sources are declared
     * @param workspaces how many workspaces were made
     * @param worktrees how many slots they have, also where the folder is missing
     * @param states how many slots and sources are in each state; a source that is ready counts as clean
     * @param unpushed how many slots hold something that the remote does not have
     */
    public record Summary(int sources, int workspaces, int worktrees, Map<SlotState, Integer> states, int unpushed) {
        /** Copies the map, in the order of the states. */
        public Summary {
            states = Collections.unmodifiableMap(new EnumMap<>(states));
        }
    }
}
