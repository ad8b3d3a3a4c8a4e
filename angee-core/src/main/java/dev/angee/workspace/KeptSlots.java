package dev.angee.workspace;

import dev.angee.ConflictException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The slots of a workspace that was made: an update leaves them as they are, and refuses a template that would not. */
final class KeptSlots {
    private final WorkspaceRecord record;
    private final WorkspaceDraft draft;
    private final Map<String, Path> wanted;
    private final List<LocalSlot> wantedLinks;

    KeptSlots(WorkspaceRecord record, WorkspaceDraft draft, Map<String, Integer> ports) {
        this.record = record;
        this.draft = draft;
        this.wanted = draft.places(ports);
        this.wantedLinks = draft.links(ports);
    }

    /** The worktrees. */
    List<Slot> worktrees() {
        return record.slots().stream().map(WorkspaceRecord.SlotRecord::toSlot).toList();
    }

    /** The links, as far as the template still names them. */
    List<LocalSlot> links() {
        return wantedLinks.stream().filter(link -> isLink(link.name())).toList();
    }

    /** Where nothing may be rendered: where they are, and where the template has more links, which would be there if it were made now. */
    Map<String, Path> places() {
        Map<String, Path> places = new LinkedHashMap<>();
        wantedLinks.forEach(link -> places.put(link.name(), link.place()));
        places.putAll(recorded());
        return places;
    }

    /**
     * Refuses a template that moves a slot, or has a persist folder where one is.
     *
     * @throws ConflictException naming both
     */
    void requireKept() {
        recorded().forEach((slot, is) -> {
            Path place = wanted.getOrDefault(slot, is);
            if (!place.equals(is)) {
                throw refused("puts slot '" + slot + "' to '" + shown(place) + "', and it is at '" + shown(is) + "'");
            }
        });
        draft.persist().forEach((name, subpath) -> {
            Path folder = draft.path().resolve(subpath).normalize();
            recorded().forEach((slot, is) -> requireApart(name, folder, slot, is));
            wanted.forEach((slot, place) -> {
                if (!recorded().containsKey(slot)) {
                    requireApart(name, folder, slot, place);
                }
            });
        });
    }

    private void requireApart(String persist, Path folder, String slot, Path place) {
        boolean isThatLink = folder.equals(place) && isLink(slot) && wanted.containsKey(slot);
        if (!isThatLink && (folder.startsWith(place) || place.startsWith(folder))) {
            throw refused("has persist folder '" + persist + "' at '" + shown(folder) + "', where slot '" + slot + "' "
                    + (recorded().containsKey(slot) ? "is" : "would be, which this workspace has not"));
        }
    }

    private boolean isLink(String slot) {
        return record.links().stream().anyMatch(link -> link.name().equals(slot));
    }

    private Map<String, Path> recorded() {
        Map<String, Path> places = new LinkedHashMap<>();
        record.slots().forEach(slot -> places.put(slot.name(), here(slot.name(), Path.of(slot.path()))));
        record.links().forEach(link -> places.put(link.name(), here(link.name(), Path.of(link.path()))));
        return places;
    }

    /** A root that was moved has its records still with the paths of before. */
    private Path here(String slot, Path recorded) {
        return Optional.ofNullable(wanted.get(slot))
                .filter(place -> !recorded.startsWith(draft.path()))
                .filter(place -> recorded.endsWith(draft.path().relativize(place)))
                .orElse(recorded);
    }

    private String shown(Path place) {
        return place.startsWith(draft.path()) ? draft.path().relativize(place).toString() : place.toString();
    }

    private ConflictException refused(String what) {
        return new ConflictException(
                "workspace-template",
                record.name(),
                "the template " + what + "; slots stay as they are: make another workspace, or mend the template");
    }
}
