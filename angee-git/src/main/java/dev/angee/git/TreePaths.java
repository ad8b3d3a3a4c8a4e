package dev.angee.git;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.eclipse.jgit.lib.FileMode;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.Repository;
import org.eclipse.jgit.treewalk.TreeWalk;
import org.eclipse.jgit.treewalk.filter.TreeFilter;

/** The paths of trees. */
final class TreePaths {
    private TreePaths() {}

    /** The files that one tree has and the other has not. */
    static List<String> onlyIn(Repository repository, ObjectId tree, ObjectId other) throws IOException {
        List<String> paths = new ArrayList<>();
        try (TreeWalk walk = new TreeWalk(repository)) {
            walk.addTree(tree);
            walk.addTree(other);
            walk.setFilter(TreeFilter.ANY_DIFF);
            walk.setRecursive(true);
            while (walk.next()) {
                if (walk.getFileMode(0) != FileMode.MISSING && walk.getFileMode(1) == FileMode.MISSING) {
                    paths.add(walk.getPathString());
                }
            }
        }
        return paths;
    }

    /**
     * What stands in a clean worktree where a tree has files that the present one has not: since nothing is uncommitted,
     * it can only be what git ignores.
     */
    static List<String> inTheWay(Repository worktree, ObjectId present, ObjectId wanted) throws IOException {
        Set<String> leaving = new HashSet<>(onlyIn(worktree, present, wanted));
        Set<String> found = new TreeSet<>();
        for (String path : onlyIn(worktree, wanted, present)) {
            for (int end = path.indexOf('/'); ; end = path.indexOf('/', end + 1)) {
                String part = end < 0 ? path : path.substring(0, end);
                Path place = worktree.getWorkTree().toPath().resolve(part);
                if (leaving.contains(part) || !Files.exists(place, LinkOption.NOFOLLOW_LINKS)) {
                    break;
                }
                if (!Files.isDirectory(place, LinkOption.NOFOLLOW_LINKS)) {
                    found.add(part);
                    break;
                }
                if (end < 0) {
                    break;
                }
            }
        }
        return List.copyOf(found);
    }
}
