package dev.angee.git;

import dev.angee.source.Author;
import dev.angee.source.BranchName;
import dev.angee.source.CommitId;
import dev.angee.source.FileDiff;
import dev.angee.source.MergeOptions;
import dev.angee.source.MergeOutcome;
import dev.angee.source.RemovalFinding;
import dev.angee.source.Revision;
import dev.angee.source.Worktree;
import dev.angee.source.WorktreeFiles;
import dev.angee.source.WorktreeOperations;
import dev.angee.source.WorktreeStatus;
import java.io.IOException;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Works in one worktree with JGit. */
final class JGitWorktree implements WorktreeOperations {
    private final Worktree worktree;
    private final RepositoryLocks locks;
    private final Clock clock;

    JGitWorktree(Worktree worktree, RepositoryLocks locks, Clock clock) {
        this.worktree = worktree;
        this.locks = locks;
        this.clock = clock;
    }

    @Override
    public WorktreeStatus status(BranchName base) {
        return JGitSourceControl.call("read '" + worktree.path() + "'", () -> {
            AdminFolder record = new Cache(worktree.cache()).recordOf(worktree);
            try (OpenWorktree open = new OpenWorktree(worktree, record)) {
                return open.status(base);
            }
        });
    }

    @Override
    public WorktreeFiles files() {
        return JGitSourceControl.call("read '" + worktree.path() + "'", () -> {
            Cache cache = new Cache(worktree.cache());
            return cache.filesOf(cache.recordOf(worktree));
        });
    }

    @Override
    public List<FileDiff> changes() {
        throw new UnsupportedOperationException("not built yet");
    }

    @Override
    public Map<RemovalFinding, String> findings(BranchName base) {
        throw new UnsupportedOperationException("not built yet");
    }

    @Override
    public Optional<CommitId> commit(String message, Author author) {
        NewCommit commit = new NewCommit(message, author, clock);
        return changing("commit in", commit::ofEverything);
    }

    @Override
    public MergeOutcome merge(Revision what, MergeOptions options) {
        return changing(
                "merge '" + what + "' into",
                open -> new WorktreeMerge(open, options.author(), clock).of(what.remoteBranch()));
    }

    @Override
    public MergeOutcome rebase(Revision onto, MergeOptions options) {
        throw new UnsupportedOperationException("not built yet");
    }

    @Override
    public MergeOutcome resume(Author author) {
        throw new UnsupportedOperationException("not built yet");
    }

    @Override
    public void abort() {
        throw new UnsupportedOperationException("not built yet");
    }

    @Override
    public void rewind(CommitId from, CommitId to) {
        throw new UnsupportedOperationException("not built yet");
    }

    private <T> T changing(String doing, Change<T> change) {
        String purpose = doing + " '" + worktree.path() + "'";
        return JGitSourceControl.call(purpose, () -> {
            AdminFolder record = new Cache(worktree.cache()).recordOf(worktree);
            return locks.worktree(
                    worktree.cache(),
                    record,
                    purpose,
                    () -> ForeignLocks.waitingFor(() -> {
                        try (OpenWorktree open = new OpenWorktree(worktree, record)) {
                            return change.in(open);
                        }
                    }));
        });
    }

    /** What is done in a worktree under its lock. */
    @FunctionalInterface
    private interface Change<T> {
        T in(OpenWorktree open) throws IOException;
    }
}
