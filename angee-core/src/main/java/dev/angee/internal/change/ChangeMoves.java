package dev.angee.internal.change;

import dev.angee.ConflictException;
import dev.angee.internal.HeldFolder;
import java.io.IOException;
import java.util.Optional;

/**
 * The moves that make a change, once all it needs is there, and those that take it back. Both find out by themselves how far
 * it is, so that they can be begun again whenever the one before was cut off.
 */
final class ChangeMoves {
    private final ChangeSite site;
    private final Replacement replacement;

    ChangeMoves(ChangeSite site, ChangeJournal journal) {
        this.site = site;
        this.replacement = new Replacement(site, journal);
    }

    private ChangePlace place(int number, HeldFolder folder) {
        ChangeRecord record = site.record();
        return new ChangePlace(number, site.entry(number), folder, record.oldName(number), record.newName(number));
    }

    /**
     * Makes all that is not made yet.
     *
     * @throws ConflictException if somebody has changed something that it needs as it was
     */
    void make() throws IOException {
        for (int i = 0; i < site.size(); i++) {
            String folder = site.entry(i).folder();
            site.requireStanding(folder);
            ChangePlace place = place(i, site.folders().get(folder));
            if (!place.isDone()) {
                make(place);
            }
        }
        site.sync();
        for (int i = 0; i < site.size(); i++) {
            site.requireStanding(site.entry(i).folder());
        }
    }

    private void make(ChangePlace place) throws IOException {
        ChangeRecord.Entry entry = place.entry();
        if (entry.replaces()) {
            replacement.make(place);
        } else if (entry.deletes()) {
            site.step("before moving " + entry.path() + " aside");
            place.require(place.now());
            site.move(place.folder(), entry.name(), place.oldName());
            place.require(place.old());
        } else {
            site.step("before moving the new " + entry.path() + " in");
            place.requireNothing();
            site.move(place.folder(), place.newName(), entry.name());
        }
    }

    /** Whether all can be made that is not, as far as can be seen. */
    boolean canBeMade() throws IOException {
        for (int i = 0; i < site.size(); i++) {
            Optional<HeldFolder> folder = site.find(site.entry(i).folder());
            if (folder.isEmpty() || !canBeMade(place(i, folder.get()))) {
                return false;
            }
        }
        return true;
    }

    private static boolean canBeMade(ChangePlace place) throws IOException {
        ChangeRecord.Entry entry = place.entry();
        if (entry.replaces()) {
            return Replacement.canBeMade(place);
        }
        return place.isDone()
                || (place.now().equals(entry.before())
                        && (entry.deletes() || place.next().equals(entry.after())));
    }

    /** Takes back all that is made, the last first. What somebody has changed since is left, and the rest kept beside it. */
    void takeBack() throws IOException {
        for (int i = site.size() - 1; i >= 0; i--) {
            ChangeRecord.Entry entry = site.entry(i);
            Optional<HeldFolder> folder = site.find(entry.folder());
            if (folder.isPresent()) {
                takeBack(place(i, folder.get()));
            } else {
                site.tell(
                        entry,
                        "cannot be looked at, since its folder is gone; what was there before is beside it as '"
                                + site.record().oldName(i) + "' if it was changed already");
            }
        }
        site.sync();
    }

    private void takeBack(ChangePlace place) throws IOException {
        ChangeRecord.Entry entry = place.entry();
        if (entry.replaces()) {
            replacement.takeBack(place);
        } else if (entry.creates() && !place.hasNew()) {
            withdraw(place);
        } else if (entry.deletes() && place.hasOld()) {
            giveBack(place);
        }
    }

    private void giveBack(ChangePlace place) throws IOException {
        ChangeRecord.Entry entry = place.entry();
        site.step("before moving the old " + entry.path() + " back");
        if (place.now().kind() == Fingerprint.Kind.ABSENT) {
            site.move(place.folder(), place.oldName(), entry.name());
            return;
        }
        site.keep(
                place.folder(),
                place.oldName(),
                place.number(),
                "before",
                "was changed by somebody meanwhile, and is left so; what was there before");
    }

    /** Moves what was made out of the way again, if it is what was put there. */
    private void withdraw(ChangePlace place) throws IOException {
        ChangeRecord.Entry entry = place.entry();
        site.step("before moving the new " + entry.path() + " out");
        Fingerprint now = place.now();
        if (now.equals(entry.after())) {
            site.move(place.folder(), entry.name(), place.newName());
            if (place.next().equals(entry.after())) {
                return;
            }
            if (place.folder().has(entry.name())) {
                site.keep(place.folder(), place.newName(), place.number(), "edited", "was changed twice; one version");
            } else {
                site.move(place.folder(), place.newName(), entry.name());
                now = place.now();
            }
        }
        if (now.kind() != Fingerprint.Kind.ABSENT) {
            site.tell(entry, "was changed by somebody meanwhile, and is left so; before, nothing was there");
        }
    }

    /** Removes what was there before, once all is made; an edit of it that came too late for all else is kept. */
    void tidy() throws IOException {
        for (int i = 0; i < site.size(); i++) {
            Optional<HeldFolder> folder = site.entry(i).creates()
                    ? Optional.empty()
                    : site.find(site.entry(i).folder());
            if (folder.isPresent() && folder.get().has(site.record().oldName(i))) {
                tidy(place(i, folder.get()));
            }
        }
        for (String path : site.record().thinned()) {
            Optional<HeldFolder> above = site.find(HeldFolders.above(path));
            if (above.isPresent() && !site.record().staying().contains(path)) {
                site.step("before removing " + path);
                above.get().removeEmptyFolder(HeldFolders.name(path));
                site.step("after removing " + path);
            }
        }
        site.sync();
    }

    private void tidy(ChangePlace place) throws IOException {
        site.step("before removing " + place.oldName());
        if (!place.old().equals(place.entry().before())) {
            site.keep(
                    place.folder(),
                    place.oldName(),
                    place.number(),
                    "edited",
                    "was changed by somebody at the very moment; their version");
            return;
        }
        place.folder().removeFile(place.oldName());
        site.step("after removing " + place.oldName());
    }
}
