package dev.angee.internal.change;

import dev.angee.ConflictException;
import dev.angee.internal.HeldFolder;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Where one change is made: its folders, what is written down of it, and what has to be told of it. */
final class ChangeSite {
    private final HeldFolders folders;
    private final ChangeRecord record;
    private final Step step;
    private final SecondNames names;
    private final List<String> kept = new ArrayList<>();

    ChangeSite(HeldFolders folders, ChangeRecord record, Step step, SecondNames names) {
        this.folders = folders;
        this.record = record;
        this.step = step;
        this.names = names;
    }

    HeldFolders folders() {
        return folders;
    }

    ChangeRecord record() {
        return record;
    }

    SecondNames names() {
        return names;
    }

    ChangeRecord.Entry entry(int number) {
        return record.entries().get(number);
    }

    int size() {
        return record.entries().size();
    }

    /** Before and after every step. */
    void step(String label) {
        step.at(label);
    }

    /** The folder of a path, if it can be found. */
    Optional<HeldFolder> find(String folder) throws IOException {
        try {
            return folders.find(folder);
        } catch (HeldFolders.BlockedException e) {
            return Optional.empty();
        }
    }

    /** What has to be so for it is looked at after the step before it, and before this. */
    void move(HeldFolder folder, String from, String to) throws IOException {
        folder.move(from, folder, to);
        step("after moving " + from + " to " + to);
    }

    void sync() throws IOException {
        step("before syncing");
        for (HeldFolder each : folders.all()) {
            each.sync();
        }
        step("after syncing");
    }

    void requireStanding(String folder) throws IOException {
        if (!folders.stands(folder)) {
            throw new ConflictException(
                    "file", folder, "was a folder that somebody has moved away meanwhile; put it back and try again");
        }
    }

    /** Gives what is aside a name that tells what it is, and tells of it. */
    void keep(HeldFolder folder, String aside, int number, String word, String what) throws IOException {
        ChangeRecord.Entry entry = entry(number);
        String name = entry.name() + ".angee-" + word + "-" + record.id();
        try {
            if (folder.has(name)) {
                name = aside;
            } else {
                move(folder, aside, name);
            }
        } catch (FileSystemException e) {
            name = aside; // too long a name, say; it can stay as well
        }
        tell(entry, what + " is in '" + (entry.folder().isEmpty() ? "" : entry.folder() + "/") + name + "'");
    }

    void tell(ChangeRecord.Entry entry, String what) {
        kept.add("'" + entry.path() + "' " + what);
    }

    void tell(String sentence) {
        kept.add(sentence);
    }

    List<String> kept() {
        return List.copyOf(kept);
    }
}
