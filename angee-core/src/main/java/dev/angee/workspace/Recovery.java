package dev.angee.workspace;

import java.util.List;

/**
 * What became of work that a JVM had left half done when it died.
 *
 * @param undone the workspaces that were taken back
 * @param failed those that could not be, or that somebody has worked in meanwhile, each with the reason; they are tried again at the next open
 */
public record Recovery(List<String> undone, List<String> failed) {
    /** Copies the lists. */
    public Recovery {
        undone = List.copyOf(undone);
        failed = List.copyOf(failed);
    }
}
