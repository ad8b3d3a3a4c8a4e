package dev.angee.render;

import java.util.List;

/**
 * What became of a plan that a JVM was carrying out when it died.
 *
 * @param made whether it is carried out now; if not, all is as it was before
 * @param kept what somebody should know: a sentence for each file that was changed since, which says where its other version
 *     lies; mostly none
 */
public record RenderRecovery(boolean made, List<String> kept) {
    /** Copies the list. */
    public RenderRecovery {
        kept = List.copyOf(kept);
    }
}
