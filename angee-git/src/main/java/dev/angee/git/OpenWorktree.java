package dev.angee.git;

import dev.angee.AngeeException;
import dev.angee.ConflictException;
import dev.angee.ErrorCode;
import dev.angee.source.BranchName;
import dev.angee.source.CommitId;
import dev.angee.source.Unfinished;
import dev.angee.source.Worktree;
import dev.angee.source.WorktreeStatus;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.eclipse.jgit.lib.Constants;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.Ref;
import org.eclipse.jgit.lib.RefUpdate;
import org.eclipse.jgit.lib.Repository;
import org.eclipse.jgit.revwalk.RevCommit;
import org.eclipse.jgit.revwalk.RevWalk;
import org.eclipse.jgit.revwalk.RevWalkUtils;

/**
 * A worktree opened for one operation.
 *
 * <p>No ref that is moved here, or anywhere in this package, has its reflog written: JGit appends to it by its path, and would
 * follow a link there.
 */
final class OpenWorktree implements AutoCloseable {
    private static final List<String> AUTOSTASHES =
            List.of("MERGE_AUTOSTASH", "rebase-merge/autostash", "rebase-apply/autostash");

    private static final String SYMBOLIC = "ref: ";

    final Worktree worktree;
    final AdminFolder record;
    final Repository repository;
    final Journal journal;

    OpenWorktree(Worktree worktree, AdminFolder admin) throws IOException {
        this.worktree = worktree;
        this.record = admin;
        this.repository = new Cache(worktree.cache()).open(admin, worktree);
        this.journal = new Journal(worktree.cache(), admin);
    }

    /** The same worktree with another file for its index, for a caller that closes it. */
    Repository withIndex(Path index) throws IOException {
        return new Cache(worktree.cache()).open(record, worktree, index);
    }

    /** What {@code HEAD} says, as git writes it. */
    String headText() throws IOException {
        Ref head = repository.exactRef(Constants.HEAD);
        if (head != null && head.isSymbolic()) {
            return headOn(head.getTarget().getName());
        }
        return head == null || head.getObjectId() == null
                ? ""
                : head.getObjectId().name();
    }

    /** What {@code HEAD} says on this branch. */
    static String headOn(String branch) {
        return SYMBOLIC + branch;
    }

    /** The branch that a {@code HEAD} names which says this. */
    static Optional<BranchName> branchIn(String headText) {
        return headText.startsWith(SYMBOLIC)
                ? AdminFolder.fromFullName(headText.substring(SYMBOLIC.length()))
                : Optional.empty();
    }

    /** A change that moves the branch it is on, or the detached head. */
    PendingChange moving(PendingChange change, ObjectId from, ObjectId to) throws IOException {
        Optional<BranchName> branch = branch();
        return change.moving(branch.map(BranchName::fullName).orElse(Constants.HEAD), from, to);
    }

    /** The branch it is on; empty when detached. */
    Optional<BranchName> branch() throws IOException {
        Ref head = repository.exactRef(Constants.HEAD);
        if (head == null || !head.isSymbolic() || !head.getTarget().getName().startsWith(Constants.R_HEADS)) {
            return Optional.empty();
        }
        return Optional.of(BranchName.of(head.getTarget().getName().substring(Constants.R_HEADS.length())));
    }

    /** The commit it is on. */
    ObjectId head() throws IOException {
        Ref head = repository.exactRef(Constants.HEAD);
        if (head == null || head.getObjectId() == null) {
            throw new AngeeException(
                    ErrorCode.FAILED, "worktree '" + worktree.path() + "' is on a branch without a commit; make one");
        }
        return head.getObjectId();
    }

    /** Moves the branch it is on, or the detached head, unless somebody else has. */
    void moveHead(ObjectId from, ObjectId to, String why) throws IOException {
        RefUpdate.Result result =
                RefChange.of(repository, Constants.HEAD).expecting(from).to(to);
        if (result != RefUpdate.Result.FAST_FORWARD && result != RefUpdate.Result.FORCED) {
            throw new ConflictException(
                    "worktree",
                    worktree.path().toString(),
                    "its branch moved meanwhile (" + result + "), before '" + why + "'; try again");
        }
    }

    /** Puts it on this commit and on no branch. */
    void detachHead(ObjectId commit) throws IOException {
        RemoteRefs.check(RefChange.ofItself(repository, Constants.HEAD).to(commit), Constants.HEAD);
    }

    /** Puts it on this branch, wherever that is. */
    void attachHead(BranchName branch) throws IOException {
        RemoteRefs.check(RefChange.ofItself(repository, Constants.HEAD).link(branch.fullName()), Constants.HEAD);
    }

    WorktreeStatus status(BranchName base) throws IOException {
        ObjectId head = head();
        return status(base, head, UncommittedChanges.of(repository, head));
    }

    /** The same, knowing already what is uncommitted against its commit. */
    WorktreeStatus status(BranchName base, ObjectId head, UncommittedChanges changes) throws IOException {
        RemoteRefs remote = new RemoteRefs(repository);
        Optional<BranchName> branch = branch();
        ObjectId baseId = remote.require(base);
        Optional<ObjectId> pushedTo = branch.isPresent() ? remote.find(branch.get()) : Optional.empty();
        try (RevWalk walk = new RevWalk(repository)) {
            RevCommit ours = walk.parseCommit(head);
            RevCommit theirs = walk.parseCommit(baseId);
            boolean pushed = pushedTo.isPresent() && walk.isMergedInto(ours, walk.parseCommit(pushedTo.get()));
            return new WorktreeStatus(
                    branch,
                    new CommitId(head.name()),
                    changes.all(),
                    RevWalkUtils.count(walk, ours, theirs),
                    RevWalkUtils.count(walk, theirs, ours),
                    unfinished(),
                    pushed);
        }
    }

    /** What was begun and not ended; a change that goes on is neither. */
    Unfinished unfinished() {
        return journal.isOfTheDead() ? Unfinished.CHANGE : begun();
    }

    /** What was begun and not ended, as git knows it. */
    private Unfinished begun() {
        return switch (repository.getRepositoryState()) {
            case SAFE, BARE -> Unfinished.NOTHING;
            case MERGING, MERGING_RESOLVED -> Unfinished.MERGE;
            case REBASING, REBASING_REBASING, REBASING_MERGE, REBASING_INTERACTIVE -> Unfinished.REBASE;
            default -> Unfinished.OTHER;
        };
    }

    /** Whether a git that began something has put changes aside that are to come back when it ends. */
    boolean hasAutostash() {
        return AUTOSTASHES.stream()
                .anyMatch(name -> Files.exists(record.folder().resolve(name), LinkOption.NOFOLLOW_LINKS));
    }

    /** Refuses to end what another git began, where it has put changes aside: we would lose them. */
    void requireNoAutostash() {
        if (hasAutostash()) {
            throw new ConflictException(
                    "worktree",
                    worktree.path().toString(),
                    "the git that began what is unfinished in it has put changes aside (--autostash); end it with that"
                            + " one");
        }
    }

    @Override
    public void close() {
        repository.close();
    }
}
