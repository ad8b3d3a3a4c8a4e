package dev.angee.gitops;

import dev.angee.AngeeException;
import dev.angee.ConflictException;
import dev.angee.source.MergeOutcome;
import java.util.List;

/**
 * How landing ended, slot by slot.
 *
 * @param slots one for each slot, in order; after the first conflict nothing more was tried
 */
public record LandOutcome(List<SlotResult<MergeOutcome>> slots) {
    /** Copies the list. */
    public LandOutcome {
        slots = List.copyOf(slots);
    }

    /** Whether every slot is in. */
    public boolean succeeded() {
        return slots.stream().allMatch(slot -> slot.outcome().succeeded());
    }

    /**
     * This outcome, if it succeeded.
     *
     * @throws AngeeException {@code CONFLICT} naming the files in conflict, if it did not
     */
    public LandOutcome throwIfConflicted() {
        for (SlotResult<MergeOutcome> slot : slots) {
            if (slot.outcome() instanceof MergeOutcome.Conflicted conflict) {
                throw new ConflictException(
                        "workspace",
                        slot.workspace(),
                        "slot " + slot.slot() + " conflicts in " + String.join(", ", conflict.files())
                                + "; sync-base, resolve, and land again");
            }
        }
        return this;
    }
}
