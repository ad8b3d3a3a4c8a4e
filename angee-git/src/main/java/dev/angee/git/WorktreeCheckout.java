package dev.angee.git;

import dev.angee.ConflictException;
import dev.angee.internal.FolderRemoval;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.List;
import org.eclipse.jgit.dircache.DirCache;
import org.eclipse.jgit.dircache.DirCacheCheckout;
import org.eclipse.jgit.errors.CheckoutConflictException;
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
        PendingChange change = open.moving(PendingChange.of(why).files(from.getTree(), tree), from, to);
        open.journal.around(change, open, () -> {
            change(from.getTree(), tree, () -> open.moveHead(from, to, why));
            return to;
        });
    }

    /** Changes the files, then does what makes it count; within what the journal takes back. */
    void change(ObjectId from, ObjectId tree, Ending ending) throws IOException {
        requireRoom(from, tree);
        replaceIndex(copy -> checkOut(copy, from, tree), ending);
    }

    /** The same, with a merge in conflict, index entries included. */
    void show(ObjectId from, MergedTree merged) throws IOException {
        requireRoom(from, merged.tree());
        replaceIndex(
                copy -> {
                    checkOut(copy, from, merged.tree());
                    merged.stages().writeTo(copy);
                    KeptConflicts.write(
                            open.record, open.worktree.path(), DirCache.read(copy, InertFileSystem.INSTANCE));
                },
                () -> {});
    }

    private void requireRoom(ObjectId from, ObjectId tree) throws IOException {
        List<String> ignored = TreePaths.inTheWay(open.repository, from, tree);
        if (!ignored.isEmpty()) {
            throw inTheWay(ignored);
        }
    }

    private ConflictException inTheWay(List<String> files) {
        return new ConflictException(
                "worktree",
                open.worktree.path().toString(),
                "files that are not git's stand in the way (" + String.join(", ", files) + "); move them away");
    }

    /** JGit works on a copy of the index that nobody else can write to. */
    private void replaceIndex(IndexWork work, Ending ending) throws IOException {
        try (PrivateFolder place = PrivateFolder.make()) {
            Path copy = place.path().resolve("index");
            new IndexReplacement(open, copy)
                    .around(
                            () -> {
                                work.on(copy.toFile());
                                return copy;
                            },
                            ending);
        }
    }

    private void checkOut(File copy, ObjectId from, ObjectId to) throws IOException {
        Repository repository = open.repository;
        DirCache index = DirCache.lock(copy, InertFileSystem.INSTANCE);
        try {
            DirCacheCheckout checkout = new DirCacheCheckout(repository, from, index, to, WorkingFiles.of(repository));
            checkout.setFailOnConflict(true);
            checkout.checkout();
            note(copy);
        } catch (CheckoutConflictException e) {
            throw inTheWay(List.of(e.getConflictingFiles()));
        } finally {
            index.unlock();
        }
    }

    /**
     * Makes the files those of the wanted tree, whatever they are now; of those that the index does not know, only what the
     * other tree has goes.
     */
    void reset(ObjectId other, ObjectId wanted) throws IOException {
        List<String> theirs = TreePaths.onlyIn(open.repository, other, wanted);
        replaceIndex(
                copy -> {
                    reset(copy, wanted);
                    for (String path : theirs) {
                        Path file = open.worktree.path().resolve(path);
                        if (Files.exists(file, LinkOption.NOFOLLOW_LINKS)
                                && !Files.isDirectory(file, LinkOption.NOFOLLOW_LINKS)) {
                            FolderRemoval.of(file);
                        }
                    }
                },
                () -> {});
    }

    private void reset(File copy, ObjectId wanted) throws IOException {
        Repository repository = open.repository;
        DirCache index = DirCache.lock(copy, InertFileSystem.INSTANCE);
        try {
            DirCacheCheckout checkout = new DirCacheCheckout(repository, index, wanted, WorkingFiles.of(repository));
            checkout.setFailOnConflict(false);
            checkout.checkout();
            note(copy);
        } finally {
            index.unlock();
        }
    }

    private void note(File copy) throws IOException {
        IndexStamps.note(copy.toPath(), InertFileSystem.written(open.repository), IndexStamps.Doubts.KEPT);
    }

    /** Something that is done to a copy of the index, and to files. */
    @FunctionalInterface
    private interface IndexWork {
        void on(File copy) throws IOException;
    }

    /** What makes a change of the files count. */
    @FunctionalInterface
    interface Ending {
        void run() throws IOException;
    }
}
