package dev.angee.git;

import dev.angee.ConflictException;
import dev.angee.source.BranchName;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Optional;
import org.eclipse.jgit.lib.Constants;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.Ref;
import org.eclipse.jgit.lib.Repository;

/**
 * Puts a worktree right in which a change was cut off: by the death of the process that made it, or by a failure. What had
 * come to count is ended, all else is taken back; files that somebody has changed since are left as they are, and so are all
 * of them if somebody has gone on in the worktree: has taken our lock of the index away, and changed that, or moved the
 * branch. Being cut off itself, it can be done again.
 */
final class Recovery {
    private static final int MOST_NAMED = 20;
    private static final String GONE_ON =
            "and somebody has gone on in it since (the index, the branch or what is unfinished"
                    + " is another than then), so that its files were left as they are";

    private final OpenWorktree open;
    private final Repository repository;
    private final Journal journal;
    private final Path index;
    private final Path lock;

    private Recovery(OpenWorktree open) {
        this.open = open;
        this.repository = open.repository;
        this.journal = open.journal;
        this.index = repository.getIndexFile().toPath();
        this.lock = index.resolveSibling("index.lock");
    }

    /**
     * Does so, with the worktree's lock held.
     *
     * @return whether a change was cut off; not if there was nothing of one but a lock
     * @throws ConflictException if there was, and files were left as they are
     */
    static boolean of(OpenWorktree open) throws IOException {
        if (!open.journal.isThere()) {
            open.journal.removeUnseen();
            return false;
        }
        Recovery recovery = new Recovery(open);
        LeftPrograms.end(open.worktree.path());
        recovery.removeLeftLocks();
        return recovery.run();
    }

    /** The same, in the process that made it, whose programs have ended. */
    static void afterFailure(OpenWorktree open) throws IOException {
        if (open.journal.isThere()) {
            boolean unused = new Recovery(open).run();
        }
    }

    private boolean run() throws IOException {
        Optional<PendingChange> found = journal.entry();
        Optional<String> complaint = Optional.empty();
        boolean isHere = found.isPresent() && found.get().isIn(open.record);
        if (isHere) {
            PendingChange change = found.get();
            if (counts(change)) {
                end(change);
            } else {
                complaint = takeBack(change);
            }
        }
        if (journal.isLock(lock)) {
            Files.delete(lock);
        }
        journal.end();
        if (complaint.isPresent()) {
            throw new ConflictException(
                    "worktree",
                    open.worktree.path().toString(),
                    "'" + found.get().doing() + "' was cut off in it " + complaint.get()
                            + "; look at them, then try again");
        }
        return isHere;
    }

    private static String named(List<String> files) {
        int more = files.size() - MOST_NAMED;
        return String.join(", ", files.subList(0, Math.min(files.size(), MOST_NAMED)))
                + (more > 0 ? " and " + more + " more" : "");
    }

    /** Nobody of us moves them now, and another git has such a lock for milliseconds. */
    private void removeLeftLocks() throws IOException {
        LocalBranches.awaitLock(open.record.folder().resolve(Constants.HEAD + ".lock"));
        Optional<BranchName> branch =
                journal.entry().flatMap(PendingChange::ref).flatMap(AdminFolder::fromFullName);
        if (branch.isPresent()) {
            LocalBranches.awaitLock(open.worktree.cache().resolve(branch.get().fullName() + ".lock"));
        }
    }

    /** The branch moves when all files are written, and then the index takes its place. */
    private boolean counts(PendingChange change) throws IOException {
        Optional<String> ref = change.ref();
        if (ref.isPresent() && !change.refFrom().equals(change.refTo())) {
            Ref now = repository.exactRef(ref.get());
            return now != null && Optional.ofNullable(now.getObjectId()).equals(change.refTo());
        }
        boolean arrived = change.standingTo() == PendingChange.Standing.NOTHING
                && change.headTo().equals(Optional.of(open.headText()));
        return arrived || journal.isLock(index);
    }

    private void end(PendingChange change) throws IOException {
        if (change.hasIndex() && journal.isLock(lock)) {
            Files.move(lock, index, StandardCopyOption.ATOMIC_MOVE); // It was whole before the branch moved.
        }
        turnHead(change.headFrom(), change.headTo());
        if (change.standingTo() == PendingChange.Standing.NOTHING
                && Whereabouts.of(open).hasNothingElseUnfinished(change.began())) {
            forget(change.standingFrom());
        }
    }

    private Optional<String> takeBack(PendingChange change) throws IOException {
        boolean touched = journal.hasLocked() && change.from().isPresent();
        boolean isLocked = journal.isLock(lock);
        if (!isLocked && hasGoneOn(change, touched)) {
            return touched ? Optional.of(GONE_ON) : Optional.empty();
        }
        List<String> left = List.of();
        if (touched) {
            journal.relock(index, lock);
            FileRestoration files =
                    new FileRestoration(open, change.from().get(), change.to().orElseThrow());
            left = files.run();
            KeptConflicts.writeAgain(open, journal.untouched(), files);
        }
        turnHead(change.headTo(), change.headFrom());
        if (change.standingTo() == PendingChange.Standing.REBASE
                && change.standingFrom() == PendingChange.Standing.REBASE) {
            RebaseState.goBack(open.record, open.worktree, repository, change.place());
        } else if (change.standingFrom() == PendingChange.Standing.NOTHING) {
            forget(change.standingTo());
        }
        return left.isEmpty()
                ? Optional.empty()
                : Optional.of("and is taken back now, but these files are neither as before nor as after it, so they"
                        + " were left: " + named(left));
    }

    /** Whether somebody has, since; once files may have been changed, the index tells too. */
    private boolean hasGoneOn(PendingChange change, boolean touched) throws IOException {
        Whereabouts then = change.began();
        Whereabouts now = Whereabouts.of(open);
        boolean ended = change.standingTo() == PendingChange.Standing.NOTHING && !now.hasSameUnfinishedAs(then);
        return isElsewhere(change)
                || !now.isOnTheWayFrom(then, change)
                || (touched && (ended || !now.hasSameIndexAs(then)));
    }

    private boolean isElsewhere(PendingChange change) throws IOException {
        if (change.ref().isEmpty()) {
            return false;
        }
        Ref now = repository.exactRef(change.ref().get());
        return now == null || !Optional.ofNullable(now.getObjectId()).equals(change.refFrom());
    }

    private void forget(PendingChange.Standing standing) throws IOException {
        switch (standing) {
            case MERGE -> MergeState.remove(open.record);
            case REBASE -> RebaseState.remove(open.record);
            case NOTHING -> {
                return; // There is nothing to forget.
            }
        }
    }

    /** Only from where it was put: somebody may have gone elsewhere since. */
    private void turnHead(Optional<String> present, Optional<String> wanted) throws IOException {
        if (wanted.isEmpty() || !present.equals(Optional.of(open.headText()))) {
            return;
        }
        if (ObjectId.isId(wanted.get())) {
            open.detachHead(ObjectId.fromString(wanted.get()));
            return;
        }
        Optional<BranchName> branch = OpenWorktree.branchIn(wanted.get());
        if (branch.isPresent()) {
            open.attachHead(branch.get());
        }
    }
}
