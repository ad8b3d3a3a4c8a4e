package dev.angee.git;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.eclipse.jgit.diff.DiffEntry;
import org.eclipse.jgit.diff.DiffFormatter;
import org.eclipse.jgit.diff.PatchIdDiffFormatter;
import org.eclipse.jgit.lib.Constants;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.ObjectInserter;
import org.eclipse.jgit.lib.Repository;
import org.eclipse.jgit.patch.FileHeader;
import org.eclipse.jgit.revwalk.RevCommit;
import org.eclipse.jgit.revwalk.RevSort;
import org.eclipse.jgit.revwalk.RevWalk;

/** Which commits a rebase puts onto another one: those of one side, without merges and without what the other has. */
final class RebasePlan {
    private final Repository repository;

    RebasePlan(Repository repository) {
        this.repository = repository;
    }

    /** The commits, in the order in which they are to be put there. */
    List<ObjectId> commits(ObjectId ours, ObjectId onto) throws IOException {
        List<RevCommit> mine = between(onto, ours);
        Set<ObjectId> there = new HashSet<>();
        for (RevCommit commit : between(ours, onto)) {
            patch(commit).ifPresent(there::add);
        }
        List<ObjectId> wanted = new ArrayList<>();
        for (RevCommit commit : mine) {
            if (patch(commit).filter(there::contains).isEmpty()) {
                wanted.add(commit.copy());
            }
        }
        return wanted;
    }

    private List<RevCommit> between(ObjectId without, ObjectId tip) throws IOException {
        try (RevWalk walk = new RevWalk(repository)) {
            walk.sort(RevSort.TOPO);
            walk.sort(RevSort.REVERSE, true);
            walk.markStart(walk.parseCommit(tip));
            walk.markUninteresting(walk.parseCommit(without));
            List<RevCommit> commits = new ArrayList<>();
            for (RevCommit commit : walk) {
                if (commit.getParentCount() < 2) {
                    commits.add(commit);
                }
            }
            return commits;
        }
    }

    /** What a commit changes, wherever; nothing for one that changes nothing, which is like no other. */
    private Optional<ObjectId> patch(RevCommit commit) throws IOException {
        try (PatchIdDiffFormatter formatter = new PatchIdDiffFormatter();
                RevWalk walk = new RevWalk(repository)) {
            formatter.setRepository(repository);
            formatter.setDetectRenames(false);
            RevCommit parsed = walk.parseCommit(commit);
            ObjectId before = parsed.getParentCount() == 0
                    ? null
                    : walk.parseCommit(parsed.getParent(0)).getTree();
            List<DiffEntry> entries = formatter.scan(before, parsed.getTree());
            if (entries.isEmpty()) {
                return Optional.empty();
            }
            formatter.format(entries);
            ObjectId text = formatter.getCalulatedPatchId();
            return Optional.of(binariesOf(formatter, entries, text));
        }
    }

    /** Of binary files the text tells only that they differ; which ones they are, their ids do. */
    private static ObjectId binariesOf(DiffFormatter formatter, List<DiffEntry> entries, ObjectId text)
            throws IOException {
        StringBuilder all = new StringBuilder(text.name());
        for (DiffEntry entry : entries) {
            if (formatter.toFileHeader(entry).getPatchType() != FileHeader.PatchType.UNIFIED) {
                all.append(entry.getOldId().name()).append(entry.getNewId().name());
            }
        }
        try (ObjectInserter.Formatter ids = new ObjectInserter.Formatter()) {
            return ids.idFor(Constants.OBJ_BLOB, all.toString().getBytes(StandardCharsets.US_ASCII));
        }
    }
}
