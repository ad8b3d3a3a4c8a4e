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
import dev.angee.source.WorktreeClone;
import dev.angee.source.WorktreeFiles;
import dev.angee.source.WorktreeHead;
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
        return reading((open, record) -> open.status(base));
    }

    @Override
    public WorktreeHead head() {
        return reading(
                (open, record) -> new WorktreeHead(open.branch(), RemoteRefs.id(open.head()), open.unfinished()));
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
        return reading((open, record) -> new WorktreeChanges(open.repository).since(open.head()));
    }

    @Override
    public Map<RemovalFinding, String> findings(BranchName base) {
        return JGitSourceControl.call("read '" + worktree.path() + "'", () -> {
            Cache cache = new Cache(worktree.cache());
            return new WorktreeFindings(cache, worktree).of(cache.recordOf(worktree), base);
        });
    }

    @Override
    public Optional<CommitId> commit(String message, Author author) {
        NewCommit commit = new NewCommit(message, author, clock);
        return changing("commit in", (open, record) -> commit.ofEverything(open));
    }

    @Override
    public MergeOutcome merge(Revision what, MergeOptions options) {
        return changing(
                "merge '" + what + "' into", (open, record) -> new WorktreeMerge(open, options, clock).of(what));
    }

    @Override
    public MergeOutcome rebase(Revision onto, MergeOptions options) {
        return changing("rebase", (open, record) -> new Rebase(open, record, options, clock).onto(onto));
    }

    @Override
    public MergeOutcome resume(Author author) {
        return changing("go on in", (open, record) -> new Resumption(open, record, clock).resume(author));
    }

    @Override
    public void abort() {
        inAnyCase("abort in", (open, record) -> {
            if (Recovery.of(open)) {
                return worktree;
            }
            new Resumption(open, record, clock).abort();
            return worktree;
        });
    }

    @Override
    public void rewind(CommitId from, CommitId to) {
        changing("rewind", (open, record) -> {
            new Rewinding(open).move(from, to);
            return worktree;
        });
    }

    @Override
    public WorktreeClone ownClone() {
        return new JGitClone(worktree, locks);
    }

    private <T> T reading(Change<T> look) {
        return JGitSourceControl.call("read '" + worktree.path() + "'", () -> {
            AdminFolder record = new Cache(worktree.cache()).recordOf(worktree);
            try (OpenWorktree open = new OpenWorktree(worktree, record)) {
                return look.in(open, record);
            }
        });
    }

    /** What was cut off before is put right first. */
    private <T> T changing(String doing, Change<T> change) {
        return inAnyCase(doing, (open, record) -> {
            boolean unused = Recovery.of(open);
            return change.in(open, record);
        });
    }

    private <T> T inAnyCase(String doing, Change<T> change) {
        String purpose = doing + " '" + worktree.path() + "'";
        return JGitSourceControl.call(purpose, () -> {
            AdminFolder record = new Cache(worktree.cache()).recordOf(worktree);
            return locks.worktree(
                    worktree.cache(),
                    record,
                    purpose,
                    () -> ForeignLocks.waitingFor(() -> {
                        try (OpenWorktree open = new OpenWorktree(worktree, record)) {
                            return change.in(open, record);
                        }
                    }));
        });
    }

    /** What is done in an open worktree. */
    @FunctionalInterface
    private interface Change<T> {
        T in(OpenWorktree open, AdminFolder record) throws IOException;
    }
}
