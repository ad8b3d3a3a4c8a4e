package dev.angee.git;

import dev.angee.AngeeException;
import dev.angee.ErrorCode;
import dev.angee.source.MergeOutcome;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.eclipse.jgit.lib.FileMode;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.ObjectInserter;
import org.eclipse.jgit.lib.Repository;
import org.eclipse.jgit.merge.RecursiveMerger;
import org.eclipse.jgit.revwalk.RevCommit;
import org.eclipse.jgit.revwalk.RevTree;
import org.eclipse.jgit.revwalk.RevWalk;
import org.eclipse.jgit.revwalk.filter.RevFilter;
import org.eclipse.jgit.treewalk.TreeWalk;

/**
 * What two commits come to when merged; made of objects only, without touching any file. JGit does not see renames: a
 * file moved on one side and edited on the other is a conflict.
 *
 * @param tree the merged tree; with conflicts, one that has files with markers in it
 * @param conflicts the files in conflict, in order
 * @param stages what the index says of them
 * @param foldersAgainstFiles the paths at which one side has a folder and the other a file
 */
record MergedTree(ObjectId tree, List<String> conflicts, ConflictStages stages, List<String> foldersAgainstFiles)
        implements Landing.Merged {
    /** What the two commits come to, with what they have in common for a base. */
    static MergedTree of(Repository repository, RevCommit ours, RevCommit theirs) throws IOException {
        try (ObjectInserter inserter = repository.newObjectInserter()) {
            return of(repository, ours, theirs, inserter, theirs.name());
        }
    }

    /** The same, with new objects put elsewhere, and a name for their side in the markers. */
    static MergedTree of(
            Repository repository, RevCommit ours, RevCommit theirs, ObjectInserter inserter, String theirName)
            throws IOException {
        requireCommonHistory(repository, ours, theirs);
        StagedMerger merger = new StagedMerger(repository, inserter, theirName);
        return result(merger, merger.merge(ours, theirs), inserter);
    }

    /** A tree with what a commit changed. */
    static MergedTree picking(
            Repository repository, ObjectId onto, ObjectId before, RevCommit picked, ObjectInserter inserter)
            throws IOException {
        StagedMerger merger = new StagedMerger(
                repository, inserter, picked.abbreviate(7).name() + " (" + picked.getShortMessage() + ")");
        merger.setBase(before);
        return result(merger, merger.merge(onto, picked.getTree()), inserter);
    }

    private static MergedTree result(StagedMerger merger, boolean clean, ObjectInserter inserter) throws IOException {
        if (clean) {
            return new MergedTree(merger.getResultTreeId(), List.of(), ConflictStages.none(), List.of());
        }
        List<String> conflicts =
                merger.getUnmergedPaths().stream().distinct().sorted().toList();
        if (conflicts.isEmpty()) {
            throw new AngeeException(ErrorCode.FAILED, "the merge failed for no reason that JGit tells");
        }
        ConflictStages stages = merger.stages();
        return new MergedTree(stages.writeTree(inserter), conflicts, stages, merger.foldersAmong(conflicts));
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
                                ? ": the cache or its origin is shallow; deepen it (git fetch --unshallow there, or"
                                        + " fetch all commits) and fetch again"
                                : ""));
    }

    /** Refuses to put such conflicts into a worktree as would take files of ours away with them. */
    void requireKeepable() {
        if (!foldersAgainstFiles.isEmpty()) {
            throw new AngeeException(
                    ErrorCode.UNSUPPORTED,
                    "what is a file on one side is a folder on the other (" + String.join(", ", foldersAgainstFiles)
                            + "), and JGit cannot keep such a conflict; rename one of them first, or use the git"
                            + " program");
        }
    }

    @Override
    public MergeOutcome conflicted() {
        return new MergeOutcome.Conflicted(conflicts, "both sides changed " + String.join(", ", conflicts));
    }

    @Override
    public boolean isClean() {
        return conflicts.isEmpty();
    }

    /** JGit's merger, which also tells what it came to where there are conflicts. */
    private static final class StagedMerger extends RecursiveMerger {
        private final String theirName;

        StagedMerger(Repository repository, ObjectInserter inserter, String theirName) {
            super(repository, true);
            setObjectInserter(inserter);
            setCommitNames(new String[] {"BASE", "HEAD", theirName});
            this.theirName = theirName;
        }

        /** Of these paths, those at which a side has a folder: its files are in nothing that the merge came to. */
        List<String> foldersAmong(List<String> paths) throws IOException {
            List<String> folders = new ArrayList<>();
            for (String path : paths) {
                for (RevTree side : sourceTrees) {
                    try (TreeWalk walk = TreeWalk.forPath(reader, path, side)) {
                        if (walk != null && FileMode.TREE.equals(walk.getFileMode(0)) && !folders.contains(path)) {
                            folders.add(path);
                        }
                    }
                }
            }
            return List.copyOf(folders);
        }

        ConflictStages stages() {
            return ConflictStages.of(dircache, mergeResults, theirName);
        }
    }
}
