package dev.angee.git;

import dev.angee.source.CommitId;
import dev.angee.source.MergePreview;
import dev.angee.source.Previews;
import java.io.IOException;
import java.util.Optional;
import org.eclipse.jgit.lib.Repository;
import org.eclipse.jgit.revwalk.RevCommit;
import org.eclipse.jgit.revwalk.RevWalk;

/** Looks at merges in a cache that is opened with the first, and says at once what is plain to see; the rest, an engine looks at. */
final class CachePreviews implements Previews {
    private final Cache cache;
    private final Look look;
    private Optional<Repository> open = Optional.empty();
    private boolean closed;

    CachePreviews(Cache cache, Look look) {
        this.cache = cache;
        this.look = look;
    }

    @Override
    public MergePreview of(CommitId into, CommitId what) {
        requireOpen();
        return JGitSourceControl.call("read '" + cache.folder() + "'", () -> {
            Repository repository = repository();
            try (RevWalk walk = new RevWalk(repository)) {
                RevCommit ours = Revisions.require(walk, into);
                RevCommit theirs = Revisions.require(walk, what);
                Optional<MergePreview> plain = PlainMerge.of(walk, ours, theirs);
                return plain.isPresent() ? plain.get() : look.at(repository, ours, theirs);
            }
        });
    }

    private synchronized void requireOpen() {
        if (closed) {
            throw new IllegalStateException("these previews were closed");
        }
    }

    private synchronized Repository repository() throws IOException {
        requireOpen();
        if (open.isEmpty()) {
            open = Optional.of(cache.open());
        }
        return open.get();
    }

    @Override
    public synchronized void close() {
        closed = true;
        JGitSourceControl.call("end the look at '" + cache.folder() + "'", () -> {
            open.ifPresent(Repository::close);
            open = Optional.empty();
            look.close();
            return cache;
        });
    }

    /** Finds out what two commits come to, for which that is not plain to see. */
    @FunctionalInterface
    interface Look {
        MergePreview at(Repository repository, RevCommit into, RevCommit what) throws IOException;

        /** Gives back what it has taken. */
        default void close() throws IOException {}
    }
}
