package dev.angee.git;

import dev.angee.source.BranchName;
import dev.angee.source.CommitId;
import dev.angee.source.Credentials;
import dev.angee.source.MergeOutcome;
import dev.angee.source.PushOptions;
import dev.angee.source.PushOutcome;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.Repository;
import org.eclipse.jgit.revwalk.RevWalk;

/**
 * What changes branches of a cache's remote. Whoever does that waits for others who do; nobody else does, however slow the
 * remote is: the cache's shared lock is taken for the moment in which the cache learns what has become of it.
 */
final class RemoteChanges {
    private final Path cache;
    private final RepositoryLocks locks;
    private final Way way;

    RemoteChanges(Path cache, RepositoryLocks locks, Way way) {
        this.cache = cache;
        this.locks = locks;
        this.way = way;
    }

    PushOutcome push(BranchName branch, PushOptions options) {
        return changing("push '" + branch + "' of '" + cache + "'", options.credentials(), change -> {
            BranchName to = options.to().orElse(branch);
            ObjectId commit = new LocalBranches(change.repository).require(branch, options.expected());
            Optional<ObjectId> lease = options.replacing().map(id -> ObjectId.fromString(id.value()));
            PushOutcome outcome = change.move(lease, commit, to);
            if (outcome.succeeded() && options.tracking() == PushOptions.Tracking.SET) {
                locks.shared(cache, change.purpose, () -> {
                    Upstream.set(cache, branch, to);
                    return to;
                });
            }
            return outcome;
        });
    }

    MergeOutcome land(BranchName branch, BranchName into, Credentials credentials, Landing landing) {
        String purpose = "land '" + branch + "' of '" + cache + "' in '" + into + "'";
        return changing(purpose, credentials, change -> landing.of(change, branch, into));
    }

    PushOutcome retract(BranchName branch, CommitId from, CommitId to, Credentials credentials) {
        String purpose = "take '" + branch + "' of '" + cache + "' back to " + to.abbreviated();
        return changing(purpose, credentials, change -> {
            try (RevWalk walk = new RevWalk(change.repository)) {
                ObjectId back = Revisions.require(walk, to);
                return change.move(Optional.of(ObjectId.fromString(from.value())), back, branch);
            }
        });
    }

    private <T> T changing(String purpose, Credentials credentials, Work<T> work) {
        return JGitSourceControl.call(purpose, () -> {
            new Cache(cache).requireThere();
            return locks.pushing(cache, purpose, () -> {
                try (Repository repository = new Cache(cache).open()) {
                    return work.in(new Change(repository, way.to(repository, credentials), purpose));
                }
            });
        });
    }

    /** One of them, with the cache open. */
    final class Change {
        private final Repository repository;
        private final PushEnd end;
        private final String purpose;

        private Change(Repository repository, PushEnd end, String purpose) {
            this.repository = repository;
            this.end = end;
            this.purpose = purpose;
        }

        Repository repository() {
            return repository;
        }

        /** Moves a branch of the remote, and has the cache know that; without a place it has to be at, only forward. */
        PushOutcome move(Optional<ObjectId> from, ObjectId commit, BranchName to) throws IOException {
            Optional<ObjectId> before = new RemoteRefs(repository).find(to);
            PushOutcome outcome = from.isPresent() ? end.from(from.get(), commit, to) : end.forward(commit, to);
            if (outcome.succeeded()) {
                locks.shared(cache, purpose, () -> {
                    try (Repository now = new Cache(cache).open()) {
                        new RemoteRefs(now).moved(to, before, commit);
                        return to;
                    }
                });
            }
            return outcome;
        }
    }

    /** How the remote of a cache is reached. */
    @FunctionalInterface
    interface Way {
        /** Refuses credentials that are for another remote. */
        PushEnd to(Repository cache, Credentials credentials);
    }

    /** What is done in one. */
    @FunctionalInterface
    private interface Work<T> {
        T in(RemoteChanges.Change change) throws IOException;
    }
}
