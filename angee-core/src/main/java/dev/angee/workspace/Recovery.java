package dev.angee.workspace;

import java.util.ArrayList;
import java.util.List;

/**
 * What became of work that a JVM had left half done when it died.
 *
 * @param undone the workspaces that were taken back, having been half made; of services, {@code service <name>}
 * @param settled what became of updates that were half made, a sentence each
 * @param failed what could not be taken back, or where somebody has worked in meanwhile, each with the reason; it is tried again
 *     at the next open
 */
public record Recovery(List<String> undone, List<String> settled, List<String> failed) {
    /** Copies the lists. */
    public Recovery {
        undone = List.copyOf(undone);
        settled = List.copyOf(settled);
        failed = List.copyOf(failed);
    }

    /** Both together. */
    public Recovery and(Recovery other) {
        return new Recovery(joined(undone, other.undone), joined(settled, other.settled), joined(failed, other.failed));
    }

    private static List<String> joined(List<String> one, List<String> other) {
        List<String> all = new ArrayList<>(one);
        all.addAll(other);
        return all;
    }
}
