package dev.angee.git;

import dev.angee.AngeeException;
import dev.angee.ConflictException;
import dev.angee.ErrorCode;
import dev.angee.internal.FolderRemoval;
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
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.eclipse.jgit.lib.Repository;
import org.eclipse.jgit.transport.SshSessionFactory;

/**
 * Version control by JGit, without any git program. Thread-safe and without state; instances share their locks, within
 * this JVM and with other JVMs on this machine.
 *
 * <pre>{@code
 * SourceControl git = new JGitSourceControl();
 * git.fetch(GitUrl.of("https://example.org/app.git"), cache, FetchOptions.defaults());
 * git.addWorktree(new Worktree(cache, folder), BranchName.of("workspace/x"), git.history(cache).defaultBranch(),
 *         FetchProgress.none());
 * }</pre>
 *
 * <p>Nothing is run for a repository: no hook, no filter (so LFS files stay pointers), no credential helper, no signing.
 * Submodules are left alone: their folders stay empty, and changes in them are neither shown nor committed. A repository
 * that somebody put inside a worktree is a folder like others. Git's {@code ident}, {@code working-tree-encoding} and
 * custom merge drivers have no effect, and merges do not follow renames.
 *
 * <p>For hosts that use JGit themselves: the first call puts a {@link org.eclipse.jgit.util.SystemReader} of ours in
 * place, which asks the one that was there, except for what this library does itself. From then on, JGit takes file
 * times to be exact to 10 ms instead of measuring that. The JDK's logger of HTTP connections gets a filter, which lets all
 * through but records with an {@code Authorization} header. Nothing else of global state is touched.
 */
public final class JGitSourceControl implements SourceControl {
    static final Duration PATIENCE = Duration.ofMinutes(10);

    private final RepositoryLocks locks;
    private final Clock clock;

    /** Opens nothing yet; commits carry the system's time, in UTC. */
    public JGitSourceControl() {
        this(PATIENCE, Clock.systemUTC());
    }

    JGitSourceControl(Duration patience, Clock clock) {
        this.locks = new RepositoryLocks(patience);
        this.clock = clock;
    }

    @Override
    public SourceControlInfo describe() {
        return new SourceControlInfo(name(), "embedded, needs no git program", abilities());
    }

    private static Set<SourceControlInfo.Ability> abilities() {
        return SshSessionFactory.getInstance() == null
                ? Set.of(SourceControlInfo.Ability.SHALLOW_CACHES)
                : Set.of(SourceControlInfo.Ability.SHALLOW_CACHES, SourceControlInfo.Ability.SSH);
    }

    static String name() {
        String version = Repository.class.getPackage().getImplementationVersion();
        return version == null ? "JGit" : "JGit " + version;
    }

    @Override
    public RemoteProbe probe(GitUrl remote, Credentials credentials) {
        return call("ask '" + remote + "'", () -> new RemoteLook(remote, credentials).probe());
    }

    @Override
    public void fetch(GitUrl origin, Path cache, FetchOptions options) {
        call("fetch '" + origin + "' into '" + cache + "'", () -> {
            new CacheFilling(
                            new Cache(cache),
                            origin,
                            options,
                            locks,
                            clock,
                            (repository, how) -> new Origin(repository, origin, how.credentials()).fetch(how))
                    .fill();
            return cache;
        });
    }

    @Override
    public History history(Path cache) {
        return new JGitHistory(new Cache(cache));
    }

    @Override
    public WorktreeOperations in(Worktree worktree) {
        return new JGitWorktree(worktree, locks, clock);
    }

    @Override
    public void addWorktree(Worktree worktree, BranchName branch, BranchName base, FetchProgress progress) {
        addWorktree(worktree, branch, base, making -> making.checkOut(progress));
    }

    void addWorktree(Worktree worktree, BranchName branch, BranchName base, CheckOut checkOut) {
        String purpose = "add worktree '" + worktree.path() + "'";
        Path cache = worktree.cache();
        call(purpose, () -> {
            new Cache(cache).requireThere();
            NewWorktree making = new NewWorktree(worktree, branch);
            try {
                AdminFolder record = locks.shared(cache, purpose, () -> making.begin(base));
                locks.worktree(cache, record, purpose, () -> {
                    checkOut.of(making);
                    return record;
                });
                return record;
            } catch (IOException | RuntimeException e) {
                takeBack(making, cache, purpose, e);
                throw e;
            }
        });
    }

    /** An interrupt, if there was one, waits that long. */
    private void takeBack(NewWorktree making, Path cache, String purpose, Exception failure) {
        boolean interrupted = Thread.interrupted();
        try {
            locks.shared(cache, purpose, () -> {
                making.undo();
                return making;
            });
        } catch (IOException | RuntimeException e) {
            failure.addSuppressed(e);
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /** How the files of a new worktree are written. */
    @FunctionalInterface
    interface CheckOut {
        void of(NewWorktree making) throws IOException;
    }

    @Override
    public void removeWorktree(Worktree worktree, RemoveOptions options) {
        String purpose = "remove worktree '" + worktree.path() + "'";
        call(purpose, () -> {
            Cache cache = new Cache(worktree.cache());
            if (worktree.cache().startsWith(worktree.path()) || isPlainFile(worktree.path())) {
                throw new ConflictException("worktree", worktree.path().toString(), "is no worktree's folder");
            }
            if (!cache.exists()) {
                new WorktreeFindings(cache, worktree).require(List.of(), options);
                FolderRemoval.of(worktree.path());
                return worktree;
            }
            return locks.shared(worktree.cache(), purpose, () -> removeWithRecords(cache, worktree, options, purpose));
        });
    }

    private Worktree removeWithRecords(Cache cache, Worktree worktree, RemoveOptions options, String purpose)
            throws IOException {
        List<AdminFolder> records = cache.recordsOf(worktree);
        return whileNobodyChanges(worktree, records, purpose, () -> {
            new WorktreeFindings(cache, worktree).require(records, options);
            for (AdminFolder record : records) {
                Removal.begin(record);
                Journal.discard(worktree, record);
            }
            FolderRemoval.of(worktree.path());
            for (AdminFolder record : records) {
                CloneFolder.of(record, cache.folder()).remove();
                FolderRemoval.of(record.folder());
            }
            return worktree;
        });
    }

    /** Works with the locks of all the records; what is looked at there, nobody of us changes before the work is over. */
    private Worktree whileNobodyChanges(
            Worktree worktree, List<AdminFolder> records, String purpose, GitWork<Worktree> work) throws IOException {
        if (records.isEmpty()) {
            return work.run();
        }
        return locks.worktree(
                worktree.cache(),
                records.get(0),
                purpose,
                () -> whileNobodyChanges(worktree, records.subList(1, records.size()), purpose, work));
    }

    private static boolean isPlainFile(Path path) {
        return Files.isRegularFile(path, LinkOption.NOFOLLOW_LINKS);
    }

    @Override
    public List<WorktreeRecord> worktrees(Path cache) {
        return call("read '" + cache + "'", () -> new Cache(cache).worktrees());
    }

    @Override
    public void deleteBranch(Path cache, BranchName branch) {
        String purpose = "delete branch '" + branch + "' of '" + cache + "'";
        call(purpose, () -> {
            new Cache(cache).requireThere();
            return locks.shared(cache, purpose, () -> {
                new Cache(cache).requireUnused(branch);
                try (Repository repository = new Cache(cache).open()) {
                    new LocalBranches(repository).delete(branch);
                }
                return branch;
            });
        });
    }

    @Override
    public PushOutcome push(Path cache, BranchName branch, PushOptions options) {
        return changes(cache).push(branch, options);
    }

    @Override
    public MergeOutcome land(Path cache, BranchName branch, BranchName into, Author author, Credentials credentials) {
        return changes(cache).land(branch, into, credentials, new Landing(author, clock, MergedTree::of));
    }

    @Override
    public PushOutcome retract(Path cache, BranchName branch, CommitId from, CommitId to, Credentials credentials) {
        return changes(cache).retract(branch, from, to, credentials);
    }

    private RemoteChanges changes(Path cache) {
        return new RemoteChanges(
                cache,
                locks,
                (repository, credentials) -> new Origin(repository, Origin.urlOf(repository), credentials));
    }

    static <T> T call(String purpose, GitWork<T> work) {
        try {
            return IsolatedReader.isolated(work);
        } catch (AngeeException e) {
            throw e;
        } catch (IOException | RuntimeException e) {
            Optional<Path> locked = ForeignLocks.lockedFile(e);
            if (locked.isPresent()) {
                throw ForeignLocks.conflict(locked.get());
            }
            Optional<Path> swapped = WorktreeFolder.swappedFile(e);
            if (swapped.isPresent()) {
                throw new ConflictException(
                        "file", swapped.get().toString(), "it changed while it was read; try again");
            }
            throw new AngeeException(ErrorCode.FAILED, "cannot " + purpose + ": " + e.getMessage(), e);
        }
    }
}
