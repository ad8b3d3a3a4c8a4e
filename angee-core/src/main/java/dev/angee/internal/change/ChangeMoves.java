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

    ChangeMoves(ChangeSite site) {
        this.site = site;
    }

    /** One path, and what stands there and beside it. */
    private record Place(int number, ChangeRecord.Entry entry, HeldFolder folder, String oldName, String newName) {
        Fingerprint now() throws IOException {
            return FileLook.at(folder, entry.name());
        }

        Fingerprint old() throws IOException {
            return FileLook.at(folder, oldName);
        }

        boolean hasOld() throws IOException {
            return folder.has(oldName);
        }

        boolean hasNew() throws IOException {
            return folder.has(newName);
        }

        /** Whether what is to be there is there, or was: somebody may have changed it since. */
        boolean isDone() throws IOException {
            return entry.deletes() ? hasOld() : !hasNew();
        }
    }

    private Place place(int number, HeldFolder folder) {
        ChangeRecord record = site.record();
        return new Place(number, site.entry(number), folder, record.oldName(number), record.newName(number));
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
            Place place = place(i, site.folders().get(folder));
            if (!place.isDone()) {
                make(place);
            }
        }
        site.sync();
        for (int i = 0; i < site.size(); i++) {
            site.requireStanding(site.entry(i).folder());
        }
    }

    private void make(Place place) throws IOException {
        ChangeRecord.Entry entry = place.entry();
        if (!entry.creates()) {
            if (!place.hasOld()) {
                site.step("before moving " + entry.path() + " aside");
                require(entry, place.now());
                site.move(place.folder(), entry.name(), place.oldName());
            }
            require(entry, place.old());
        }
        if (!entry.deletes()) {
            site.step("before moving the new " + entry.path() + " in");
            requireNothing(place);
            site.move(place.folder(), place.newName(), entry.name());
        }
    }

    private static void require(ChangeRecord.Entry entry, Fingerprint found) {
        if (!found.equals(entry.before())) {
            throw changed(entry, found);
        }
    }

    private static void requireNothing(Place place) throws IOException {
        Fingerprint found = place.now();
        if (found.kind() != Fingerprint.Kind.ABSENT) {
            throw changed(place.entry(), found);
        }
    }

    static ConflictException changed(ChangeRecord.Entry entry, Fingerprint found) {
        String what = found.kind() == entry.before().kind() ? "another one" : found.told();
        return new ConflictException(
                "file",
                entry.path(),
                "is not what it was when the change was planned: it was "
                        + entry.before().told() + ", and is " + what + "; look at it and try again");
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

    private static boolean canBeMade(Place place) throws IOException {
        ChangeRecord.Entry entry = place.entry();
        if (place.isDone()) {
            // If neither is beside it, and all is as before, it was not begun, and somebody has removed what it needs.
            return entry.deletes()
                    || entry.creates()
                    || place.hasOld()
                    || !place.now().equals(entry.before());
        }
        boolean whole =
                entry.deletes() || FileLook.at(place.folder(), place.newName()).equals(entry.after());
        boolean aside = place.hasOld();
        Fingerprint expected = aside ? Fingerprint.absent() : entry.before();
        return whole && place.now().equals(expected) && (!aside || place.old().equals(entry.before()));
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

    private void takeBack(Place place) throws IOException {
        ChangeRecord.Entry entry = place.entry();
        boolean moved = !entry.deletes() && !place.hasNew();
        if (moved && !withdraw(place)) {
            return;
        }
        if (!place.hasOld()) {
            return;
        }
        site.step("before moving the old " + entry.path() + " back");
        if (place.now().kind() == Fingerprint.Kind.ABSENT) {
            site.move(place.folder(), place.oldName(), entry.name());
        } else {
            site.keep(
                    place.folder(),
                    place.oldName(),
                    place.number(),
                    "before",
                    "was changed by somebody meanwhile, and is left so; what was there before");
        }
    }

    /** Moves the new out of the way again, if it is what was put there; false if there is nothing more to be done. */
    private boolean withdraw(Place place) throws IOException {
        ChangeRecord.Entry entry = place.entry();
        site.step("before moving the new " + entry.path() + " out");
        Fingerprint now = place.now();
        boolean lost = !entry.creates() && !place.hasOld();
        if (lost) {
            if (!now.equals(entry.before())) {
                site.tell(entry, "is left as it is; what was there before was removed by somebody");
            }
            return false;
        }
        if (now.equals(entry.after())) {
            site.move(place.folder(), entry.name(), place.newName());
            if (FileLook.at(place.folder(), place.newName()).equals(entry.after())) {
                return true;
            }
            if (place.folder().has(entry.name())) {
                site.keep(place.folder(), place.newName(), place.number(), "edited", "was changed twice; one version");
            } else {
                site.move(place.folder(), place.newName(), entry.name());
                now = place.now();
            }
        }
        if (entry.creates() && now.kind() != Fingerprint.Kind.ABSENT) {
            site.tell(entry, "was changed by somebody meanwhile, and is left so; before, nothing was there");
        }
        return true;
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

    private void tidy(Place place) throws IOException {
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
