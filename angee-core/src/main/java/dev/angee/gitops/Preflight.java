package dev.angee.gitops;

import dev.angee.AngeeException;
import dev.angee.ConflictException;
import dev.angee.source.BranchName;
import dev.angee.source.SourceControl;
import dev.angee.source.Unfinished;
import dev.angee.source.WorktreeOperations;
import dev.angee.source.WorktreeStatus;
import dev.angee.workspace.Slot;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** Looks at slots before something is done in them. */
final class Preflight {
    private final SourceControl control;
    private final GitThreads threads;

    Preflight(SourceControl control, GitThreads threads) {
        this.control = control;
        this.threads = threads;
    }

    /** What a slot must be like. */
    enum Need {
        /** On its branch, with nothing uncommitted and nothing unfinished. */
        CLEAN,
        /** On its branch, with nothing unfinished. */
        ON_ITS_BRANCH,
        /** There. */
        THERE
    }

    /**
     * How each slot stands, in their order.
     *
     * @throws ConflictException naming every slot that is not as it must be, and what to do about it
     */
    Map<Slot, WorktreeStatus> require(Need need, String workspace, List<Slot> slots) {
        List<Look> looks = threads.map(slots, slot -> look(need, slot));
        List<String> offences = new ArrayList<>();
        Map<Slot, WorktreeStatus> result = new LinkedHashMap<>();
        for (int i = 0; i < slots.size(); i++) {
            looks.get(i).offence().ifPresent(offences::add);
            Slot slot = slots.get(i);
            looks.get(i).status().ifPresent(status -> result.put(slot, status));
        }
        if (!offences.isEmpty()) {
            throw new ConflictException("workspace", workspace, String.join("; ", offences));
        }
        return result;
    }

    private Look look(Need need, Slot slot) {
        String name = "slot '" + slot.name() + "' ";
        if (!Files.isDirectory(slot.worktree().path(), LinkOption.NOFOLLOW_LINKS)) {
            return Look.offending(
                    name + "is not at " + slot.worktree().path() + "; bring it back, or make the workspace anew");
        }
        try {
            WorktreeStatus status = status(need, slot);
            String offence = need == Need.THERE ? "" : offence(need, slot, status);
            return new Look(
                    Optional.of(status),
                    Optional.of(offence).filter(o -> !o.isEmpty()).map(name::concat));
        } catch (AngeeException e) {
            return Look.offending(name + "cannot be read: " + e.getMessage());
        } catch (RuntimeException e) {
            return Look.offending(name + "cannot be read: " + e); // a defect, but the others are named too
        }
    }

    /** A change that was cut off is put right by whatever changes the worktree next, which is about to happen. */
    private WorktreeStatus status(Need need, Slot slot) {
        WorktreeOperations worktree = control.in(slot.worktree());
        WorktreeStatus status = worktree.status(slot.base());
        if (need == Need.THERE || status.unfinished() != Unfinished.CHANGE) {
            return status;
        }
        worktree.abort();
        return worktree.status(slot.base());
    }

    private static String offence(Need need, Slot slot, WorktreeStatus status) {
        if (status.unfinished() != Unfinished.NOTHING) {
            return "has an unfinished " + named(status.unfinished()) + "; resume or abort it first";
        }
        if (!status.branch().equals(Optional.of(slot.branch()))) {
            return "is on " + status.branch().map(BranchName::value).orElse("no branch") + " and should be on "
                    + slot.branch() + "; switch back";
        }
        if (need == Need.CLEAN && !status.changed().isEmpty()) {
            return "has " + status.changed().size() + " uncommitted changes (first: "
                    + status.changed().get(0) + "); commit them first";
        }
        return "";
    }

    static String named(Unfinished unfinished) {
        return unfinished == Unfinished.OTHER
                ? "operation of git"
                : unfinished.name().toLowerCase(Locale.ROOT);
    }

    private record Look(Optional<WorktreeStatus> status, Optional<String> offence) {
        static Look offending(String offence) {
            return new Look(Optional.empty(), Optional.of(offence));
        }
    }
}
