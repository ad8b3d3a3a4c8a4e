package dev.angee.workspace;

import java.util.ArrayList;
import java.util.List;

/**
 * What became of work that a JVM had left half done when it died.
 *
 * @param undone the workspaces that were taken back; of services, {@code service <name>}
 * @param failed those that could not be, or that somebody has worked in meanwhile, each with the reason; they are tried again at the next open
 */
public record Recovery(List<String> undone, List<String> failed) {
    /** Copies the lists. */
    public Recovery {
        undone = List.copyOf(undone);
        failed = List.copyOf(failed);
    }

    /** Both together. */
    public Recovery and(Recovery other) {
        List<String> allUndone = new ArrayList<>(undone);
        allUndone.addAll(other.undone);
        List<String> allFailed = new ArrayList<>(failed);
        allFailed.addAll(other.failed);
        return new Recovery(allUndone, allFailed);
    }
}
