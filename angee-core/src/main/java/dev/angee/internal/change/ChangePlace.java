package dev.angee.internal.change;

import dev.angee.ConflictException;
import dev.angee.internal.HeldFolder;
import java.io.IOException;

/** One path of a change, and what stands there and beside it. */
record ChangePlace(int number, ChangeRecord.Entry entry, HeldFolder folder, String oldName, String newName) {
    Fingerprint now() throws IOException {
        return FileLook.at(folder, entry.name());
    }

    Fingerprint old() throws IOException {
        return FileLook.at(folder, oldName);
    }

    /** What is kept beside it to be there. */
    Fingerprint next() throws IOException {
        return FileLook.at(folder, newName);
    }

    boolean hasOld() throws IOException {
        return folder.has(oldName);
    }

    boolean hasNew() throws IOException {
        return folder.has(newName);
    }

    /** Whether what was there before is there still, and has a second name beside it. */
    boolean isOldYet() throws IOException {
        return folder.isSame(entry.name(), oldName);
    }

    /** Whether what is to be there is there, and has a second name beside it. */
    boolean isNewYet() throws IOException {
        return folder.isSame(entry.name(), newName);
    }

    /** Whether what is to be there is there, or was: somebody may have changed it since. */
    boolean isDone() throws IOException {
        return entry.deletes() ? hasOld() : !hasNew() && !isOldYet();
    }

    /** That something is what it was when the change was planned. */
    void require(Fingerprint found) {
        if (!found.equals(entry.before())) {
            throw changed(entry, found);
        }
    }

    void requireNothing() throws IOException {
        Fingerprint found = now();
        if (found.kind() != Fingerprint.Kind.ABSENT) {
            throw changed(entry, found);
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
}
