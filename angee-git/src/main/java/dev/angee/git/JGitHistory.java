package dev.angee.git;

import dev.angee.NotFoundException;
import dev.angee.source.BranchName;
import dev.angee.source.Commit;
import dev.angee.source.CommitId;
import dev.angee.source.FileDiff;
import dev.angee.source.History;
import dev.angee.source.MergePreview;
import dev.angee.source.Revision;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.eclipse.jgit.lib.Constants;
import org.eclipse.jgit.lib.Repository;

/** Reads a cache with JGit. */
final class JGitHistory implements History {
    private final Cache cache;

    JGitHistory(Cache cache) {
        this.cache = cache;
    }

    @Override
    public BranchName defaultBranch() {
        return reading(repository -> new RemoteRefs(repository)
                .head()
                .orElseThrow(() -> new NotFoundException(
                        "branch", Constants.HEAD, "the remote's HEAD named none when it was last fetched")));
    }

    @Override
    public Optional<CommitId> remoteBranch(BranchName branch) {
        return reading(repository -> new RemoteRefs(repository).find(branch).map(RemoteRefs::id));
    }

    @Override
    public Map<BranchName, CommitId> remoteBranches() {
        throw new UnsupportedOperationException("not built yet");
    }

    @Override
    public Optional<CommitId> resolve(Revision revision) {
        throw new UnsupportedOperationException("not built yet");
    }

    @Override
    public int commitsNowhereElse(BranchName branch) {
        return cache.exists() ? reading(repository -> new LocalBranches(repository).commitsNowhereElse(branch)) : 0;
    }

    @Override
    public List<Commit> log(CommitId from, int most) {
        throw new UnsupportedOperationException("not built yet");
    }

    @Override
    public List<FileDiff> diff(CommitId from, CommitId to) {
        throw new UnsupportedOperationException("not built yet");
    }

    @Override
    public Optional<byte[]> file(CommitId at, String path) {
        throw new UnsupportedOperationException("not built yet");
    }

    @Override
    public MergePreview preview(CommitId into, CommitId what) {
        throw new UnsupportedOperationException("not built yet");
    }

    private <T> T reading(Reading<T> reading) {
        return JGitSourceControl.call("read '" + cache.folder() + "'", () -> {
            try (Repository repository = cache.open()) {
                return reading.from(repository);
            }
        });
    }

    /** What is read from an open cache. */
    @FunctionalInterface
    private interface Reading<T> {
        T from(Repository repository) throws IOException;
    }
}
