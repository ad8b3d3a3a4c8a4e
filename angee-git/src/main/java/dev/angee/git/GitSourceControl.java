package dev.angee.git;

import dev.angee.AngeeException;
import dev.angee.ErrorCode;
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
import dev.angee.source.SourceControlInfo.Ability;
import dev.angee.source.Worktree;
import dev.angee.source.WorktreeOperations;
import dev.angee.source.WorktreeRecord;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.eclipse.jgit.lib.Repository;
import org.eclipse.jgit.revwalk.RevCommit;

/**
 * Version control by the git program, where that is quicker or knows more than JGit: it talks to remotes, writes the files
 * of worktrees, and merges. What is only read is read by JGit. Thread-safe and without state; shares caches and locks with
 * {@link JGitSourceControl}, so that both may be used at once.
 *
 * <p>The git program never sees a cache's configuration, hooks, refs or records, nor the user's or the system's settings:
 * it is given a private repository that borrows the cache's objects, and values that were checked. It runs no hook, no
 * filter (so LFS files stay pointers), no credential helper but ours, no editor, and no signing. A remote that is a folder
 * of this machine is talked to by JGit, because a git program there would do as that folder's own configuration and hooks
 * say.
 *
 * <p>Of submodules, repositories inside a worktree, {@code ident} and {@code working-tree-encoding},
 * {@link JGitSourceControl} says what is true here too.
 */
public final class GitSourceControl implements SourceControl {
    private final GitProgram program;
    private final SlowWorktrees slow = new SlowWorktrees(System::nanoTime);
    private final String reason;
    private final RepositoryLocks locks;
    private final Clock clock;
    private final Remotes remotes;
    private final JGitSourceControl jgit;

    /** By what a remote that is a folder of this machine is talked to. */
    enum Remotes {
        /** By JGit. */
        LOCAL_BY_JGIT,
        /** By the program, as others: for tests, where such folders stand for remotes elsewhere. */
        ALL_BY_GIT
    }

    /**
     * Uses the git program on the {@code PATH} of an environment. Of that environment, git gets the {@code PATH}, proxies
     * and the places of certificates, and nothing else. Commits carry the system's time, in UTC.
     *
     * @param environment the host's environment
     * @throws AngeeException {@code UNAVAILABLE} if there is no git there that is good enough, saying what was found
     */
    public GitSourceControl(Map<String, String> environment) {
        this(GitProgram.find(environment), Clock.systemUTC(), Remotes.LOCAL_BY_JGIT);
    }

    GitSourceControl(GitProgram.Search search, Clock clock, Remotes remotes) {
        this.program = search.found()
                .orElseThrow(() -> new AngeeException(
                        ErrorCode.UNAVAILABLE,
                        search.reason() + "; install git " + GitProgram.OLDEST + " or newer, or use JGit alone"));
        this.reason = search.reason();
        this.clock = clock;
        this.remotes = remotes;
        this.locks = new RepositoryLocks(JGitSourceControl.PATIENCE);
        this.jgit = new JGitSourceControl(JGitSourceControl.PATIENCE, clock);
        JGitSourceControl.call("remove what was left behind by a process that was killed", () -> {
            PrivateFolder.sweep();
            return true;
        });
    }

    @Override
    public SourceControlInfo describe() {
        Set<Ability> abilities = EnumSet.of(Ability.RENAMES_IN_MERGES, Ability.SHALLOW_CACHES);
        if (program.ssh().isPresent()) {
            abilities.addAll(EnumSet.of(Ability.SSH, Ability.SSH_KEYS));
        }
        return new SourceControlInfo(program + " with " + JGitSourceControl.name(), reason, abilities);
    }

    private boolean isForJGit(GitUrl url) {
        return remotes == Remotes.LOCAL_BY_JGIT && GitAccess.scheme(url).equals("file");
    }

    @Override
    public RemoteProbe probe(GitUrl remote, Credentials credentials) {
        return isForJGit(remote)
                ? jgit.probe(remote, credentials)
                : JGitSourceControl.call(
                        "ask '" + remote + "'", () -> new GitRemote(program, remote, credentials).probe());
    }

    @Override
    public void fetch(GitUrl origin, Path cache, FetchOptions options) {
        JGitSourceControl.call("fetch '" + origin + "' into '" + cache + "'", () -> {
            new CacheFilling(
                            new Cache(cache),
                            origin,
                            options,
                            locks,
                            clock,
                            (repository, how) -> fetch(repository, origin, how))
                    .fill();
            return cache;
        });
    }

    private Fetched fetch(Repository cache, GitUrl origin, FetchOptions options) throws IOException {
        return isForJGit(origin)
                ? new Origin(cache, origin, options.credentials()).fetch(options)
                : new GitRemote(program, origin, options.credentials()).fetch(cache, options);
    }

    @Override
    public History history(Path cache) {
        return new GitHistory(new Cache(cache), program);
    }

    @Override
    public WorktreeOperations in(Worktree worktree) {
        return new GitWorktree(worktree, program, locks, clock, slow);
    }

    @Override
    public List<WorktreeRecord> worktrees(Path cache) {
        return jgit.worktrees(cache);
    }

    @Override
    public void addWorktree(Worktree worktree, BranchName branch, BranchName base, FetchProgress progress) {
        jgit.addWorktree(
                worktree,
                branch,
                base,
                making -> making.fillBy(
                        (repository, tree) -> GitFiles.fill(program, worktree, repository, tree, progress)));
    }

    @Override
    public void removeWorktree(Worktree worktree, RemoveOptions options) {
        jgit.removeWorktree(worktree, options);
    }

    @Override
    public void deleteBranch(Path cache, BranchName branch) {
        jgit.deleteBranch(cache, branch);
    }

    @Override
    public PushOutcome push(Path cache, BranchName branch, PushOptions options) {
        return changes(cache).push(branch, options);
    }

    @Override
    public MergeOutcome land(Path cache, BranchName branch, BranchName into, Author author, Credentials credentials) {
        return changes(cache).land(branch, into, credentials, new Landing(author, clock, this::merge));
    }

    private GitMerge merge(Repository cache, RevCommit ours, RevCommit theirs) throws IOException {
        MergedTree.requireCommonHistory(cache, ours, theirs);
        try (GitStage stage = GitStage.over(program, cache.getDirectory().toPath())) {
            return GitMerge.of(stage, ours, theirs);
        }
    }

    @Override
    public PushOutcome retract(Path cache, BranchName branch, CommitId from, CommitId to, Credentials credentials) {
        return changes(cache).retract(branch, from, to, credentials);
    }

    private RemoteChanges changes(Path cache) {
        return new RemoteChanges(cache, locks, (repository, credentials) -> {
            GitUrl url = Origin.urlOf(repository);
            return isForJGit(url)
                    ? new Origin(repository, url, credentials)
                    : new GitRemote(program, url, credentials).pushingFrom(repository);
        });
    }
}
