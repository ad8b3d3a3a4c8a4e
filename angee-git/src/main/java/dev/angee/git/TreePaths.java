package dev.angee.git;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.eclipse.jgit.lib.FileMode;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.Repository;
import org.eclipse.jgit.treewalk.TreeWalk;

/** The paths of trees. */
final class TreePaths {
    private TreePaths() {}

    /** The files that one tree has and the other has not. */
    static List<String> onlyIn(Repository repository, ObjectId tree, ObjectId other) throws IOException {
        List<String> paths = new ArrayList<>();
        try (TreeWalk walk = new TreeWalk(repository)) {
            walk.addTree(tree);
            walk.addTree(other);
            walk.setRecursive(true);
            while (walk.next()) {
                if (walk.getFileMode(0) != FileMode.MISSING && walk.getFileMode(1) == FileMode.MISSING) {
                    paths.add(walk.getPathString());
                }
            }
        }
        return paths;
    }
}
