package dev.angee.gitops;

import dev.angee.source.BranchName;
import dev.angee.source.CommitId;
import dev.angee.source.MergePreview;
import java.util.List;
import java.util.Optional;

/**
 * What merging the workspaces' branches with each other and into their bases would come to, by the commits that they are at now
 * and as of the last fetch. What is uncommitted in a slot is not in it, nor looked for; {@link GitOps#topology()} says where there
 * is such.
 *
 * @param slots every slot, against its base, in the order of workspaces and slots
 * @param pairs every two slots of one source, in that order; also those of which nothing can be told, with the reason
 * @param order in which order to land the workspaces for the fewest conflicts: at each step one that is clean against its base
 *     and against what was landed before it, if there is one; of those the one with the fewest conflicts with those that remain;
 *     of those the first by name
 */
public record Forecast(List<Standing> slots, List<Pair> pairs, List<String> order) {
    /** Copies the lists. */
    public Forecast {
        slots = List.copyOf(slots);
        pairs = List.copyOf(pairs);
        order = List.copyOf(order);
    }

    /** A slot by its workspace and its name. */
    public record Name(String workspace, String slot) implements Comparable<Name> {
        @Override
        public int compareTo(Name other) {
            int byWorkspace = workspace.compareTo(other.workspace);
            return byWorkspace != 0 ? byWorkspace : slot.compareTo(other.slot);
        }

        @Override
        public String toString() {
            return workspace + ":" + slot;
        }
    }

    /**
     * A slot, and what merging it into its base would come to.
     *
     * @param name the slot
     * @param source what fills it
     * @param base the remote's branch
     * @param head the commit that the forecast is about; empty if there is none to tell of
     * @param landing what landing it would come to; empty if that is not known
     * @param problem why it is not known; may be empty
     */
    public record Standing(
            Name name,
            String source,
            BranchName base,
            Optional<CommitId> head,
            Optional<MergePreview> landing,
            String problem) {}

    /**
     * Two slots of one source, and what merging one into the other would come to.
     *
     * @param first the one
     * @param second the other
     * @param preview what it would come to; empty if that is not known
     * @param problem why it is not known; may be empty
     */
    public record Pair(Name first, Name second, Optional<MergePreview> preview, String problem) {
        /** Whether they are known to conflict. */
        public boolean conflicts() {
            return preview.filter(each -> !each.isClean()).isPresent();
        }
    }

    /** What is said of two slots, in either order. */
    public Optional<Pair> pair(Name one, Name other) {
        return pairs.stream()
                .filter(each -> (each.first().equals(one) && each.second().equals(other))
                        || (each.first().equals(other) && each.second().equals(one)))
                .findFirst();
    }
}
