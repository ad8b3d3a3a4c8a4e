package dev.angee.rest;

import dev.angee.source.Author;
import dev.angee.source.BranchName;
import dev.angee.source.CommitId;
import dev.angee.source.FetchProgress;
import dev.angee.source.GitUrl;
import dev.angee.source.MergeOutcome;
import dev.angee.source.PushOutcome;
import dev.angee.source.SourceControl;
import dev.angee.source.Worktree;
import dev.angee.source.WorktreeRecord;
import dev.angee.source.WorktreeStatus;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** Worktrees that are empty folders: enough to make and to destroy a workspace. */
final class FolderSourceControl implements SourceControl {
    private static final CommitId HEAD = new CommitId("0".repeat(40));

    private final Map<Worktree, BranchName> worktrees = new ConcurrentHashMap<>();

    @Override
    public String describe() {
        return "folders";
    }

    @Override
    public void fetch(GitUrl origin, Path cache, FetchProgress progress) {}

    @Override
    public BranchName defaultBranch(Path cache) {
        return BranchName.of("main");
    }

    @Override
    public Optional<CommitId> remoteBranch(Path cache, BranchName branch) {
        return Optional.of(HEAD);
    }

    @Override
    public void addWorktree(Worktree worktree, BranchName branch, BranchName base, FetchProgress progress) {
        try {
            Files.createDirectories(worktree.path());
            worktrees.put(worktree, branch);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void removeWorktree(Worktree worktree) {
        try {
            Files.deleteIfExists(worktree.path());
            worktrees.remove(worktree);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public List<WorktreeRecord> worktrees(Path cache) {
        return worktrees.entrySet().stream()
                .filter(each -> each.getKey().cache().equals(cache))
                .map(each -> new WorktreeRecord(each.getKey().path(), Optional.of(each.getValue()), true))
                .toList();
    }

    @Override
    public void deleteBranch(Path cache, BranchName branch) {}

    @Override
    public int commitsNowhereElse(Path cache, BranchName branch) {
        return 0;
    }

    @Override
    public WorktreeStatus status(Worktree worktree, BranchName base) {
        return new WorktreeStatus(Optional.ofNullable(worktrees.get(worktree)), HEAD, List.of(), 0, 0, true);
    }

    @Override
    public Optional<CommitId> commit(Worktree worktree, String message, Author author) {
        return Optional.empty();
    }

    @Override
    public PushOutcome push(Path cache, BranchName branch) {
        return new PushOutcome.Pushed(HEAD);
    }

    @Override
    public MergeOutcome merge(Worktree worktree, BranchName remoteBranch, Author author) {
        throw new UnsupportedOperationException("nothing to merge here");
    }

    @Override
    public MergeOutcome land(Path cache, BranchName branch, BranchName into, Author author) {
        throw new UnsupportedOperationException("nothing to land here");
    }
}
