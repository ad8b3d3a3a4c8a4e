package dev.angee.git;

import dev.angee.source.FileDiff;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.eclipse.jgit.diff.DiffEntry;
import org.eclipse.jgit.diff.DiffFormatter;
import org.eclipse.jgit.lib.Config;
import org.eclipse.jgit.lib.FileMode;
import org.eclipse.jgit.lib.ObjectReader;
import org.eclipse.jgit.treewalk.AbstractTreeIterator;

/** How the files of two trees differ. What is too large to be shown counts as binary. */
final class FileDiffs {
    private static final int CONTEXT = 3;
    private static final Comparator<FileDiff> BY_PATH =
            Comparator.comparing(diff -> diff.newPath().or(diff::oldPath).orElseThrow());

    private FileDiffs() {}

    /** The differences, renames found, in the order of their paths. */
    static List<FileDiff> between(ObjectReader reader, AbstractTreeIterator from, AbstractTreeIterator to)
            throws IOException {
        ByteArrayOutputStream text = new ByteArrayOutputStream();
        try (DiffFormatter formatter = new DiffFormatter(text)) {
            formatter.setReader(reader, new Config());
            formatter.setContext(CONTEXT);
            formatter.setBinaryFileThreshold(MemoryObjects.LARGEST);
            formatter.setDetectRenames(true);
            formatter.getRenameDetector().setBigFileThreshold(MemoryObjects.LARGEST);
            List<FileDiff> diffs = new ArrayList<>();
            for (DiffEntry entry : formatter.scan(from, to)) {
                text.reset();
                formatter.format(entry);
                formatter.flush();
                diffs.add(diff(entry, DiffText.parse(text.toByteArray())));
            }
            diffs.sort(BY_PATH);
            return diffs;
        }
    }

    private static FileDiff diff(DiffEntry entry, DiffText text) {
        boolean deleted = entry.getChangeType() == DiffEntry.ChangeType.DELETE;
        return new FileDiff(
                entry.getChangeType() == DiffEntry.ChangeType.ADD || entry.getChangeType() == DiffEntry.ChangeType.COPY
                        ? Optional.empty()
                        : Optional.of(entry.getOldPath()),
                deleted ? Optional.empty() : Optional.of(entry.getNewPath()),
                mode(deleted ? entry.getOldMode() : entry.getNewMode()),
                text.binary(),
                text.hunks());
    }

    private static String mode(FileMode mode) {
        return String.format("%06o", mode.getBits());
    }
}
