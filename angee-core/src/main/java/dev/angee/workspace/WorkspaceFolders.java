package dev.angee.workspace;

import dev.angee.InvalidInputException;
import dev.angee.mount.MadeFolders;
import dev.angee.mount.PersistAnchor;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The folders of a workspace that are not rendered: its slots, and those whose content is the user's. */
final class WorkspaceFolders {
    private final WorkspaceDraft draft;

    WorkspaceFolders(WorkspaceDraft draft) {
        this.draft = draft;
    }

    /** Where its slots are, by name. */
    static Map<String, Path> places(List<Slot> slots, List<LocalSlot> links) {
        Map<String, Path> places = new LinkedHashMap<>();
        slots.forEach(slot -> places.put(slot.name(), slot.worktree().path()));
        links.forEach(link -> places.put(link.name(), link.place()));
        return places;
    }

    /**
     * Makes the folders of the user's data that are missing; whatever is in them stays. One that is a linked slot is that.
     *
     * @param paths is told where they are, by name, relative to the workspace
     */
    MadeFolders make(List<Slot> slots, List<LocalSlot> links, Map<String, String> paths) {
        PersistAnchor anchor = new PersistAnchor(draft.path(), draft.path());
        Map<String, String> wanted = new TreeMap<>(draft.persist());
        for (Map.Entry<String, String> each : draft.persist().entrySet()) {
            Path lexical = draft.path().resolve(each.getValue()).normalize();
            if (links.stream().anyMatch(link -> link.place().equals(lexical))) {
                wanted.remove(each.getKey());
                paths.put(each.getKey(), draft.path().relativize(lexical).toString());
            }
        }
        anchor.folders(wanted).forEach((name, folder) -> {
            slots.forEach(slot -> requireApart(name, folder, slot));
            paths.put(name, draft.path().relativize(folder).toString());
        });
        return anchor.create(wanted);
    }

    private static void requireApart(String name, Path folder, Slot slot) {
        Path worktree = slot.worktree().path();
        if (folder.startsWith(worktree) || worktree.startsWith(folder)) {
            throw new InvalidInputException(
                    "persist." + name,
                    "overlaps with the worktree of slot '" + slot.name() + "', whose files are git's");
        }
    }
}
