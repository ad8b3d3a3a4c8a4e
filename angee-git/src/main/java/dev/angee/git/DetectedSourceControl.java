package dev.angee.git;

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
import dev.angee.source.Worktree;
import dev.angee.source.WorktreeOperations;
import dev.angee.source.WorktreeRecord;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Map;

/**
 * {@link GitSourceControl} where there is a git program that is good enough, else {@link JGitSourceControl}. Which of them
 * it is, is found out once, when it is made; {@link #describe} says which, and why. Thread-safe.
 */
public final class DetectedSourceControl implements SourceControl {
    private final SourceControl chosen;
    private final SourceControlInfo info;

    /** Looks for git on the {@code PATH} of this process; what is found by {@link java.util.ServiceLoader} is this. */
    public DetectedSourceControl() {
        this(System.getenv());
    }

    /**
     * Looks for git on the {@code PATH} of an environment; see {@link GitSourceControl#GitSourceControl(Map)} for what git
     * gets of it.
     *
     * @param environment the host's environment
     */
    public DetectedSourceControl(Map<String, String> environment) {
        GitProgram.Search search = GitProgram.find(environment);
        if (search.found().isPresent()) {
            chosen = new GitSourceControl(search, Clock.systemUTC(), GitSourceControl.Remotes.LOCAL_BY_JGIT);
            info = chosen.describe();
        } else {
            chosen = new JGitSourceControl();
            SourceControlInfo embedded = chosen.describe();
            info = new SourceControlInfo(embedded.name(), search.reason(), embedded.abilities());
        }
    }

    @Override
    public SourceControlInfo describe() {
        return info;
    }

    @Override
    public RemoteProbe probe(GitUrl remote, Credentials credentials) {
        return chosen.probe(remote, credentials);
    }

    @Override
    public void fetch(GitUrl origin, Path cache, FetchOptions options) {
        chosen.fetch(origin, cache, options);
    }

    @Override
    public History history(Path cache) {
        return chosen.history(cache);
    }

    @Override
    public WorktreeOperations in(Worktree worktree) {
        return chosen.in(worktree);
    }

    @Override
    public List<WorktreeRecord> worktrees(Path cache) {
        return chosen.worktrees(cache);
    }

    @Override
    public void addWorktree(Worktree worktree, BranchName branch, BranchName base, FetchProgress progress) {
        chosen.addWorktree(worktree, branch, base, progress);
    }

    @Override
    public void removeWorktree(Worktree worktree, RemoveOptions options) {
        chosen.removeWorktree(worktree, options);
    }

    @Override
    public void deleteBranch(Path cache, BranchName branch) {
        chosen.deleteBranch(cache, branch);
    }

    @Override
    public PushOutcome push(Path cache, BranchName branch, PushOptions options) {
        return chosen.push(cache, branch, options);
    }

    @Override
    public MergeOutcome land(Path cache, BranchName branch, BranchName into, Author author, Credentials credentials) {
        return chosen.land(cache, branch, into, author, credentials);
    }

    @Override
    public PushOutcome retract(Path cache, BranchName branch, CommitId from, CommitId to, Credentials credentials) {
        return chosen.retract(cache, branch, from, to, credentials);
    }
}
