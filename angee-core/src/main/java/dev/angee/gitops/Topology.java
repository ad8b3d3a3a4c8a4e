package dev.angee.gitops;

import java.util.List;
import java.util.Optional;

/**
 * Every slot of every workspace of an instance, and how it stands, as of the last fetch.
 *
 * @param links in the order of workspaces and slots
 */
public record Topology(List<Link> links) {
    /** Copies the list. */
    public Topology {
        links = List.copyOf(links);
    }

    /** The link of a workspace's slot. */
    public Optional<Link> link(String workspace, String slot) {
        return links.stream()
                .filter(l -> l.workspace().equals(workspace) && l.slot().equals(slot))
                .findFirst();
    }
}
