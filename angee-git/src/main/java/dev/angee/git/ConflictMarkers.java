package dev.angee.git;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.eclipse.jgit.dircache.DirCache;
import org.eclipse.jgit.dircache.DirCacheIterator;
import org.eclipse.jgit.lib.FileMode;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.Repository;
import org.eclipse.jgit.revwalk.RevWalk;
import org.eclipse.jgit.treewalk.TreeWalk;
import org.eclipse.jgit.treewalk.filter.PathFilterGroup;

/**
 * The files of a worktree that still hold git's markers of a conflict: all three of them, in their order, in a file that is
 * uncommitted and is not as one of the two sides has it.
 */
final class ConflictMarkers {
    private static final String[] MARKERS = {"<<<<<<< ", "=======", ">>>>>>> "};
    private static final int MOST = 64 * 1024 * 1024;

    private final OpenWorktree open;

    ConflictMarkers(OpenWorktree open) {
        this.open = open;
    }

    List<String> files() throws IOException {
        Repository repository = open.repository;
        ObjectId head = open.head();
        Set<String> paths =
                new HashSet<>(UncommittedChanges.of(repository, head).all());
        if (paths.isEmpty()) {
            return List.of();
        }
        List<String> marked = new ArrayList<>();
        DirCache index = repository.readDirCache();
        WorkingFiles working = WorkingFiles.of(repository);
        try (RevWalk commits = new RevWalk(repository);
                TreeWalk walk = new TreeWalk(repository)) {
            walk.addTree(new DirCacheIterator(index));
            walk.addTree(working);
            working.setDirCacheIterator(walk, 0);
            List<ObjectId> merged = repository.readMergeHeads();
            for (ObjectId side : merged == null ? List.<ObjectId>of() : merged) {
                walk.addTree(commits.parseCommit(side).getTree());
            }
            walk.setRecursive(true);
            walk.setFilter(PathFilterGroup.createFromStrings(paths));
            while (walk.next()) {
                WorkingFiles file = walk.getTree(1, WorkingFiles.class);
                boolean candidate = file != null
                        && paths.contains(walk.getPathString())
                        && !marked.contains(walk.getPathString())
                        && (file.getEntryFileMode().getBits() & FileMode.TYPE_MASK) == FileMode.TYPE_FILE;
                if (candidate && holdsMarkers(file) && !isAsASide(walk, file)) {
                    marked.add(walk.getPathString());
                }
            }
        }
        return marked;
    }

    private static boolean isAsASide(TreeWalk walk, WorkingFiles file) {
        ObjectId content = file.getEntryObjectId();
        for (int side = 2; side < walk.getTreeCount(); side++) {
            if (content.equals(walk.getObjectId(side))) {
                return true;
            }
        }
        return false;
    }

    private static boolean holdsMarkers(WorkingFiles file) throws IOException {
        try (InputStream in = file.openEntryStream()) {
            int found = 0;
            String text = new String(in.readNBytes(MOST), StandardCharsets.ISO_8859_1);
            for (String line : (Iterable<String>) text.lines()::iterator) {
                boolean next = found == 1 ? line.equals(MARKERS[1]) : line.startsWith(MARKERS[found]);
                found += next ? 1 : 0;
                if (found == MARKERS.length) {
                    return true;
                }
            }
            return false;
        }
    }
}
