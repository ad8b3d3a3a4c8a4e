package dev.angee.gitops;

import dev.angee.AngeeException;
import dev.angee.ConflictException;
import dev.angee.ErrorCode;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * How something ended that is done in all slots of a workspace or in none.
 *
 * @param slots one for each slot, in their order
 */
public record JointOutcome(List<SlotResult> slots) {
    /** Copies the list. */
    public JointOutcome {
        slots = List.copyOf(slots);
    }

    /** Whether it is done in every slot, or was not needed there. */
    public boolean succeeded() {
        return slots.stream().allMatch(SlotResult::succeeded);
    }

    /** What became of one slot. */
    public Optional<SlotResult> slot(String name) {
        return slots.stream().filter(each -> each.slot().equals(name)).findFirst();
    }

    /**
     * This outcome, if it succeeded.
     *
     * @throws AngeeException if it did not, naming what became of each slot: {@code CONFLICT} with the files if it
     *     conflicts, {@code FAILED} otherwise
     */
    public JointOutcome throwIfConflicted() {
        if (succeeded()) {
            return this;
        }
        String workspace = slots.get(0).workspace();
        String told = told();
        if (slots.stream().anyMatch(each -> each.became() == SlotResult.Became.CONFLICT)) {
            throw new ConflictException("workspace", workspace, told + ". Sync-base, resolve, and try again");
        }
        throw new AngeeException(ErrorCode.FAILED, "workspace '" + workspace + "': " + told);
    }

    /** What became of each slot, for people. */
    String told() {
        return slots.stream().map(JointOutcome::told).collect(Collectors.joining("; "));
    }

    private static String told(SlotResult slot) {
        String where = "slot '" + slot.slot() + "' ";
        if (slot.became() == SlotResult.Became.CONFLICT && !slot.conflicts().isEmpty()) {
            return where + "conflicts in " + String.join(", ", slot.conflicts());
        }
        return where + "is " + slot.became().id() + (slot.reason().isEmpty() ? "" : " (" + slot.reason() + ")");
    }
}
