package dev.angee.manifest;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A workspace that is declared, whether or not it has been made on this machine.
 *
 * @param name its name
 * @param template the template it is made from
 * @param inputs what the template is given
 * @param slots the sources it holds, by slot, as the Go operator has recorded them
 * @param made what the Go operator has recorded when it made the workspace
 * @param ttl how long it is to live
 * @param expiresAt when it expires, as the Go operator has recorded it
 */
public record WorkspaceSpec(
        String name,
        String template,
        Map<String, String> inputs,
        Map<String, Slot> slots,
        Optional<Made> made,
        Optional<Duration> ttl,
        Optional<Instant> expiresAt) {
    /** Copies the maps. */
    public WorkspaceSpec {
        inputs = Ordered.copy(inputs);
        slots = Ordered.copy(slots);
    }

    /**
     * One source in a workspace.
     *
     * @param source the source that fills the slot
     * @param mode how; {@code worktree} if absent
     * @param branch the branch it is on
     * @param ref what the branch was cut from
     * @param subpath where in the workspace it lies; the slot's name if absent
     */
    public record Slot(
            String source,
            Optional<String> mode,
            Optional<String> branch,
            Optional<String> ref,
            Optional<String> subpath) {}

    /**
     * What the Go operator has recorded of a workspace that it made.
     *
     * @param chain the templates it was rendered from
     * @param chainRoot where its inner stack lies, relative to its folder
     * @param allocations the ports it has leased, by pool
     * @param persistPaths the folders that outlive it, by name: their subpaths
     */
    public record Made(
            List<String> chain,
            Optional<String> chainRoot,
            Map<String, Integer> allocations,
            Map<String, String> persistPaths) {
        /** Copies the collections. */
        public Made {
            chain = List.copyOf(chain);
            allocations = Ordered.copy(allocations);
            persistPaths = Ordered.copy(persistPaths);
        }
    }
}
