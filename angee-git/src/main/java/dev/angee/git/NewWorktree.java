package dev.angee.git;

import dev.angee.ConflictException;
import dev.angee.NotFoundException;
import dev.angee.internal.FolderRemoval;
import dev.angee.internal.HeldFolder;
import dev.angee.source.BranchName;
import dev.angee.source.FetchProgress;
import dev.angee.source.Worktree;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import java.util.stream.Stream;
import org.eclipse.jgit.dircache.DirCache;
import org.eclipse.jgit.dircache.DirCacheCheckout;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.Repository;
import org.eclipse.jgit.revwalk.RevWalk;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A worktree in the making. First the record and the branch are made, which takes a moment and the cache's lock, then
 * the files are checked out, which takes long and the worktree's. The record appears whole and carries git's mark
 * {@code locked} until the files are there, so that no {@code git worktree prune} takes it for a leftover.
 */
final class NewWorktree {
    private static final Logger LOG = LoggerFactory.getLogger(NewWorktree.class);
    private static final String RECORD_IN_THE_MAKING = "angee-new-record";

    private final Cache cache;
    private final Worktree worktree;
    private final BranchName branch;
    private boolean folderWasThere;
    private Optional<ObjectId> madeBranchAt = Optional.empty();
    private Optional<AdminFolder> record = Optional.empty();

    NewWorktree(Worktree worktree, BranchName branch) {
        this.cache = new Cache(worktree.cache());
        this.worktree = worktree;
        this.branch = branch;
    }

    /** Makes branch and record; with the cache's lock held. */
    AdminFolder begin(BranchName base) throws IOException {
        folderWasThere = Files.exists(worktree.path(), LinkOption.NOFOLLOW_LINKS);
        requireFreePlace();
        for (AdminFolder old : cache.recordsOf(worktree)) {
            if (!old.isStale() && !folderWasThere) {
                throw new ConflictException(
                        "worktree",
                        worktree.path().toString(),
                        "git keeps a locked record of it; remove the worktree first");
            }
            FolderRemoval.of(old.folder());
        }
        cache.requireUnused(branch);
        try (Repository repository = cache.open()) {
            takeUpOrCreate(repository, base);
        }
        AdminFolder made = writeRecord();
        record = Optional.of(made);
        new Journal(cache.folder(), made).end(); // Whoever had its place before is no more.
        Files.createDirectories(worktree.path());
        Files.writeString(
                worktree.path().resolve(".git"), "gitdir: " + made.folder() + "\n", StandardOpenOption.CREATE_NEW);
        return made;
    }

    private void takeUpOrCreate(Repository repository, BranchName base) throws IOException {
        LocalBranches local = new LocalBranches(repository);
        if (local.find(branch).isPresent()) {
            return;
        }
        RemoteRefs remote = new RemoteRefs(repository);
        Optional<ObjectId> there = remote.find(branch);
        ObjectId start = there.isPresent() ? there.get() : remote.require(base);
        local.create(branch, start);
        madeBranchAt = Optional.of(start);
    }

    private void requireFreePlace() throws IOException {
        if (!folderWasThere) {
            return;
        }
        if (!Files.isDirectory(worktree.path(), LinkOption.NOFOLLOW_LINKS)) {
            throw new ConflictException("worktree", worktree.path().toString(), "something else stands there");
        }
        try (Stream<Path> children = Files.list(worktree.path())) {
            if (children.findAny().isPresent()) {
                throw new ConflictException("worktree", worktree.path().toString(), "the folder is not empty");
            }
        }
    }

    private AdminFolder writeRecord() throws IOException {
        try (HeldFolder held = HeldFolder.at(cache.folder())) {
            held.remove(RECORD_IN_THE_MAKING);
            try (HeldFolder records = held.childOrNew(Cache.WORKTREES)) {
                try (HeldFolder draft = held.childOrNew(RECORD_IN_THE_MAKING)) {
                    draft.create(AdminFolder.LOCKED, "initializing\n");
                    draft.create("gitdir", worktree.path().resolve(".git") + "\n");
                    draft.create("commondir", "../..\n");
                    draft.create("HEAD", "ref: " + branch.fullName() + "\n");
                }
                String id = freeId(records);
                held.move(RECORD_IN_THE_MAKING, records, id);
                return new AdminFolder(cache.worktreesFolder().resolve(id));
            } finally {
                held.remove(RECORD_IN_THE_MAKING);
            }
        }
    }

    /** The folder's name, as far as it may be a part of a ref's name, with a number where that is taken. */
    private String freeId(HeldFolder records) throws IOException {
        String name = worktree.path().getFileName().toString().replaceAll("[^A-Za-z0-9_-]", "-");
        String id = name;
        for (int i = 1; records.has(id) || new CloneFolder(cache.folder(), id).exists(); i++) {
            id = name + i;
        }
        return id;
    }

    /** Checks out the files with JGit. */
    void checkOut(FetchProgress progress) throws IOException {
        fillBy((repository, tree) -> checkOut(repository, tree, progress));
    }

    private static void checkOut(Repository repository, ObjectId tree, FetchProgress progress) throws IOException {
        try (PrivateFolder place = PrivateFolder.make()) {
            Path copy = place.path().resolve("index");
            new IndexReplacement(repository.getIndexFile(), copy).around(() -> {
                DirCache index = DirCache.lock(copy.toFile(), InertFileSystem.INSTANCE);
                try {
                    DirCacheCheckout checkout =
                            new DirCacheCheckout(repository, index, tree, WorkingFiles.of(repository));
                    checkout.setFailOnConflict(true);
                    checkout.setProgressMonitor(new ProgressBridge(progress));
                    checkout.checkout();
                } finally {
                    index.unlock();
                }
                IndexStamps.note(copy, InertFileSystem.written(repository), IndexStamps.Doubts.DISPELLED);
                return copy;
            });
        }
    }

    /** Has the files checked out, then lets git see a worktree like any other. */
    void fillBy(Filling filling) throws IOException {
        AdminFolder made = record.orElseThrow();
        try (Repository repository = cache.open(made, worktree);
                RevWalk walk = new RevWalk(repository)) {
            ObjectId commit = Optional.ofNullable(repository.resolve(branch.fullName()))
                    .orElseThrow(() -> new NotFoundException("branch", branch.value(), "it was deleted meanwhile"));
            filling.fill(repository, walk.parseCommit(commit).getTree());
        }
        Files.delete(made.folder().resolve(AdminFolder.LOCKED));
    }

    /** Takes away what was made; with the cache's lock held. Best effort: the failure that led here is the one to tell. */
    void undo() {
        record.ifPresent(made -> {
            attempt("the worktree's folder", this::emptyOrRemoveFolder);
            attempt("the cache's record", () -> FolderRemoval.of(made.folder()));
        });
        madeBranchAt.ifPresent(commit -> attempt("the branch", () -> {
            try (Repository repository = cache.open()) {
                new LocalBranches(repository).takeBack(branch, commit);
            }
        }));
    }

    private void emptyOrRemoveFolder() throws IOException {
        FolderRemoval.of(worktree.path());
        if (folderWasThere) {
            Files.createDirectory(worktree.path());
        }
    }

    private void attempt(String what, Undoing undoing) {
        try {
            undoing.run();
        } catch (IOException | RuntimeException e) {
            LOG.warn("after a failed checkout of {}, {} could not be removed", worktree.path(), what, e);
        }
    }

    /** Writes the files of a tree, and the index about them. */
    @FunctionalInterface
    interface Filling {
        void fill(Repository repository, ObjectId tree) throws IOException;
    }

    /** One step back. */
    @FunctionalInterface
    private interface Undoing {
        void run() throws IOException;
    }
}
