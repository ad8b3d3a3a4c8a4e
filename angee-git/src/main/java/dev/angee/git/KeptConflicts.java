package dev.angee.git;

import dev.angee.ConflictException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.eclipse.jgit.dircache.DirCache;
import org.eclipse.jgit.dircache.DirCacheEntry;
import org.eclipse.jgit.dircache.DirCacheIterator;
import org.eclipse.jgit.lib.FileMode;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.Repository;
import org.eclipse.jgit.treewalk.TreeWalk;
import org.eclipse.jgit.treewalk.filter.PathFilterGroup;
import org.jspecify.annotations.Nullable;

/**
 * How the files in conflict stood when a conflict was put into a worktree. Not all of them have markers in them (what is not
 * text, what one side deleted, links, modes), so that one which nobody has seen to looks like one that is resolved.
 */
final class KeptConflicts {
    static final String FILE = "angee-conflicts";

    private static final int LARGEST = 4 * 1024 * 1024;
    private static final String ABSENT = "absent";

    private KeptConflicts() {}

    /** Writes down how the files stand that the index has in conflict. */
    static void write(AdminFolder record, Path worktree, DirCache index) throws IOException {
        Map<String, String> stamps = new LinkedHashMap<>();
        for (String path : unmerged(index).keySet()) {
            stamps.put(path, stampOf(worktree.resolve(path)));
        }
        write(record, stamps);
    }

    private static void write(AdminFolder record, Map<String, String> stamps) throws IOException {
        StringBuilder text = new StringBuilder();
        stamps.forEach(
                (path, stamp) -> text.append(stamp).append('\0').append(path).append('\0'));
        record.write(FILE, text.toString());
    }

    /** Of the files that it was written down of, those that are in conflict, and that nobody has seen to. */
    static List<String> written(OpenWorktree open) throws IOException {
        Map<String, String> kept = read(open.record);
        if (kept.isEmpty()) {
            return List.of();
        }
        List<String> found = new ArrayList<>();
        for (String path : unmerged(open.repository.readDirCache()).keySet()) {
            if (kept.containsKey(path)
                    && kept.get(path).equals(stampOf(open.worktree.path().resolve(path)))) {
                found.add(path);
            }
        }
        return found;
    }

    /** Writes anew how files stand that were taken away and put back, and that nobody had seen to before that. */
    static void writeAgain(OpenWorktree open, List<String> untouched, FileRestoration files) throws IOException {
        if (untouched.isEmpty()) {
            return;
        }
        Map<String, String> kept = read(open.record);
        for (String path : unmerged(open.repository.readDirCache()).keySet()) {
            if (untouched.contains(path) && kept.containsKey(path) && files.isPutBack(path)) {
                kept.put(path, stampOf(open.worktree.path().resolve(path)));
            }
        }
        write(open.record, kept);
    }

    /** Refuses to go on while there are such. */
    static void requireTouched(OpenWorktree open) throws IOException {
        List<String> untouched = untouched(open);
        if (!untouched.isEmpty()) {
            throw new ConflictException(
                    "worktree",
                    open.worktree.path().toString(),
                    "files in conflict are as the conflict left them (" + String.join(", ", untouched)
                            + "); change or delete them, or stage them ('git add') if they are right as they are");
        }
    }

    /**
     * The files that are in conflict in the index, and that nobody has seen to. Of a merge that another git began, those are
     * taken for it that are as one of the sides has them.
     */
    static List<String> untouched(OpenWorktree open) throws IOException {
        DirCache index = open.repository.readDirCache();
        Map<String, List<ObjectId>> unmerged = unmerged(index);
        if (unmerged.isEmpty()) {
            return List.of();
        }
        Map<String, String> kept = read(open.record);
        List<String> untouched = new ArrayList<>();
        List<String> unknown = new ArrayList<>();
        for (String path : unmerged.keySet()) {
            String then = kept.get(path);
            if (then == null) {
                unknown.add(path);
            } else if (then.equals(stampOf(open.worktree.path().resolve(path)))) {
                untouched.add(path);
            }
        }
        untouched.addAll(asASide(open.repository, index, unmerged, unknown));
        return untouched.stream().sorted().toList();
    }

    private static Map<String, List<ObjectId>> unmerged(DirCache index) {
        Map<String, List<ObjectId>> unmerged = new TreeMap<>();
        for (int i = 0; i < index.getEntryCount(); i++) {
            DirCacheEntry entry = index.getEntry(i);
            if (entry.getStage() != DirCacheEntry.STAGE_0) {
                unmerged.computeIfAbsent(entry.getPathString(), path -> new ArrayList<>())
                        .add(entry.getObjectId());
            }
        }
        return unmerged;
    }

    private static Map<String, String> read(AdminFolder record) {
        Map<String, String> kept = new LinkedHashMap<>();
        String[] fields = AdminFolder.plainText(record.folder().resolve(FILE), LARGEST)
                .orElse("")
                .split("\0", -1);
        for (int i = 0; i + 1 < fields.length; i += 2) {
            kept.put(fields[i + 1], fields[i]);
        }
        return kept;
    }

    /** A change of its owner or its mode says nothing of what is in it. */
    private static String stampOf(Path file) throws IOException {
        try {
            BasicFileAttributes found =
                    Files.readAttributes(file, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
            Instant changed = found.lastModifiedTime().toInstant();
            return changed.getEpochSecond() + "." + changed.getNano() + " " + found.size();
        } catch (NoSuchFileException e) {
            return ABSENT;
        } catch (IOException e) {
            if (Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
                throw e;
            }
            return ABSENT; // What was a folder above it is something else now.
        }
    }

    private static List<String> asASide(
            Repository repository, DirCache index, Map<String, List<ObjectId>> unmerged, List<String> paths)
            throws IOException {
        List<String> found = new ArrayList<>();
        if (paths.isEmpty()) {
            return found;
        }
        WorkingFiles working = WorkingFiles.of(repository);
        try (TreeWalk walk = new TreeWalk(repository)) {
            walk.addTree(new DirCacheIterator(index));
            walk.addTree(working);
            working.setDirCacheIterator(walk, 0);
            walk.setRecursive(true);
            walk.setFilter(PathFilterGroup.createFromStrings(paths));
            while (walk.next()) {
                @Nullable WorkingFiles file = walk.getTree(1, WorkingFiles.class);
                List<ObjectId> sides = unmerged.get(walk.getPathString());
                if (file != null
                        && sides != null
                        && !FileMode.TREE.equals(file.getEntryFileMode())
                        && sides.contains(file.getEntryObjectId())) {
                    found.add(walk.getPathString());
                }
            }
        }
        return found;
    }
}
