package dev.angee.git;

import dev.angee.source.MergePreview;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.eclipse.jgit.lib.FileMode;
import org.eclipse.jgit.revwalk.RevCommit;
import org.eclipse.jgit.revwalk.RevWalk;
import org.eclipse.jgit.revwalk.filter.RevFilter;
import org.eclipse.jgit.treewalk.NameConflictTreeWalk;
import org.eclipse.jgit.treewalk.TreeWalk;
import org.eclipse.jgit.treewalk.filter.TreeFilter;

/**
 * Merges of which every engine makes the same, so that none need be asked: there is one commit to compare with, and no file was
 * changed on both sides, but for the same change. Nothing was deleted either, for then it may have been renamed; and no file
 * became a folder, or the other way round.
 */
final class PlainMerge {
    private static final int BASE = 0;
    private static final int OURS = 1;
    private static final int THEIRS = 2;
    private static final MergePreview NOTHING = new MergePreview(List.of(), false);
    private static final MergePreview SOMETHING = new MergePreview(List.of(), true);

    private PlainMerge() {}

    /** What the merge comes to; empty if that is not plain. Both are commits of the walk, which is used up. */
    static Optional<MergePreview> of(RevWalk walk, RevCommit ours, RevCommit theirs) throws IOException {
        walk.setRevFilter(RevFilter.MERGE_BASE);
        walk.markStart(ours);
        walk.markStart(theirs);
        RevCommit base = walk.next();
        if (base == null || walk.next() != null) {
            return Optional.empty();
        }
        if (base.equals(theirs)) {
            return Optional.of(NOTHING);
        }
        if (base.equals(ours)) {
            return Optional.of(ours.getTree().equals(theirs.getTree()) ? NOTHING : SOMETHING);
        }
        walk.parseBody(base);
        try (TreeWalk trees = new NameConflictTreeWalk(walk.getObjectReader())) {
            trees.addTree(base.getTree());
            trees.addTree(ours.getTree());
            trees.addTree(theirs.getTree());
            trees.setFilter(TreeFilter.ANY_DIFF);
            return compare(trees);
        }
    }

    private static Optional<MergePreview> compare(TreeWalk trees) throws IOException {
        MergePreview found = NOTHING;
        while (trees.next()) {
            if (!isPlain(trees)) {
                return Optional.empty();
            }
            if (trees.isSubtree()) {
                trees.enterSubtree();
            } else if (!same(trees, BASE, OURS) && !same(trees, BASE, THEIRS) && !same(trees, OURS, THEIRS)) {
                return Optional.empty();
            } else if (!same(trees, BASE, THEIRS) && !same(trees, OURS, THEIRS)) {
                found = SOMETHING;
            }
        }
        return Optional.of(found);
    }

    /** Whether nothing is deleted, and all that is there is of one kind, and no repository in the repository. */
    private static boolean isPlain(TreeWalk trees) {
        int kind = 0;
        for (int side : new int[] {BASE, OURS, THEIRS}) {
            int mode = trees.getRawMode(side);
            if (mode == 0) {
                if (trees.getRawMode(BASE) != 0) {
                    return false;
                }
                continue;
            }
            int type = mode & FileMode.TYPE_MASK;
            if (type == FileMode.TYPE_GITLINK || (kind != 0 && kind != type)) {
                return false;
            }
            kind = type;
        }
        return true;
    }

    private static boolean same(TreeWalk trees, int one, int other) {
        return trees.getRawMode(one) == trees.getRawMode(other) && trees.idEqual(one, other);
    }
}
