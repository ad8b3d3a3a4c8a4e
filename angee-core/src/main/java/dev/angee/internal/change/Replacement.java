package dev.angee.internal.change;

import dev.angee.ConflictException;
import dev.angee.internal.HeldFolder;
import java.io.IOException;

/**
 * Puts a file or link in the place of another, and back, by one renaming each: whoever looks finds the one or the other. For
 * that, what leaves is given a second name first. Where it cannot have one, it is moved aside, and for a moment nothing is
 * there.
 *
 * <p>How far it is can be seen. What was there before is at its path alone: not begun, or taken back. It has two names: the
 * new is not in yet. The path has nothing, and both are beside it: the same, without a second name. The new is at the path
 * alone: made. The new has two names: about to be taken back.
 */
final class Replacement {
    private final ChangeSite site;
    private final ChangeJournal journal;

    Replacement(ChangeSite site, ChangeJournal journal) {
        this.site = site;
        this.journal = journal;
    }

    /**
     * Makes it, if it is not made yet.
     *
     * @throws ConflictException if somebody has changed what was there before
     */
    void make(ChangePlace place) throws IOException {
        ChangeRecord.Entry entry = place.entry();
        boolean twice = place.isOldYet();
        if (!place.hasOld()) {
            site.step("before keeping " + entry.path());
            place.require(place.now());
            twice = giveName(place, place.oldName());
            if (!twice) {
                site.move(place.folder(), entry.name(), place.oldName());
            }
        }
        place.require(place.old());
        site.step("before moving the new " + entry.path() + " in");
        if (twice) {
            requireOldYet(place);
        } else {
            place.requireNothing();
        }
        site.move(place.folder(), place.newName(), entry.name());
    }

    private static void requireOldYet(ChangePlace place) throws IOException {
        Fingerprint now = place.now();
        place.require(now);
        if (!place.isOldYet()) {
            throw ChangePlace.changed(place.entry(), now);
        }
    }

    /** Gives what is there a second name in its folder; false if it cannot have one. */
    private boolean giveName(ChangePlace place, String second) throws IOException {
        String name = place.entry().name();
        try (HeldFolder workshop = journal.workshop()) {
            if (!site.names().give(place.folder(), name, workshop, second)) {
                return false;
            }
            site.step("before putting " + second + " beside " + name);
            workshop.move(second, place.folder(), second);
            site.step("after putting " + second + " beside " + name);
            return true;
        }
    }

    /** Whether it can be made, or is, as far as can be seen. */
    static boolean canBeMade(ChangePlace place) throws IOException {
        Fingerprint before = place.entry().before();
        if (place.isDone()) {
            // If neither is beside it, and all is as before, it was not begun, and somebody has removed what it needs.
            return place.hasOld() || !place.now().equals(before);
        }
        if (!place.next().equals(place.entry().after())) {
            return false;
        }
        if (!place.hasOld()) {
            return place.now().equals(before);
        }
        return place.old().equals(before) && (place.isOldYet() || place.now().kind() == Fingerprint.Kind.ABSENT);
    }

    /** Takes it back, if it was begun. */
    void takeBack(ChangePlace place) throws IOException {
        ChangeRecord.Entry entry = place.entry();
        if (place.isOldYet()) {
            site.step("before removing " + place.oldName());
        }
        if (place.isOldYet()) {
            place.folder().removeFile(place.oldName());
            site.step("after removing " + place.oldName());
            return;
        }
        if (!place.hasOld()) {
            tellOfLoss(place);
            return;
        }
        if (!place.hasNew()) {
            setAside(place);
        }
        site.step("before moving the old " + entry.path() + " back");
        Fingerprint now = place.now();
        boolean twice = place.isNewYet();
        if (now.kind() == Fingerprint.Kind.ABSENT || (twice && now.equals(entry.after()))) {
            site.move(place.folder(), place.oldName(), entry.name());
            keepEdited(place, twice);
            return;
        }
        site.keep(
                place.folder(),
                place.oldName(),
                place.number(),
                "before",
                "was changed by somebody meanwhile, and is left so; what was there before");
    }

    private void tellOfLoss(ChangePlace place) throws IOException {
        if (!place.hasNew() && !place.now().equals(place.entry().before())) {
            site.tell(place.entry(), "is left as it is; what was there before was removed by somebody");
        }
    }

    /** Gives the new its name beside its place again, if it is what was put there. */
    private void setAside(ChangePlace place) throws IOException {
        ChangeRecord.Entry entry = place.entry();
        site.step("before moving the new " + entry.path() + " out");
        if (!place.now().equals(entry.after())) {
            return;
        }
        if (!giveName(place, place.newName())) {
            site.move(place.folder(), entry.name(), place.newName());
        }
        if (place.next().equals(entry.after())) {
            return;
        }
        if (place.isNewYet()) {
            place.folder().removeFile(place.newName()); // changed, and at its path too
        } else if (place.folder().has(entry.name())) {
            site.keep(place.folder(), place.newName(), place.number(), "edited", "was changed twice; one version");
        } else {
            site.move(place.folder(), place.newName(), entry.name());
        }
    }

    /** An edit of the new that came between the last look at it and its leaving. */
    private void keepEdited(ChangePlace place, boolean twice) throws IOException {
        if (twice && place.hasNew() && !place.next().equals(place.entry().after())) {
            site.keep(
                    place.folder(),
                    place.newName(),
                    place.number(),
                    "edited",
                    "was changed by somebody at the very moment; their version");
        }
    }
}
