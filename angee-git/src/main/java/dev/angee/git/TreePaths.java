package dev.angee.git;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.eclipse.jgit.lib.FileMode;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.Repository;
import org.eclipse.jgit.treewalk.TreeWalk;
import org.eclipse.jgit.treewalk.filter.TreeFilter;

/** The paths of trees. */
final class TreePaths {
    private static final int MOST_NAMED = 5;

    private TreePaths() {}

    /** The files that one tree has and the other has not. */
    static List<String> onlyIn(Repository repository, ObjectId tree, ObjectId other) throws IOException {
        return List.copyOf(modesOnlyIn(repository, tree, other).keySet());
    }

    private static Map<String, FileMode> modesOnlyIn(Repository repository, ObjectId tree, ObjectId other)
            throws IOException {
        Map<String, FileMode> paths = new LinkedHashMap<>();
        try (TreeWalk walk = new TreeWalk(repository)) {
            walk.addTree(tree);
            walk.addTree(other);
            walk.setFilter(TreeFilter.ANY_DIFF);
            walk.setRecursive(true);
            while (walk.next()) {
                if (walk.getFileMode(0) != FileMode.MISSING && walk.getFileMode(1) == FileMode.MISSING) {
                    paths.put(walk.getPathString(), walk.getFileMode(0));
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
        for (Map.Entry<String, FileMode> file :
                modesOnlyIn(worktree, wanted, present).entrySet()) {
            String path = file.getKey();
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
                    if (!FileMode.GITLINK.equals(file.getValue())) {
                        found.addAll(filesIn(worktree, place, leaving));
                    }
                    break;
                }
            }
        }
        return List.copyOf(found);
    }

    /** What a folder holds, besides what leaves: a file that comes in its place would be the end of it. */
    private static List<String> filesIn(Repository worktree, Path folder, Set<String> leaving) throws IOException {
        Path root = worktree.getWorkTree().toPath();
        try (Stream<Path> files = Files.walk(folder)) {
            return files.filter(file -> !Files.isDirectory(file, LinkOption.NOFOLLOW_LINKS))
                    .map(file -> root.relativize(file).toString())
                    .filter(path -> !leaving.contains(path))
                    .limit(MOST_NAMED)
                    .toList();
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }
}
