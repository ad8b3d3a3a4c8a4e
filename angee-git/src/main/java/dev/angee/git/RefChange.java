package dev.angee.git;

import java.io.File;
import java.io.IOException;
import java.util.Optional;
import org.eclipse.jgit.errors.LockFailedException;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.Ref;
import org.eclipse.jgit.lib.RefUpdate;
import org.eclipse.jgit.lib.Repository;

/**
 * A change of one ref, by force, without a reflog. Waits for a git that has locked the ref, with a bound. That the ref is not
 * where it was expected is the result {@code LOCK_FAILURE}, as JGit has it.
 */
final class RefChange {
    private final Repository repository;
    private final String name;
    private final boolean itself;
    private final Optional<ObjectId> expected;
    private final BeforeWaiting beforeWaiting;

    private RefChange(
            Repository repository,
            String name,
            boolean itself,
            Optional<ObjectId> expected,
            BeforeWaiting beforeWaiting) {
        this.repository = repository;
        this.name = name;
        this.itself = itself;
        this.expected = expected;
        this.beforeWaiting = beforeWaiting;
    }

    /** Of the ref with this name, or, if that is symbolic, of the one that it leads to. */
    static RefChange of(Repository repository, String name) {
        return new RefChange(repository, name, false, Optional.empty(), () -> {});
    }

    /** Of the ref with this name itself, whatever it leads to. */
    static RefChange ofItself(Repository repository, String name) {
        return new RefChange(repository, name, true, Optional.empty(), () -> {});
    }

    /** Only if it is at this commit; at none, if that is zero. */
    RefChange expecting(ObjectId commit) {
        return new RefChange(repository, name, itself, Optional.of(commit), beforeWaiting);
    }

    /** Does something each time before it waits for a lock. */
    RefChange beforeWaiting(BeforeWaiting action) {
        return new RefChange(repository, name, itself, expected, action);
    }

    RefUpdate.Result to(ObjectId commit) throws IOException {
        return change(update -> {
            update.setNewObjectId(commit);
            return update.update();
        });
    }

    RefUpdate.Result link(String target) throws IOException {
        return change(update -> update.link(target));
    }

    RefUpdate.Result delete() throws IOException {
        return change(RefUpdate::delete);
    }

    private RefUpdate.Result change(Change change) throws IOException {
        return ForeignLocks.waitingFor(() -> {
            RefUpdate update = repository.updateRef(name, itself);
            update.disableRefLog();
            update.setForceUpdate(true);
            expected.ifPresent(update::setExpectedOldObjectId);
            RefUpdate.Result result = change.by(update);
            if (result == RefUpdate.Result.LOCK_FAILURE && isJustLocked(update.getName())) {
                beforeWaiting.run();
                throw new LockFailedException(new File(repository.getCommonDirectory(), update.getName()));
            }
            return result;
        });
    }

    /** The same result means that it is elsewhere, or that there is no room for it beside others. */
    private boolean isJustLocked(String leaf) throws IOException {
        if (repository.getRefDatabase().isNameConflicting(leaf)) {
            return false;
        }
        Ref found = repository.exactRef(leaf);
        ObjectId at = found == null || found.getObjectId() == null ? ObjectId.zeroId() : found.getObjectId();
        return expected.isEmpty() || expected.get().equals(at);
    }

    /** A way to change it. */
    @FunctionalInterface
    private interface Change {
        RefUpdate.Result by(RefUpdate update) throws IOException;
    }

    /** What is done before a lock is waited for. */
    @FunctionalInterface
    interface BeforeWaiting {
        void run() throws IOException;
    }
}
