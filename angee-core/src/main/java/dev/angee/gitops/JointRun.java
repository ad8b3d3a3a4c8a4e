package dev.angee.gitops;

import dev.angee.AngeeException;
import dev.angee.ErrorCode;
import dev.angee.gitops.SlotResult.Became;
import dev.angee.source.CommitId;
import dev.angee.workspace.Slot;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/** Does one thing in slot after slot; if it does not go through in one, takes it back in those before. */
final class JointRun {
    private final String workspace;

    JointRun(String workspace) {
        this.workspace = workspace;
    }

    /** What is done in a slot. */
    @FunctionalInterface
    interface Action {
        /**
         * Does it.
         *
         * @throws AngeeException if it did not go through, and the slot is as it was; what else is thrown is a defect, and says
         *     nothing of the slot
         */
        Step in(Slot slot);
    }

    /** Takes one step back. */
    @FunctionalInterface
    interface Undo {
        /** Why it was left; empty if it is as it was before. */
        Optional<String> run();
    }

    /**
     * What one action came to.
     *
     * @param result what became of the slot
     * @param undo takes it back
     */
    record Step(SlotResult result, Undo undo) {}

    List<SlotResult> run(List<Slot> slots, Action action) {
        List<Step> done = new ArrayList<>();
        for (Slot slot : slots) {
            Step step;
            try {
                step = action.in(slot);
            } catch (AngeeException e) {
                step = failed(slot, String.valueOf(e.getMessage()));
            } catch (RuntimeException | Error e) {
                done.add(left(slot, "whether it was done is not known: " + e));
                e.addSuppressed(told(ended(slots, done)));
                throw e;
            }
            done.add(step);
            if (!step.result().succeeded()) {
                return ended(slots, done);
            }
        }
        return done.stream().map(Step::result).toList();
    }

    /** What becomes of the others, where some are known not to go through before anything was done. */
    List<SlotResult> foreseen(List<Slot> slots, List<SlotResult> failing) {
        return slots.stream()
                .map(slot -> failing.stream()
                        .filter(each -> each.slot().equals(slot.name()))
                        .findFirst()
                        .orElseGet(() -> notTried(slot)))
                .toList();
    }

    Step done(Slot slot, CommitId head, Undo undo) {
        return new Step(result(slot, Became.DONE, Optional.of(head), List.of(), ""), undo);
    }

    Step unchanged(Slot slot, CommitId head) {
        return end(result(slot, Became.UNCHANGED, Optional.of(head), List.of(), ""));
    }

    Step failed(Slot slot, String reason) {
        return end(result(slot, Became.FAILED, Optional.empty(), List.of(), reason));
    }

    Step left(Slot slot, String reason) {
        return end(result(slot, Became.LEFT, Optional.empty(), List.of(), reason));
    }

    Step conflicting(Slot slot, List<String> files, String reason) {
        return end(result(slot, Became.CONFLICT, Optional.empty(), files, reason));
    }

    private AngeeException told(List<SlotResult> results) {
        return new AngeeException(
                ErrorCode.FAILED, "workspace '" + workspace + "': " + new JointOutcome(results).told());
    }

    private static Step end(SlotResult result) {
        return new Step(result, Optional::empty);
    }

    private SlotResult notTried(Slot slot) {
        return result(slot, Became.NOT_TRIED, Optional.empty(), List.of(), "because of another slot");
    }

    private SlotResult result(Slot slot, Became became, Optional<CommitId> head, List<String> files, String reason) {
        return new SlotResult(workspace, slot.name(), became, head, files, reason);
    }

    private List<SlotResult> ended(List<Slot> slots, List<Step> done) {
        Step last = done.remove(done.size() - 1);
        List<SlotResult> results = takeBack(done);
        results.add(last.result());
        slots.subList(results.size(), slots.size()).forEach(slot -> results.add(notTried(slot)));
        return results;
    }

    /** The last first. */
    private static List<SlotResult> takeBack(List<Step> done) {
        return uninterrupted(() -> {
            List<SlotResult> results = new ArrayList<>();
            for (int i = done.size() - 1; i >= 0; i--) {
                SlotResult result = done.get(i).result();
                results.add(result.became() == Became.DONE ? takenBack(done.get(i)) : result);
            }
            Collections.reverse(results);
            return results;
        });
    }

    /** Does what must be done also when interrupted: the interrupt waits until then. */
    static <T> T uninterrupted(Supplier<T> work) {
        boolean interrupted = Thread.interrupted();
        try {
            return work.get();
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private static SlotResult takenBack(Step step) {
        Optional<String> left;
        try {
            left = step.undo().run();
        } catch (RuntimeException e) {
            left = Optional.of(String.valueOf(e.getMessage()));
        }
        SlotResult done = step.result();
        return new SlotResult(
                done.workspace(),
                done.slot(),
                left.isPresent() ? Became.LEFT : Became.TAKEN_BACK,
                left.isPresent() ? done.head() : Optional.empty(),
                List.of(),
                left.map(why -> "could not be taken back: " + why).orElse("because of another slot"));
    }
}
