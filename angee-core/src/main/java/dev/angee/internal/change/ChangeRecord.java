package dev.angee.internal.change;

import dev.angee.internal.JsonFile;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * What a change is going to do, as it is written down.
 *
 * @param version of this format
 * @param id part of the names of all that it puts beside the files; no other change has it
 * @param entries in the order in which they are made
 * @param made the folders that were not there, outer ones first
 * @param staying the folders that are not removed, even if they are emptied
 */
record ChangeRecord(int version, String id, List<Entry> entries, List<String> made, Set<String> staying) {
    static final int VERSION = 1;

    ChangeRecord {
        JsonFile.requireVersion(version, VERSION);
        entries = List.copyOf(entries);
        made = List.copyOf(made);
        staying = Set.copyOf(staying);
        made.forEach(FileChange::requirePath);
        if (!id.matches("[0-9a-f]{8,32}")) {
            throw new IllegalArgumentException("not the id of a change: '" + id + "'");
        }
    }

    /** What is to become of one path. */
    record Entry(String path, Fingerprint before, Fingerprint after) {
        Entry {
            FileChange.requirePath(path);
        }

        static Entry of(FileChange change) {
            Fingerprint after = change.after().map(Fingerprint::of).orElse(Fingerprint.absent());
            return new Entry(change.path(), change.before(), after);
        }

        boolean deletes() {
            return after.kind() == Fingerprint.Kind.ABSENT;
        }

        boolean creates() {
            return before.kind() == Fingerprint.Kind.ABSENT;
        }

        /** Whether something takes the place of something. */
        boolean replaces() {
            return !deletes() && !creates();
        }

        String folder() {
            return HeldFolders.above(path);
        }

        String name() {
            return HeldFolders.name(path);
        }
    }

    /** What is deleted comes first, the deepest of it before all; then what is written, in the order of paths. */
    static List<Entry> inOrder(List<Entry> entries) {
        Comparator<Entry> depth = Comparator.comparing(
                entry -> entry.path().chars().filter(each -> each == '/').count());
        List<Entry> ordered = new ArrayList<>(entries.stream()
                .filter(Entry::deletes)
                .sorted(depth.reversed().thenComparing(Entry::path))
                .toList());
        entries.stream()
                .filter(entry -> !entry.deletes())
                .sorted(Comparator.comparing(Entry::path))
                .forEach(ordered::add);
        return ordered;
    }

    /** Where what was there before is kept until the change is made, in the same folder. */
    String oldName(int number) {
        return ".angee-" + id + "-" + number + ".old";
    }

    /** Where what is to be there is kept until then. */
    String newName(int number) {
        return ".angee-" + id + "-" + number + ".new";
    }

    /** The folders that lose something, and what is above them, each after what is in it. */
    List<String> thinned() {
        Set<String> folders = new TreeSet<>(Comparator.reverseOrder());
        for (Entry entry : entries) {
            for (String at = entry.folder(); entry.deletes() && !at.isEmpty(); at = HeldFolders.above(at)) {
                folders.add(at);
            }
        }
        return List.copyOf(folders);
    }
}
