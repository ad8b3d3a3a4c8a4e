package dev.angee.git;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import org.eclipse.jgit.dircache.DirCache;
import org.eclipse.jgit.dircache.DirCacheEditor;
import org.eclipse.jgit.dircache.DirCacheEntry;
import org.eclipse.jgit.lib.FileMode;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.revwalk.RevCommit;
import org.eclipse.jgit.treewalk.TreeWalk;
import org.eclipse.jgit.treewalk.filter.TreeFilter;

/** Has a worktree's index agree with another commit, without looking at a file. What somebody has staged stays staged. */
final class IndexForward {
    private final OpenWorktree open;

    IndexForward(OpenWorktree open) {
        this.open = open;
    }

    /**
     * Moves the worktree's head from one commit to another, and the index with it: both or neither, whenever the process
     * dies.
     *
     * @param ending what moves the head, done right before the index takes its place
     */
    void move(RevCommit from, RevCommit to, String why, WorktreeCheckout.Ending ending) throws IOException {
        PendingChange change = open.moving(PendingChange.of(why).ofIndex(), from, to);
        DirCache unused = open.journal.around(change, open, () -> {
            try (PrivateFolder place = PrivateFolder.make()) {
                Path copy = place.path().resolve("index");
                return new IndexReplacement(open, copy).around(() -> moved(copy, from.getTree(), to.getTree()), ending);
            }
        });
    }

    private DirCache moved(Path copy, ObjectId from, ObjectId to) throws IOException {
        DirCache index = DirCache.lock(copy.toFile(), InertFileSystem.INSTANCE);
        try {
            UncommittedChanges.requireFullCheckout(index);
            DirCacheEditor editor = index.editor();
            try (TreeWalk walk = new TreeWalk(open.repository)) {
                walk.addTree(from);
                walk.addTree(to);
                walk.setFilter(TreeFilter.ANY_DIFF);
                walk.setRecursive(true);
                while (walk.next()) {
                    change(walk, index.getEntry(walk.getPathString()), editor);
                }
            }
            editor.finish();
            index.write();
            if (!index.commit()) {
                throw new IOException("'" + copy + "' could not be written");
            }
            return index;
        } finally {
            index.unlock();
        }
    }

    private static void change(TreeWalk walk, DirCacheEntry entry, DirCacheEditor editor) {
        boolean asBefore = entry == null
                ? walk.getRawMode(0) == FileMode.TYPE_MISSING
                : entry.isMerged()
                        && entry.getRawMode() == walk.getRawMode(0)
                        && entry.getObjectId().equals(walk.getObjectId(0));
        if (!asBefore) {
            return;
        }
        if (walk.getRawMode(1) == FileMode.TYPE_MISSING) {
            editor.add(new DirCacheEditor.DeletePath(walk.getPathString()));
        } else {
            editor.add(new Change(walk.getPathString(), walk.getFileMode(1), walk.getObjectId(1)));
        }
    }

    /** Another content, of which nobody has looked whether the file has it. */
    private static final class Change extends DirCacheEditor.PathEdit {
        private final FileMode mode;
        private final ObjectId id;

        Change(String path, FileMode mode, ObjectId id) {
            super(path);
            this.mode = mode;
            this.id = id;
        }

        @Override
        public void apply(DirCacheEntry entry) {
            entry.setFileMode(mode);
            entry.setObjectId(id);
            entry.setLength(0);
            entry.setLastModified(Instant.EPOCH);
        }
    }
}
