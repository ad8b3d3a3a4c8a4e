package dev.angee.git;

import dev.angee.AngeeException;
import dev.angee.ErrorCode;
import dev.angee.source.MergeOutcome;
import java.io.IOException;
import java.util.List;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.Repository;
import org.eclipse.jgit.merge.MergeStrategy;
import org.eclipse.jgit.merge.RecursiveMerger;
import org.eclipse.jgit.revwalk.RevCommit;
import org.eclipse.jgit.revwalk.RevWalk;
import org.eclipse.jgit.revwalk.filter.RevFilter;

/**
 * What two commits come to when merged; made of objects only, without touching any file. JGit does not see renames: a
 * file moved on one side and edited on the other is a conflict.
 *
 * @param tree the merged tree; of no meaning if there are conflicts
 * @param conflicts the files in conflict, in order
 */
record MergedTree(ObjectId tree, List<String> conflicts) {

    static MergedTree of(Repository repository, RevCommit ours, RevCommit theirs) throws IOException {
        requireCommonHistory(repository, ours, theirs);
        RecursiveMerger merger = (RecursiveMerger) MergeStrategy.RECURSIVE.newMerger(repository, true);
        try {
            if (merger.merge(ours, theirs)) {
                return new MergedTree(merger.getResultTreeId(), List.of());
            }
            List<String> conflicts =
                    merger.getUnmergedPaths().stream().distinct().sorted().toList();
            if (conflicts.isEmpty()) {
                throw new AngeeException(ErrorCode.FAILED, "the merge failed for no reason that JGit tells");
            }
            return new MergedTree(ObjectId.zeroId(), conflicts);
        } finally {
            merger.getObjectInserter().close();
        }
    }

    static void requireCommonHistory(Repository repository, RevCommit ours, RevCommit theirs) throws IOException {
        try (RevWalk walk = new RevWalk(repository)) {
            walk.setRevFilter(RevFilter.MERGE_BASE);
            walk.markStart(walk.parseCommit(ours));
            walk.markStart(walk.parseCommit(theirs));
            if (walk.next() != null) {
                return;
            }
        }
        boolean shallow = !repository.getObjectDatabase().getShallowCommits().isEmpty();
        throw new AngeeException(
                ErrorCode.FAILED,
                "the two sides have no commit in common"
                        + (shallow
                                ? ": the origin is shallow; deepen it (git fetch --unshallow) and fetch again"
                                : ""));
    }

    MergeOutcome conflicted() {
        return new MergeOutcome.Conflicted(conflicts, "both sides changed " + String.join(", ", conflicts));
    }

    boolean isClean() {
        return conflicts.isEmpty();
    }
}
