package dev.angee.rest;

import dev.angee.source.Author;
import dev.angee.source.BranchName;
import dev.angee.source.CommitId;
import dev.angee.source.Credentials;
import dev.angee.source.FetchOptions;
import dev.angee.source.FetchProgress;
import dev.angee.source.GitUrl;
import dev.angee.source.History;
import dev.angee.source.MergeOutcome;
import dev.angee.source.PushOptions;
import dev.angee.source.PushOutcome;
import dev.angee.source.RemoteProbe;
import dev.angee.source.RemoveOptions;
import dev.angee.source.SourceControl;
import dev.angee.source.SourceControlInfo;
import dev.angee.source.Unfinished;
import dev.angee.source.Worktree;
import dev.angee.source.WorktreeOperations;
import dev.angee.source.WorktreeRecord;
import dev.angee.source.WorktreeStatus;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Worktrees that are empty folders: enough to make and to destroy a workspace. */
final class FolderSourceControl implements SourceControl {
    private static final CommitId HEAD = new CommitId("0".repeat(40));

    private final Map<Worktree, BranchName> worktrees = new ConcurrentHashMap<>();

    @Override
    public SourceControlInfo describe() {
        return new SourceControlInfo("folders", "for tests", Set.of());
    }

    @Override
    public RemoteProbe probe(GitUrl remote, Credentials credentials) {
        return new RemoteProbe.Unreachable("there are no remotes here");
    }

    @Override
    public void fetch(GitUrl origin, Path cache, FetchOptions options) {}

    @Override
    public History history(Path cache) {
        return answering(
                History.class,
                Map.of(
                        "defaultBranch", BranchName.of("main"),
                        "remoteBranch", Optional.of(HEAD),
                        "commitsNowhereElse", 0));
    }

    @Override
    public WorktreeOperations in(Worktree worktree) {
        WorktreeStatus status = new WorktreeStatus(
                Optional.ofNullable(worktrees.get(worktree)), HEAD, List.of(), 0, 0, Unfinished.NOTHING, true);
        return answering(
                WorktreeOperations.class, Map.of("status", status, "findings", Map.of(), "commit", Optional.empty()));
    }

    /** Knows the answers of some methods, and has no others. */
    private static <T> T answering(Class<T> type, Map<String, Object> answers) {
        return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, (self, method, given) -> {
            Object answer = answers.get(method.getName());
            if (answer == null) {
                throw new UnsupportedOperationException(method.getName() + " is not for empty folders");
            }
            return answer;
        }));
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
    public void removeWorktree(Worktree worktree, RemoveOptions options) {
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
    public PushOutcome push(Path cache, BranchName branch, PushOptions options) {
        return new PushOutcome.Pushed(HEAD);
    }

    @Override
    public MergeOutcome land(Path cache, BranchName branch, BranchName into, Author author, Credentials credentials) {
        throw new UnsupportedOperationException("nothing to land here");
    }

    @Override
    public PushOutcome retract(Path cache, BranchName branch, CommitId from, CommitId to, Credentials credentials) {
        throw new UnsupportedOperationException("nothing to take back here");
    }
}
