package dev.angee.git;

import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.eclipse.jgit.diff.RawText;
import org.eclipse.jgit.diff.Sequence;
import org.eclipse.jgit.dircache.DirCache;
import org.eclipse.jgit.dircache.DirCacheBuilder;
import org.eclipse.jgit.dircache.DirCacheEntry;
import org.eclipse.jgit.lib.Constants;
import org.eclipse.jgit.lib.FileMode;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.ObjectInserter;
import org.eclipse.jgit.merge.MergeFormatter;
import org.eclipse.jgit.merge.MergeResult;

/**
 * A merge in conflict, as git's index knows it: of each file in conflict, what it was in the base, in ours and in theirs.
 * The worktree gets there in two steps: all files are checked out as those of a tree, those in conflict with git's markers
 * in them, and then the index is told which ones those are.
 */
final class ConflictStages {
    private static final String OURS = "HEAD";

    private final List<DirCacheEntry> entries;
    private final Map<String, MergeResult<? extends Sequence>> contents;
    private final String theirs;

    private ConflictStages(
            List<DirCacheEntry> entries, Map<String, MergeResult<? extends Sequence>> contents, String theirs) {
        this.entries = entries;
        this.contents = contents;
        this.theirs = theirs;
    }

    /** No conflict. */
    static ConflictStages none() {
        return new ConflictStages(List.of(), Map.of(), "");
    }

    /** What a merger has left behind. */
    static ConflictStages of(DirCache merged, Map<String, MergeResult<? extends Sequence>> contents, String theirs) {
        List<DirCacheEntry> entries = new ArrayList<>();
        for (int i = 0; i < merged.getEntryCount(); i++) {
            entries.add(merged.getEntry(i));
        }
        return new ConflictStages(entries, Map.copyOf(contents), theirs);
    }

    /** Writes the tree whose files are those that the worktree is to have. */
    ObjectId writeTree(ObjectInserter inserter) throws IOException {
        DirCache tree = DirCache.newInCore();
        DirCacheBuilder builder = tree.builder();
        Map<String, DirCacheEntry> shown = new TreeMap<>();
        Set<String> onBothSides = new HashSet<>();
        for (DirCacheEntry entry : entries) {
            if (entry.getStage() == DirCacheEntry.STAGE_0) {
                builder.add(entry);
            } else if (entry.getStage() != DirCacheEntry.STAGE_1) {
                // Ours comes first, and theirs if it has no ours.
                if (shown.putIfAbsent(entry.getPathString(), entry) != null) {
                    onBothSides.add(entry.getPathString());
                }
            }
        }
        for (DirCacheEntry entry : shown.values()) {
            builder.add(onBothSides.contains(entry.getPathString()) ? withMarkers(entry, inserter) : entryOf(entry));
        }
        builder.finish();
        return tree.writeTree(inserter);
    }

    private static DirCacheEntry entryOf(DirCacheEntry side) {
        DirCacheEntry file = new DirCacheEntry(side.getRawPath());
        file.setFileMode(side.getFileMode());
        file.setObjectId(side.getObjectId());
        return file;
    }

    private DirCacheEntry withMarkers(DirCacheEntry side, ObjectInserter inserter) throws IOException {
        DirCacheEntry file = entryOf(side);
        MergeResult<? extends Sequence> content = contents.get(side.getPathString());
        if (content != null && isText(content) && isFile(side.getFileMode())) {
            file.setObjectId(inserter.insert(Constants.OBJ_BLOB, withMarkers(content)));
        }
        return file;
    }

    private static boolean isFile(FileMode mode) {
        return FileMode.REGULAR_FILE.equals(mode) || FileMode.EXECUTABLE_FILE.equals(mode);
    }

    private static boolean isText(MergeResult<? extends Sequence> content) {
        // Of what is not text, JGit's merger tells no sequences at all.
        return content.containsConflicts()
                && !content.getSequences().isEmpty()
                && content.getSequences().stream().allMatch(RawText.class::isInstance);
    }

    @SuppressWarnings("unchecked") // Checked by isText.
    private byte[] withMarkers(MergeResult<? extends Sequence> content) throws IOException {
        ByteArrayOutputStream text = new ByteArrayOutputStream();
        new MergeFormatter()
                .formatMerge(
                        text, (MergeResult<RawText>) content, List.of("BASE", OURS, theirs), StandardCharsets.UTF_8);
        return text.toByteArray();
    }

    /** Tells the index of a worktree, whose files are those of the tree, which of them are in conflict. */
    void writeTo(File file) throws IOException {
        TreeSet<String> unmerged = new TreeSet<>();
        for (DirCacheEntry entry : entries) {
            if (entry.getStage() != DirCacheEntry.STAGE_0) {
                unmerged.add(entry.getPathString());
            }
        }
        DirCache index = DirCache.lock(file, InertFileSystem.INSTANCE);
        try {
            DirCacheBuilder builder = index.builder();
            for (int i = 0; i < index.getEntryCount(); i++) {
                if (!unmerged.contains(index.getEntry(i).getPathString())) {
                    builder.add(index.getEntry(i));
                }
            }
            for (DirCacheEntry entry : entries) {
                if (entry.getStage() != DirCacheEntry.STAGE_0) {
                    builder.add(entry);
                }
            }
            if (!builder.commit()) {
                throw new IOException("the index could not be written");
            }
        } finally {
            index.unlock();
        }
    }
}
