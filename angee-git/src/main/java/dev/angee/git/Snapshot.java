package dev.angee.git;

import java.io.IOException;
import java.io.InputStream;
import java.util.Map;
import java.util.TreeMap;
import org.eclipse.jgit.dircache.DirCache;
import org.eclipse.jgit.dircache.DirCacheBuilder;
import org.eclipse.jgit.dircache.DirCacheEntry;
import org.eclipse.jgit.dircache.DirCacheIterator;
import org.eclipse.jgit.lib.Constants;
import org.eclipse.jgit.lib.FileMode;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.ObjectInserter;
import org.eclipse.jgit.lib.Repository;
import org.eclipse.jgit.treewalk.TreeWalk;
import org.jspecify.annotations.Nullable;

/**
 * The files of a worktree as they are now, as a tree: those that its index knows, or another tree. So what is about to be
 * thrown away is not, before all of it is.
 */
final class Snapshot {
    private static final int INDEX = 0;
    private static final int FILES = 1;
    private static final int TREE = 2;

    private final Repository repository;
    private final Map<String, DirCacheEntry> entries = new TreeMap<>();

    private Snapshot(Repository repository) {
        this.repository = repository;
    }

    static ObjectId of(OpenWorktree open, ObjectId known) throws IOException {
        return new Snapshot(open.repository).write(known);
    }

    private ObjectId write(ObjectId known) throws IOException {
        DirCache index = repository.readDirCache();
        WorkingFiles files = WorkingFiles.of(repository);
        try (TreeWalk walk = new TreeWalk(repository);
                ObjectInserter inserter = repository.newObjectInserter()) {
            walk.addTree(new DirCacheIterator(index));
            walk.addTree(files);
            walk.addTree(known);
            files.setDirCacheIterator(walk, INDEX);
            while (walk.next()) {
                if (walk.isSubtree()) {
                    if (isFolder(walk, INDEX) || isFolder(walk, TREE)) {
                        walk.enterSubtree();
                    }
                } else if (!isMissing(walk, INDEX) || !isMissing(walk, TREE)) {
                    add(walk, inserter);
                }
            }
            DirCache tree = DirCache.newInCore();
            DirCacheBuilder builder = tree.builder();
            entries.values().forEach(builder::add);
            builder.finish();
            ObjectId id = tree.writeTree(inserter);
            inserter.flush();
            return id;
        }
    }

    private static boolean isFolder(TreeWalk walk, int tree) {
        return FileMode.TREE.equals(walk.getRawMode(tree));
    }

    private static boolean isMissing(TreeWalk walk, int tree) {
        return FileMode.MISSING.equals(walk.getRawMode(tree)) || isFolder(walk, tree);
    }

    private void add(TreeWalk walk, ObjectInserter inserter) throws IOException {
        DirCacheEntry entry = new DirCacheEntry(walk.getRawPath());
        if (FileMode.GITLINK.equals(walk.getRawMode(INDEX))) {
            entry.setFileMode(FileMode.GITLINK);
            entry.setObjectId(walk.getObjectId(INDEX));
            entries.put(walk.getPathString(), entry);
            return;
        }
        @Nullable WorkingFiles file = walk.getTree(FILES, WorkingFiles.class);
        if (file == null || FileMode.TREE.equals(file.getEntryFileMode())) {
            return;
        }
        entry.setFileMode(file.getEntryFileMode());
        entry.setObjectId(contentOf(file, inserter));
        entries.put(walk.getPathString(), entry);
    }

    private ObjectId contentOf(WorkingFiles file, ObjectInserter inserter) throws IOException {
        ObjectId id = file.getEntryObjectId();
        if (repository.getObjectDatabase().has(id)) {
            return id;
        }
        try (InputStream in = file.openEntryStream()) {
            return inserter.insert(Constants.OBJ_BLOB, file.getEntryContentLength(), in);
        }
    }
}
