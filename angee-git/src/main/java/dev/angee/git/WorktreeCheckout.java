package dev.angee.git;

import dev.angee.ConflictException;
import java.io.IOException;
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

/** Changes the files of a clean worktree from one tree's to another's; all of it or nothing. */
final class WorktreeCheckout {
    private final OpenWorktree open;

    WorktreeCheckout(OpenWorktree open) {
        this.open = open;
    }

    /** Refuses a worktree in which anything is uncommitted or unfinished. */
    void requireClean(ObjectId head) throws IOException {
        Repository repository = open.repository;
        UncommittedChanges.requireFullCheckout(repository.readDirCache());
        List<String> changed = UncommittedChanges.of(repository, head).all();
        if (!changed.isEmpty() || repository.getRepositoryState() != RepositoryState.SAFE) {
            throw new ConflictException(
                    "worktree",
                    open.worktree.path().toString(),
                    repository.getRepositoryState() != RepositoryState.SAFE
                            ? "something is unfinished in it; finish or abort that first"
                            : "it has uncommitted changes (" + changed.get(0) + "…); commit or discard them first");
        }
    }

    /** Changes the files, moves the branch, or the detached head, to the commit. */
    void advance(RevCommit from, ObjectId tree, ObjectId to, String why) throws IOException {
        change(from.getTree(), tree, () -> open.moveHead(from, to, why));
    }

    /** Changes the files, then does what makes it count. */
    void change(ObjectId from, ObjectId tree, Ending ending) throws IOException {
        List<String> ignored = TreePaths.inTheWay(open.repository, from, tree);
        if (!ignored.isEmpty()) {
            throw inTheWay(ignored);
        }
        try {
            checkOut(from, tree);
            ending.run();
        } catch (CheckoutConflictException e) {
            throw inTheWay(List.of(e.getConflictingFiles()));
        } catch (LockFailedException e) {
            throw e; // Nothing was begun.
        } catch (IOException | RuntimeException e) {
            try {
                force(tree, from);
            } catch (IOException | RuntimeException more) {
                e.addSuppressed(more);
            }
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

    /**
     * Makes the files those of the wanted tree, whatever they are now; of those that git does not know, only what may have
     * come with the other tree goes.
     */
    void force(ObjectId other, ObjectId wanted) throws IOException {
        Repository repository = open.repository;
        Set<String> theirs = new HashSet<>(TreePaths.onlyIn(repository, other, wanted));
        DirCache index = repository.lockDirCache();
        try {
            DirCacheCheckout checkout =
                    new DirCacheCheckout(repository, index, wanted, WorkingFiles.of(repository, index));
            checkout.setFailOnConflict(false);
            checkout.checkout();
        } finally {
            index.unlock();
        }
        for (String path : UncommittedChanges.untracked(repository, wanted)) {
            if (theirs.contains(path)) {
                FolderRemoval.of(open.worktree.path().resolve(path));
            }
        }
    }

    /** What makes a change of the files count. */
    @FunctionalInterface
    interface Ending {
        void run() throws IOException;
    }
}
