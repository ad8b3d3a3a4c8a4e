package dev.angee.git;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.eclipse.jgit.lib.ObjectId;

/**
 * Writes down that a merge stopped at conflicts, as git does. A file of ours beside that says that nothing else was
 * uncommitted when it began, so that all there is may go when it is taken back.
 */
final class MergeState {
    private static final String MARK = "angee-merge";

    private MergeState() {}

    static void write(AdminFolder record, ObjectId ours, ObjectId theirs, String message, List<String> files)
            throws IOException {
        record.write(MARK, mark(ours, theirs) + "\n");
        record.write("ORIG_HEAD", ours.name() + "\n");
        record.write("MERGE_MODE", "no-ff");
        record.write("MERGE_MSG", conflictMessage(message, files));
        record.write("MERGE_HEAD", theirs.name() + "\n");
    }

    private static String mark(ObjectId ours, ObjectId theirs) {
        return ours.name() + " " + theirs.name();
    }

    /** A message as git leaves it to be edited. */
    static String conflictMessage(String message, List<String> files) {
        StringBuilder text = new StringBuilder(message.stripTrailing()).append("\n\n# Conflicts:\n");
        files.forEach(file -> text.append("#\t").append(file).append('\n'));
        return text.toString();
    }

    /** Whether the merge that goes on there is one of ours. */
    static boolean isOurs(AdminFolder record, ObjectId head, List<ObjectId> theirs) {
        return theirs.size() == 1 && record.text(MARK).equals(Optional.of(mark(head, theirs.get(0))));
    }

    static void remove(AdminFolder record) throws IOException {
        record.remove(List.of(MARK, "MERGE_HEAD", "MERGE_MODE", "MERGE_MSG", "AUTO_MERGE"));
    }
}
