package dev.angee.git;

import dev.angee.AngeeException;
import dev.angee.ConflictException;
import dev.angee.source.BranchName;
import dev.angee.source.CloneFiles;
import dev.angee.source.MergeOutcome;
import dev.angee.source.Worktree;
import dev.angee.source.WorktreeClone;
import java.io.IOException;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.eclipse.jgit.errors.IncorrectObjectTypeException;
import org.eclipse.jgit.errors.MissingObjectException;
import org.eclipse.jgit.lib.Constants;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.Ref;
import org.eclipse.jgit.lib.Repository;
import org.eclipse.jgit.revwalk.RevCommit;
import org.eclipse.jgit.revwalk.RevWalk;

/** The clone of a worktree. No git program has anything to do with it, here. */
final class JGitClone implements WorktreeClone {
    private static final String WHY = "take from its clone";

    /** Of commits that are nowhere else, one is enough; more than so many are not even counted. */
    private static final int MOST_COUNTED = 1000;

    private final Worktree worktree;
    private final Cache cache;
    private final RepositoryLocks locks;

    JGitClone(Worktree worktree, RepositoryLocks locks) {
        this.worktree = worktree;
        this.cache = new Cache(worktree.cache());
        this.locks = locks;
    }

    @Override
    public CloneFiles offer() {
        String purpose = "offer a clone of '" + worktree.path() + "'";
        return JGitSourceControl.call(purpose, () -> {
            AdminFolder record = cache.recordOf(worktree);
            CloneFolder clone = CloneFolder.of(record, cache.folder());
            return locks.worktree(
                    cache.folder(),
                    record,
                    purpose,
                    () -> ForeignLocks.waitingFor(() -> {
                        try (OpenWorktree open = new OpenWorktree(worktree, record)) {
                            boolean unused = Recovery.of(open); // What was cut off before is put right first.
                            CloneMaking making = new CloneMaking(clone, CloneContent.of(open));
                            if (!clone.exists()) {
                                making.make(worktree);
                            } else {
                                clone.requireOf(worktree, record);
                                try (CloneLook look = CloneLook.into(clone)) {
                                    making.refresh(look, open.repository);
                                }
                            }
                            clone.own(worktree, record);
                            return clone.files();
                        }
                    }));
        });
    }

    @Override
    public MergeOutcome take() {
        String purpose = "take what was committed in the clone of '" + worktree.path() + "'";
        return JGitSourceControl.call(purpose, () -> {
            AdminFolder record = cache.recordOf(worktree);
            CloneFolder clone = CloneFolder.of(record, cache.folder());
            clone.requireOf(worktree, record);
            try (CloneLook look = CloneLook.into(clone)) {
                return take(look, record, purpose);
            }
        });
    }

    /** What somebody else made is read with no lock held, however long he makes that take. */
    private MergeOutcome take(CloneLook look, AdminFolder record, String purpose) throws IOException {
        BranchName branch = record.branch()
                .orElseThrow(() -> new ConflictException(
                        "worktree", worktree.path().toString(), "it is on no branch; check one out first"));
        ObjectId tip = tipOf(look, branch);
        CacheLayout.checkObjects(cache.folder());
        try (Quarantine quarantine = Quarantine.in(look.scratch(), cache.folder())) {
            if (!quarantine.has(tip)) {
                look.objectsInto(quarantine);
            }
            if (!quarantine.has(tip)) {
                throw Quarantine.invalid("its branch '" + branch + "'", "is at a commit that is not there");
            }
            Seen seen = bring(quarantine, record, branch, tip);
            return locks.shared(
                    cache.folder(),
                    purpose,
                    () -> locks.worktree(
                            cache.folder(),
                            record,
                            purpose,
                            () -> ForeignLocks.waitingFor(() -> accept(quarantine, record, branch, seen, tip))));
        }
    }

    /**
     * Brings all that is new into the cache, where it does no harm before a branch leads to it; if the two have not parted.
     */
    private Seen bring(Quarantine quarantine, AdminFolder record, BranchName branch, ObjectId tip) throws IOException {
        try (OpenWorktree open = new OpenWorktree(worktree, record);
                RevWalk walk = new RevWalk(quarantine.repository())) {
            ObjectId head = open.head();
            if (!open.journal.isThere()) {
                CloneContent.requireBranch(open);
            }
            boolean goesOn = isContinuation(walk, head, tip, branch);
            if (goesOn) {
                quarantine.bring(tip, open.repository);
            }
            return new Seen(head, goesOn);
        } catch (MissingObjectException | IncorrectObjectTypeException e) {
            throw broken(branch, e);
        }
    }

    /** Whether it goes on from there; not if it is all there. */
    private boolean isContinuation(RevWalk walk, ObjectId head, ObjectId tip, BranchName branch) throws IOException {
        RevCommit before = walk.parseCommit(head);
        RevCommit after = walk.parseCommit(tip);
        if (walk.isMergedInto(after, before)) {
            return false;
        }
        if (!walk.isMergedInto(before, after)) {
            throw parted("its branch is not a continuation of the worktree's '" + branch + "'");
        }
        return true;
    }

    private static AngeeException broken(BranchName branch, IOException cause) {
        return Quarantine.invalid("its branch '" + branch + "'", "is broken (" + cause.getMessage() + ")");
    }

    private ObjectId tipOf(CloneLook look, BranchName branch) throws IOException {
        if (!look.branch().equals(Optional.of(branch.fullName()))) {
            throw parted("the clone is on another branch than '" + branch + "', or in the midst of a rebase");
        }
        return look.tip(branch).orElseThrow(() -> parted("the clone has no branch '" + branch + "' any more"));
    }

    /** Moves the worktree's branch to what the cache has by now. */
    private MergeOutcome accept(Quarantine quarantine, AdminFolder record, BranchName branch, Seen seen, ObjectId tip)
            throws IOException {
        try (OpenWorktree open = new OpenWorktree(worktree, record);
                RevWalk walk = new RevWalk(quarantine.repository())) {
            boolean unused = Recovery.of(open); // What was cut off before is put right first.
            if (!CloneContent.requireBranch(open).equals(branch)) {
                throw parted("the worktree has gone to another branch meanwhile");
            }
            open.requireNoAutostash();
            ObjectId head = open.head();
            boolean same = head.equals(seen.head());
            if (!(same ? seen.goesOn() : isContinuation(walk, head, tip, branch))) {
                return new MergeOutcome.UpToDate(RemoteRefs.id(head));
            }
            if (!seen.goesOn()) {
                quarantine.bring(tip, open.repository); // All was there, and the worktree has gone back since.
            }
            RevCommit before = walk.parseCommit(head);
            RevCommit after = walk.parseCommit(tip);
            new IndexForward(open).move(before, after, WHY, () -> open.moveHead(before, after, WHY));
            return new MergeOutcome.FastForward(RemoteRefs.id(after));
        } catch (MissingObjectException | IncorrectObjectTypeException e) {
            throw broken(branch, e);
        }
    }

    /** How the two were to each other before anything was locked: where the worktree was, and whether the clone goes on. */
    private record Seen(ObjectId head, boolean goesOn) {}

    private ConflictException parted(String problem) {
        return new ConflictException(
                "clone of worktree",
                worktree.path().toString(),
                problem + "; have it brought there by a merge, or discard the clone");
    }

    @Override
    public void discard() {
        String purpose = "discard the clone of '" + worktree.path() + "'";
        JGitSourceControl.call(purpose, () -> {
            AdminFolder record = cache.recordOf(worktree);
            return locks.worktree(cache.folder(), record, purpose, () -> {
                CloneFolder clone = CloneFolder.of(record, cache.folder());
                if (clone.exists()) {
                    clone.requireOf(worktree, record);
                    clone.remove();
                }
                return worktree;
            });
        });
    }

    /** What the clone of a worktree has that is nowhere else, in a sentence for people. */
    static Optional<String> untaken(CloneFolder clone, Repository cache, Optional<ObjectId> head) throws IOException {
        if (!clone.exists()) {
            return Optional.empty();
        }
        try (CloneLook look = CloneLook.into(clone)) {
            Set<ObjectId> known = new HashSet<>();
            Set<ObjectId> missing = new HashSet<>();
            for (Map.Entry<String, ObjectId> ref : look.refs().entrySet()) {
                if (missing.size() < MOST_COUNTED && !ref.getKey().startsWith(RemoteRefs.PREFIX)) {
                    boolean has = cache.getObjectDatabase().has(ref.getValue());
                    (has ? known : missing).add(ref.getValue());
                }
            }
            int alone = missing.size() + (areOnBranches(known, cache, head) ? 0 : 1);
            return alone == 0
                    ? Optional.empty()
                    : Optional.of("its clone has commits that were not taken, in " + alone + " places");
        } catch (AngeeException | IOException e) {
            return Optional.of("nobody knows what is in its clone: " + e.getMessage());
        }
    }

    /** Whether all these commits are on branches and tags of the cache, or in the worktree's own history. */
    private static boolean areOnBranches(Set<ObjectId> commits, Repository cache, Optional<ObjectId> head)
            throws IOException {
        try (RevWalk walk = new RevWalk(cache)) {
            for (ObjectId id : commits) {
                if (walk.parseAny(id) instanceof RevCommit start) {
                    walk.markStart(start);
                }
            }
            if (head.isPresent()) {
                walk.markUninteresting(walk.parseCommit(head.get()));
            }
            for (Ref ref : cache.getRefDatabase().getRefsByPrefix(Constants.R_REFS)) {
                if (ref.getObjectId() != null && walk.parseAny(ref.getObjectId()) instanceof RevCommit known) {
                    walk.markUninteresting(known);
                }
            }
            return walk.next() == null;
        }
    }
}
