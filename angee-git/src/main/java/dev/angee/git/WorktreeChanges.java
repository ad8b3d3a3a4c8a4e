package dev.angee.git;

import dev.angee.source.FileDiff;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.eclipse.jgit.dircache.DirCache;
import org.eclipse.jgit.dircache.DirCacheBuilder;
import org.eclipse.jgit.dircache.DirCacheEntry;
import org.eclipse.jgit.dircache.DirCacheIterator;
import org.eclipse.jgit.lib.Constants;
import org.eclipse.jgit.lib.FileMode;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.ObjectReader;
import org.eclipse.jgit.lib.Repository;
import org.eclipse.jgit.revwalk.RevWalk;
import org.eclipse.jgit.treewalk.TreeWalk;
import org.eclipse.jgit.treewalk.TreeWalk.OperationType;
import org.eclipse.jgit.treewalk.filter.PathFilterGroup;

/** How the files of a worktree differ from those of the commit that it is on. Reads, and writes nothing anywhere. */
final class WorktreeChanges {
    private final Repository worktree;
    private final MemoryObjects objects;

    WorktreeChanges(Repository worktree) {
        this.worktree = worktree;
        this.objects = new MemoryObjects(worktree);
    }

    List<FileDiff> since(ObjectId head) throws IOException {
        Set<String> paths = Set.copyOf(UncommittedChanges.of(worktree, head).all());
        if (paths.isEmpty()) {
            return List.of();
        }
        try (ObjectReader reader = objects.newReader()) {
            DirCacheIterator before = new DirCacheIterator(committed(head, paths));
            return FileDiffs.between(reader, before, new DirCacheIterator(present(paths)));
        }
    }

    private DirCache committed(ObjectId head, Set<String> paths) throws IOException {
        try (RevWalk commits = new RevWalk(worktree);
                TreeWalk walk = new TreeWalk(worktree)) {
            walk.addTree(commits.parseCommit(head).getTree());
            walk.setRecursive(true);
            walk.setFilter(PathFilterGroup.createFromStrings(paths));
            Map<String, DirCacheEntry> files = new TreeMap<>();
            while (walk.next()) {
                if (paths.contains(walk.getPathString())) {
                    put(files, walk.getRawPath(), walk.getFileMode(), walk.getObjectId(0));
                }
            }
            return of(files);
        }
    }

    private DirCache present(Set<String> paths) throws IOException {
        DirCache index = worktree.readDirCache();
        WorkingFiles working = WorkingFiles.of(worktree);
        Map<String, DirCacheEntry> files = new TreeMap<>();
        try (TreeWalk walk = new TreeWalk(worktree)) {
            walk.setOperationType(OperationType.CHECKIN_OP);
            walk.addTree(new DirCacheIterator(index));
            walk.addTree(working);
            working.setDirCacheIterator(walk, 0);
            walk.setRecursive(true);
            walk.setFilter(PathFilterGroup.createFromStrings(paths));
            while (walk.next()) {
                WorkingFiles file = walk.getTree(1, WorkingFiles.class);
                if (file != null && paths.contains(walk.getPathString())) {
                    FileMode mode = file.getIndexFileMode(walk.getTree(0, DirCacheIterator.class));
                    put(files, walk.getRawPath(), mode, insert(file, mode));
                }
            }
        }
        return of(files);
    }

    private ObjectId insert(WorkingFiles file, FileMode mode) throws IOException {
        if (FileMode.GITLINK.equals(mode)) {
            return file.getEntryObjectId();
        }
        try (InputStream in = file.openEntryStream()) {
            return objects.insert(Constants.OBJ_BLOB, file.getEntryContentLength(), in);
        }
    }

    private static void put(Map<String, DirCacheEntry> files, byte[] path, FileMode mode, ObjectId id) {
        DirCacheEntry entry = new DirCacheEntry(path);
        entry.setFileMode(mode);
        entry.setObjectId(id);
        files.put(entry.getPathString(), entry);
    }

    private static DirCache of(Map<String, DirCacheEntry> files) {
        DirCache cache = DirCache.newInCore();
        DirCacheBuilder builder = cache.builder();
        files.values().forEach(builder::add);
        builder.finish();
        return cache;
    }
}
