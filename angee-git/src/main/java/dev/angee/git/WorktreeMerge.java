package dev.angee.git;

import dev.angee.ConflictException;
import dev.angee.source.Author;
import dev.angee.source.BranchName;
import dev.angee.source.MergeOutcome;
import java.io.IOException;
import java.time.Clock;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.eclipse.jgit.dircache.DirCache;
import org.eclipse.jgit.dircache.DirCacheCheckout;
import org.eclipse.jgit.errors.CheckoutConflictException;
import org.eclipse.jgit.errors.LockFailedException;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.Repository;
import org.eclipse.jgit.lib.RepositoryState;
import org.eclipse.jgit.revwalk.RevCommit;
import org.eclipse.jgit.revwalk.RevWalk;

/** Brings a branch of the remote into a worktree; all of it or nothing. */
final class WorktreeMerge {
    private final OpenWorktree open;
    private final Author author;
    private final Clock clock;

    WorktreeMerge(OpenWorktree open, Author author, Clock clock) {
        this.open = open;
        this.author = author;
        this.clock = clock;
    }

    MergeOutcome of(BranchName remoteBranch) throws IOException {
        Repository repository = open.repository;
        ObjectId theirsId = new RemoteRefs(repository).require(remoteBranch);
        ObjectId head = open.head();
        requireClean(head);
        try (RevWalk walk = new RevWalk(repository)) {
            RevCommit ours = walk.parseCommit(head);
            RevCommit theirs = walk.parseCommit(theirsId);
            if (walk.isMergedInto(theirs, ours)) {
                return new MergeOutcome.UpToDate(RemoteRefs.id(ours));
            }
            if (walk.isMergedInto(ours, theirs)) {
                advance(ours, theirs.getTree(), theirs, "merge origin/" + remoteBranch + ": Fast-forward");
                return new MergeOutcome.FastForward(RemoteRefs.id(theirs));
            }
            MergedTree merged = MergedTree.of(repository, ours, theirs);
            if (!merged.isClean()) {
                return merged.conflicted();
            }
            ObjectId commit = new NewCommit(message(remoteBranch), author, clock)
                    .write(repository, merged.tree(), List.of(ours, theirs));
            advance(ours, merged.tree(), commit, "merge origin/" + remoteBranch);
            return new MergeOutcome.Merged(RemoteRefs.id(commit));
        }
    }

    private String message(BranchName remoteBranch) throws IOException {
        String into = open.branch().map(BranchName::value).orElse("HEAD");
        return "Merge branch 'origin/" + remoteBranch + "' into " + into;
    }

    private void requireClean(ObjectId head) throws IOException {
        Repository repository = open.repository;
        UncommittedChanges.requireFullCheckout(repository.readDirCache());
        List<String> changed = UncommittedChanges.of(repository, head).all();
        if (!changed.isEmpty() || repository.getRepositoryState() != RepositoryState.SAFE) {
            throw new ConflictException(
                    "worktree",
                    open.worktree.path().toString(),
                    changed.isEmpty()
                            ? "something is unfinished in it; finish or abort that first"
                            : "it has uncommitted changes (" + changed.get(0) + "…); commit or discard them first");
        }
    }

    private void advance(RevCommit from, ObjectId tree, ObjectId to, String why) throws IOException {
        List<String> ignored = TreePaths.inTheWay(open.repository, from.getTree(), tree);
        if (!ignored.isEmpty()) {
            throw inTheWay(ignored);
        }
        try {
            checkOut(from.getTree(), tree);
            open.moveHead(from, to, why);
        } catch (CheckoutConflictException e) {
            throw inTheWay(List.of(e.getConflictingFiles()));
        } catch (LockFailedException e) {
            throw e; // Nothing was begun.
        } catch (IOException | RuntimeException e) {
            goBack(tree, e);
            throw e;
        }
    }

    private ConflictException inTheWay(List<String> files) {
        return new ConflictException(
                "worktree",
                open.worktree.path().toString(),
                "files that are not git's stand in the way (" + String.join(", ", files) + "); move them away");
    }

    private void checkOut(ObjectId from, ObjectId to) throws IOException {
        Repository repository = open.repository;
        DirCache index = repository.lockDirCache();
        try {
            DirCacheCheckout checkout =
                    new DirCacheCheckout(repository, from, index, to, WorkingFiles.of(repository, index));
            checkout.setFailOnConflict(true);
            checkout.checkout();
        } finally {
            index.unlock();
        }
    }

    /** Makes the files what the branch says, which is what they were: those the merge has changed, and no others. */
    private void goBack(ObjectId tree, Exception failure) {
        Repository repository = open.repository;
        try (RevWalk walk = new RevWalk(repository)) {
            ObjectId before = walk.parseCommit(open.head()).getTree();
            Set<String> theirs = new HashSet<>(TreePaths.onlyIn(repository, tree, before));
            DirCache index = repository.lockDirCache();
            try {
                DirCacheCheckout checkout =
                        new DirCacheCheckout(repository, index, before, WorkingFiles.of(repository, index));
                checkout.setFailOnConflict(false);
                checkout.checkout();
            } finally {
                index.unlock();
            }
            for (String path : UncommittedChanges.of(repository, open.head()).unstaged()) {
                if (theirs.contains(path)) {
                    FolderRemoval.of(open.worktree.path().resolve(path));
                }
            }
        } catch (IOException | RuntimeException e) {
            failure.addSuppressed(e);
        }
    }
}
