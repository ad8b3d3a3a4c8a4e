package dev.angee.git;

import dev.angee.AngeeException;
import dev.angee.ErrorCode;
import java.io.IOException;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.eclipse.jgit.dircache.DirCache;
import org.eclipse.jgit.lib.IndexDiff;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.Repository;
import org.eclipse.jgit.submodule.SubmoduleWalk.IgnoreSubmoduleMode;

/**
 * What is uncommitted in a worktree, as one reading of it. Submodules are left out.
 *
 * @param unstaged paths that differ from the index, or are in conflict there
 * @param all those, and what is staged; in order
 */
record UncommittedChanges(List<String> unstaged, List<String> all) {

    static UncommittedChanges of(Repository worktree, ObjectId head) throws IOException {
        IndexDiff diff = new IndexDiff(worktree, head, WorkingFiles.lookedAt(worktree));
        diff.setIgnoreSubmoduleMode(IgnoreSubmoduleMode.ALL);
        diff.diff();
        Set<String> unstaged =
                union(List.of(diff.getMissing(), diff.getModified(), diff.getUntracked(), diff.getConflicting()));
        Set<String> all = union(List.of(unstaged, diff.getAdded(), diff.getChanged(), diff.getRemoved()));
        return new UncommittedChanges(List.copyOf(unstaged), List.copyOf(all));
    }

    /** The files that are there and that the index does not know. */
    static Set<String> untracked(Repository worktree, ObjectId tree) throws IOException {
        IndexDiff diff = new IndexDiff(worktree, tree, WorkingFiles.of(worktree));
        diff.setIgnoreSubmoduleMode(IgnoreSubmoduleMode.ALL);
        diff.diff();
        return diff.getUntracked();
    }

    /** The files that the index knows, but not as they are, without those in conflict. */
    static List<String> besidesConflicts(Repository worktree, ObjectId tree) throws IOException {
        IndexDiff diff = new IndexDiff(worktree, tree, WorkingFiles.of(worktree));
        diff.setIgnoreSubmoduleMode(IgnoreSubmoduleMode.ALL);
        diff.diff();
        Set<String> changed = union(List.of(diff.getMissing(), diff.getModified()));
        changed.removeAll(diff.getConflicting());
        return List.copyOf(changed);
    }

    private static Set<String> union(Collection<Set<String>> sets) {
        Set<String> union = new TreeSet<>();
        sets.forEach(union::addAll);
        return union;
    }

    /** With a sparse checkout JGit takes what was left out for deleted, and would commit that. */
    static void requireFullCheckout(DirCache index) {
        for (int i = 0; i < index.getEntryCount(); i++) {
            if (index.getEntry(i).isSkipWorkTree()) {
                throw new AngeeException(
                        ErrorCode.UNSUPPORTED,
                        "the worktree is a sparse checkout ('"
                                + index.getEntry(i).getPathString()
                                + "' is left out), and that cannot be committed or merged; run 'git sparse-checkout"
                                + " disable' in it");
            }
        }
    }
}
