package dev.angee.gitops;

import java.util.Optional;

/**
 * What changed about one slot.
 *
 * @param before how it stood; empty for a new one
 * @param after how it stands; empty for one that is gone
 */
public record LinkChange(Optional<Link> before, Optional<Link> after) {
    /** Refuses a change of nothing. */
    public LinkChange {
        if (before.isEmpty() && after.isEmpty()) {
            throw new IllegalArgumentException("a link was there before or is there after");
        }
    }

    /** The name of the link. */
    public String id() {
        return after.or(() -> before).orElseThrow().id();
    }
}
