package dev.angee.git;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.eclipse.jgit.lib.ObjectId;

/**
 * Where a merge stands that stopped at conflicts. Git's own files say the most of it; one of ours says which files were in
 * conflict, since git forgets that as soon as they are staged, and that nothing else was uncommitted when it began.
 *
 * @param head the commit that was merged into
 * @param files the files in conflict
 */
record MergeState(ObjectId head, List<String> files) {
    private static final String MARK = "angee-merge";

    void write(AdminFolder record, ObjectId theirs, String message) throws IOException {
        record.write(MARK, head.name() + " " + theirs.name() + "\n" + String.join("\n", files) + "\n");
        record.write("ORIG_HEAD", head.name() + "\n");
        record.write("MERGE_MODE", "no-ff");
        record.write("MERGE_MSG", conflictMessage(message, files));
        record.write("MERGE_HEAD", theirs.name() + "\n");
    }

    /** A message as git leaves it to be edited. */
    static String conflictMessage(String message, List<String> files) {
        StringBuilder text = new StringBuilder(message.stripTrailing()).append("\n\n# Conflicts:\n");
        files.forEach(file -> text.append("#\t").append(file).append('\n'));
        return text.toString();
    }

    /** The state of a merge of ours, if it is the one that goes on there. */
    static Optional<MergeState> read(AdminFolder record, ObjectId head, List<ObjectId> theirs) {
        if (theirs.size() != 1) {
            return Optional.empty();
        }
        String begin = head.name() + " " + theirs.get(0).name();
        return record.text(MARK)
                .map(text -> text.lines().toList())
                .filter(lines -> lines.get(0).equals(begin))
                .map(lines -> new MergeState(head, lines.subList(1, lines.size())));
    }

    static void remove(AdminFolder record) throws IOException {
        for (String name : List.of(MARK, "MERGE_HEAD", "MERGE_MODE", "MERGE_MSG", "AUTO_MERGE")) {
            FolderRemoval.of(record.folder().resolve(name));
        }
    }
}
