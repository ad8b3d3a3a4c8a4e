package dev.angee.git;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.List;
import java.util.Optional;
import org.eclipse.jgit.lib.ObjectId;

/**
 * Writes down that a merge stopped at conflicts, as git does. A file of ours beside that says that nothing else was
 * uncommitted when it began, so that all there is may go when it is taken back.
 */
final class MergeState {
    private static final String MARK = "angee-merge";
    private static final String MERGE_HEAD = "MERGE_HEAD";

    private MergeState() {}

    static void write(AdminFolder record, ObjectId ours, ObjectId theirs, String message, List<String> files)
            throws IOException {
        record.write("ORIG_HEAD", ours.name() + "\n");
        record.write("MERGE_MODE", "no-ff");
        record.write("MERGE_MSG", conflictMessage(message, files));
        record.write(MERGE_HEAD, theirs.name() + "\n");
        record.write(MARK, mark(record, ours, theirs) + "\n");
    }

    /** Names this one merge: another one of the same commits has a MERGE_HEAD of its own. */
    private static String mark(AdminFolder record, ObjectId ours, ObjectId theirs) throws IOException {
        BasicFileAttributes file = Files.readAttributes(
                record.folder().resolve(MERGE_HEAD), BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
        return ours.name() + " " + theirs.name() + " " + file.fileKey() + " " + file.lastModifiedTime();
    }

    /** A message as git leaves it to be edited. */
    static String conflictMessage(String message, List<String> files) {
        StringBuilder text = new StringBuilder(message.stripTrailing()).append("\n\n# Conflicts:\n");
        files.forEach(file -> text.append("#\t").append(file).append('\n'));
        return text.toString();
    }

    /** Whether the merge that goes on there is one of ours. */
    static boolean isOurs(AdminFolder record, ObjectId head, List<ObjectId> theirs) throws IOException {
        return theirs.size() == 1 && record.text(MARK).equals(Optional.of(mark(record, head, theirs.get(0))));
    }

    static void remove(AdminFolder record) throws IOException {
        record.remove(List.of(MARK, MERGE_HEAD, "MERGE_MODE", "MERGE_MSG", "AUTO_MERGE", KeptConflicts.FILE));
    }
}
