package dev.angee.source;

import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;

/**
 * How to remove a worktree.
 *
 * @param base the remote's branch that its work should be in; empty only if everything is accepted
 * @param accepted the findings that do not stop it
 */
public record RemoveOptions(Optional<BranchName> base, Set<RemovalFinding> accepted) {
    /** Copies the set. */
    public RemoveOptions {
        accepted = Set.copyOf(accepted);
        if (base.isEmpty() && accepted.size() < RemovalFinding.values().length) {
            throw new IllegalArgumentException("without a base, nothing is known of what was landed");
        }
    }

    /** Only if nothing is found. */
    public static RemoveOptions losingNothing(BranchName base) {
        return new RemoveOptions(Optional.of(base), Set.of());
    }

    /** Whatever would be lost. */
    public static RemoveOptions whatever() {
        return new RemoveOptions(Optional.empty(), EnumSet.allOf(RemovalFinding.class));
    }

    /** The same, also with this finding. */
    public RemoveOptions accepting(RemovalFinding finding) {
        Set<RemovalFinding> more = EnumSet.of(finding);
        more.addAll(accepted);
        return new RemoveOptions(base, more);
    }
}
