package dev.angee.git;

import dev.angee.AngeeException;
import dev.angee.ConflictException;
import dev.angee.ErrorCode;
import dev.angee.NotFoundException;
import dev.angee.internal.FolderRemoval;
import dev.angee.source.BranchName;
import dev.angee.source.CommitId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.Ref;
import org.eclipse.jgit.lib.RefUpdate;
import org.eclipse.jgit.lib.Repository;
import org.eclipse.jgit.revwalk.RevWalk;

/** The local branches of a cache. */
final class LocalBranches {
    private static final Duration LEFT_AFTER = Duration.ofSeconds(3);
    private static final int ATTEMPTS = 50;
    private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

    private final Repository cache;

    LocalBranches(Repository cache) {
        this.cache = cache;
    }

    Optional<ObjectId> find(BranchName branch) throws IOException {
        return Optional.ofNullable(cache.exactRef(branch.fullName())).map(Ref::getObjectId);
    }

    ObjectId require(BranchName branch) throws IOException {
        return find(branch)
                .orElseThrow(() ->
                        new NotFoundException("branch", branch.value(), "the cache has no local branch of that name"));
    }

    /** The same; it has to be at the commit, if one is given. */
    ObjectId require(BranchName branch, Optional<CommitId> expected) throws IOException {
        ObjectId found = require(branch);
        if (expected.isPresent() && !found.name().equals(expected.get().value())) {
            throw new ConflictException(
                    "branch",
                    branch.value(),
                    "it was at " + expected.get().abbreviated() + " and has moved meanwhile; look at it again");
        }
        return found;
    }

    /** Commits that no branch of the remote has; 0 if there is no such branch. */
    int commitsNowhereElse(BranchName branch) throws IOException {
        Optional<ObjectId> head = find(branch);
        return head.isPresent() ? commitsNowhereElse(head.get()) : 0;
    }

    /** Commits up to this one that no branch of the remote has. */
    int commitsNowhereElse(ObjectId head) throws IOException {
        try (RevWalk walk = new RevWalk(cache)) {
            walk.markStart(walk.parseCommit(head));
            for (Ref remote : cache.getRefDatabase().getRefsByPrefix(RemoteRefs.PREFIX)) {
                if (remote.getObjectId() != null) { // a symbolic one may point nowhere
                    walk.markUninteresting(walk.parseCommit(remote.getObjectId()));
                }
            }
            int commits = 0;
            while (walk.next() != null) {
                commits++;
            }
            return commits;
        }
    }

    /** Makes a branch that does not exist yet. */
    void create(BranchName branch, ObjectId commit) throws IOException {
        RefUpdate.Result result = RefChange.of(cache, branch.fullName())
                .expecting(ObjectId.zeroId())
                .beforeWaiting(() -> removeIfLeft(branch))
                .to(commit);
        if (result == RefUpdate.Result.NEW) {
            return;
        }
        if (cache.getRefDatabase().isNameConflicting(branch.fullName())) {
            throw new ConflictException(
                    "branch",
                    branch.value(),
                    "another branch has a part of this name as its whole name, or begins with it");
        }
        throw new AngeeException(
                ErrorCode.FAILED, "cannot make the branch '" + branch + "': " + result + "; try again");
    }

    /**
     * Removes the lock file of a branch that is not there and that nobody has touched for a while: whoever wanted to make it
     * has died. Of ours there is nobody, as the cache's lock is held, and another git has it for milliseconds.
     */
    private void removeIfLeft(BranchName branch) throws IOException {
        removeIfLeft(cache.getDirectory().toPath().resolve(branch.fullName() + ".lock"));
    }

    private static void removeIfLeft(Path lock) throws IOException {
        try {
            BasicFileAttributes seen = Files.readAttributes(lock, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
            if (seen.isRegularFile()
                    && seen.lastModifiedTime()
                            .toInstant()
                            .isBefore(Instant.now().minus(LEFT_AFTER))) {
                FolderRemoval.of(lock);
            }
        } catch (NoSuchFileException e) {
            // It was somebody's who is done.
        }
    }

    /** Waits until nobody has this lock, for as long as another git may; removes one that was left. */
    static void awaitLock(Path lock) throws IOException {
        for (int i = 0; Files.exists(lock, LinkOption.NOFOLLOW_LINKS) && i < ATTEMPTS; i++) {
            removeIfLeft(lock);
            if (Files.exists(lock, LinkOption.NOFOLLOW_LINKS)) {
                LockSupport.parkNanos(PAUSE_NANOS);
            }
        }
    }

    /** Takes a branch away again that was just made; stays if somebody has worked on it. */
    void takeBack(BranchName branch, ObjectId commit) throws IOException {
        RefUpdate.Result unused =
                RefChange.of(cache, branch.fullName()).expecting(commit).delete();
    }

    void delete(BranchName branch) throws IOException {
        if (cache.exactRef(branch.fullName()) == null) {
            return;
        }
        RemoteRefs.check(RefChange.of(cache, branch.fullName()).delete(), branch.fullName());
    }
}
