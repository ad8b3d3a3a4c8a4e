package dev.angee.gitops;

import dev.angee.AngeeException;
import dev.angee.ConflictException;
import dev.angee.ErrorCode;
import dev.angee.NotFoundException;
import dev.angee.internal.FileTree;
import dev.angee.source.Author;
import dev.angee.source.BranchName;
import dev.angee.source.Commit;
import dev.angee.source.CommitFiles;
import dev.angee.source.CommitId;
import dev.angee.source.Credentials;
import dev.angee.source.Distance;
import dev.angee.source.FetchOptions;
import dev.angee.source.FetchProgress;
import dev.angee.source.FileDiff;
import dev.angee.source.GitUrl;
import dev.angee.source.History;
import dev.angee.source.MergeOptions;
import dev.angee.source.MergeOutcome;
import dev.angee.source.MergePreview;
import dev.angee.source.Previews;
import dev.angee.source.PushOptions;
import dev.angee.source.PushOutcome;
import dev.angee.source.RemoteProbe;
import dev.angee.source.RemovalFinding;
import dev.angee.source.RemoveOptions;
import dev.angee.source.Revision;
import dev.angee.source.SourceControl;
import dev.angee.source.SourceControlInfo;
import dev.angee.source.Unfinished;
import dev.angee.source.Worktree;
import dev.angee.source.WorktreeFiles;
import dev.angee.source.WorktreeHead;
import dev.angee.source.WorktreeOperations;
import dev.angee.source.WorktreeRecord;
import dev.angee.source.WorktreeStatus;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * Version control in memory: commits of whole files, merged file by file. Every call is noted, and can be made to fail before or
 * after it has done its work.
 */
final class MemorySourceControl implements SourceControl {
    private record Snapshot(List<CommitId> parents, Map<String, String> files, String message) {}

    /** A remote and its cache. */
    private static final class Repository {
        private final Map<String, CommitId> remote = new TreeMap<>();
        private final Map<String, CommitId> tracked = new TreeMap<>();
        private final Map<String, CommitId> local = new TreeMap<>();
    }

    /** What is in a folder. */
    static final class Folder {
        Optional<String> branch = Optional.empty();
        CommitId head;
        final Map<String, String> edits = new TreeMap<>();
        Unfinished unfinished = Unfinished.NOTHING;
        Optional<String> locked = Optional.empty();
        private Path cache = Path.of("");

        private Folder(CommitId head) {
            this.head = head;
        }
    }

    private final Map<CommitId, Snapshot> commits = new HashMap<>();
    private final Map<Path, Repository> repositories = new HashMap<>();
    private final Map<Path, Folder> folders = new HashMap<>();
    private final Map<String, Supplier<RuntimeException>> before = new HashMap<>();
    private final Map<String, Supplier<RuntimeException>> after = new HashMap<>();
    private final Map<String, String> rejecting = new HashMap<>();
    final List<String> calls = new ArrayList<>();
    final Set<String> shown = new TreeSet<>();
    final Set<Duration> freshness = new TreeSet<>();
    private Consumer<String> listener = call -> {};
    private int made;
    private int nth = Integer.MAX_VALUE;
    private Fault fault = Fault.BEFORE;

    /** Has the call of that number, from now on, fail. */
    synchronized void failNth(int nth, Fault fault) {
        this.nth = nth;
        this.fault = fault;
        calls.clear();
    }

    /** How a call fails. */
    enum Fault {
        /** It does nothing. */
        BEFORE,
        /** It does everything, and its answer is lost. */
        AFTER,
        /** It does everything, its answer is lost, and nobody answers from then on. */
        DEAD
    }

    /** Has a call fail before it does anything. */
    synchronized void failBefore(String call, Supplier<RuntimeException> failure) {
        before.put(call, failure);
    }

    /** Has no call fail any more. */
    synchronized void heal() {
        before.clear();
        after.clear();
    }

    /** Has a call fail after it has done everything: its answer is lost. */
    synchronized void failAfter(String call, Supplier<RuntimeException> failure) {
        after.put(call, failure);
    }

    /** Has the remote reject a push, a landing or a retraction. */
    synchronized void reject(String call, String reason) {
        rejecting.put(call, reason);
    }

    synchronized void onCall(Consumer<String> told) {
        listener = told;
    }

    synchronized void remote(Path cache, String branch, String file, String content) {
        Repository repository = repositories.computeIfAbsent(cache, unused -> new Repository());
        CommitId tip = repository.remote.get(branch);
        repository.remote.put(branch, commit(tip == null ? List.of() : List.of(tip), file, content));
    }

    synchronized Optional<CommitId> remote(Path cache, String branch) {
        return Optional.ofNullable(repository(cache).remote.get(branch));
    }

    synchronized Optional<CommitId> local(Path cache, String branch) {
        return Optional.ofNullable(repository(cache).local.get(branch));
    }

    synchronized Map<String, String> remoteFiles(Path cache, String branch) {
        return snapshot(repository(cache).remote.get(branch)).files();
    }

    /** Where the folder would be that a cache has about a worktree; it may be made there. */
    static Path recordOf(Path worktree) {
        return worktree.resolveSibling(worktree.getFileName() + ".record");
    }

    /** What would be there while something is changed in the worktree; it may be made. */
    static Path pendingOf(Path worktree) {
        return worktree.resolveSibling(worktree.getFileName() + ".pending");
    }

    synchronized Folder folder(Path path) {
        return folders.get(path);
    }

    private CommitId commit(List<CommitId> parents, String file, String content) {
        Map<String, String> files = new TreeMap<>(
                parents.isEmpty() ? Map.of() : snapshot(parents.get(0)).files());
        files.put(file, content);
        return commit(parents, files, "change " + file);
    }

    private CommitId commit(List<CommitId> parents, Map<String, String> files, String message) {
        CommitId id = new CommitId(String.format("%040x", ++made));
        commits.put(id, new Snapshot(parents, files, message));
        return id;
    }

    private Snapshot snapshot(CommitId id) {
        Snapshot found = commits.get(id);
        if (found == null) {
            throw new NotFoundException("commit", String.valueOf(id), "no such commit");
        }
        return found;
    }

    private Repository repository(Path cache) {
        Repository found = repositories.get(cache);
        if (found == null) {
            throw new NotFoundException("cache", cache.toString(), "no such cache");
        }
        return found;
    }

    private Set<CommitId> ancestors(CommitId tip) {
        Set<CommitId> found = new HashSet<>();
        List<CommitId> pending = new ArrayList<>(List.of(tip));
        while (!pending.isEmpty()) {
            CommitId next = pending.remove(pending.size() - 1);
            if (found.add(next)) {
                pending.addAll(snapshot(next).parents());
            }
        }
        return found;
    }

    private record Merging(Map<String, String> files, List<String> conflicts) {}

    private Merging merging(CommitId into, CommitId what) {
        Set<CommitId> shared = ancestors(into);
        shared.retainAll(ancestors(what));
        // Ids grow, so the greatest is the last that both have.
        Map<String, String> base = shared.stream()
                .max((a, b) -> a.value().compareTo(b.value()))
                .map(id -> snapshot(id).files())
                .orElse(Map.of());
        Map<String, String> ours = snapshot(into).files();
        Map<String, String> theirs = snapshot(what).files();
        Map<String, String> files = new TreeMap<>(ours);
        List<String> conflicts = new ArrayList<>();
        Set<String> names = new TreeSet<>(ours.keySet());
        names.addAll(theirs.keySet());
        for (String name : names) {
            Optional<String> old = Optional.ofNullable(base.get(name));
            Optional<String> mine = Optional.ofNullable(ours.get(name));
            Optional<String> other = Optional.ofNullable(theirs.get(name));
            if (mine.equals(old)) {
                other.ifPresentOrElse(text -> files.put(name, text), () -> files.remove(name));
            } else if (!other.equals(old) && !other.equals(mine)) {
                conflicts.add(name);
            }
        }
        return new Merging(files, conflicts);
    }

    private <T> T call(String name, Supplier<T> work) {
        Supplier<RuntimeException> lost;
        T result;
        synchronized (this) {
            calls.add(name);
            listener.accept(name);
            if ((calls.size() == nth && fault == Fault.BEFORE) || (calls.size() > nth && fault == Fault.DEAD)) {
                throw unreachable();
            }
            if (before.containsKey(name)) {
                throw before.get(name).get();
            }
            lost = calls.size() == nth ? MemorySourceControl::unreachable : after.get(name);
            result = work.get();
        }
        if (lost != null) {
            throw lost.get();
        }
        return result;
    }

    @Override
    public SourceControlInfo describe() {
        return new SourceControlInfo("memory", "for tests", Set.of());
    }

    @Override
    public RemoteProbe probe(GitUrl remote, Credentials credentials) {
        return call("probe " + remote, () -> {
            Map<BranchName, CommitId> branches = new HashMap<>();
            repository(Path.of(remote.value())).remote.forEach((name, id) -> branches.put(BranchName.of(name), id));
            return new RemoteProbe.Reached(Optional.of(BranchName.of("main")), branches);
        });
    }

    /** The remote's path is the cache's: there is one of each. */
    @Override
    public void fetch(GitUrl origin, Path cache, FetchOptions options) {
        call("fetch " + cache.getFileName(), () -> {
            show(options.credentials());
            freshness.add(options.freshness());
            Repository repository = repository(cache);
            repository.tracked.clear();
            repository.tracked.putAll(repository.remote);
            return cache;
        });
    }

    private void show(Credentials credentials) {
        Credentials these = credentials instanceof Credentials.Bound bound ? bound.shown() : credentials;
        shown.add(these instanceof Credentials.Password password ? password.user() : "nothing");
    }

    @Override
    public History history(Path cache) {
        return new MemoryHistory(cache);
    }

    @Override
    public WorktreeOperations in(Worktree worktree) {
        return new MemoryWorktree(worktree);
    }

    @Override
    public synchronized List<WorktreeRecord> worktrees(Path cache) {
        return folders.entrySet().stream()
                .filter(each -> each.getValue().cache.equals(cache))
                .map(each ->
                        new WorktreeRecord(each.getKey(), each.getValue().branch.map(BranchName::of), true))
                .toList();
    }

    @Override
    public synchronized void addWorktree(
            Worktree worktree, BranchName branch, BranchName base, FetchProgress progress) {
        Repository repository = repository(worktree.cache());
        CommitId start = repository.remote.get(base.value());
        repository.tracked.putAll(repository.remote);
        repository.local.putIfAbsent(branch.value(), start);
        Folder folder = new Folder(repository.local.get(branch.value()));
        folder.branch = Optional.of(branch.value());
        folder.cache = worktree.cache();
        folders.put(worktree.path(), folder);
    }

    @Override
    public void removeWorktree(Worktree worktree, RemoveOptions options) {
        call("remove " + worktree.path().getFileName(), () -> {
            if (options.base().isPresent() && folders.containsKey(worktree.path())) {
                Map<RemovalFinding, String> found =
                        new TreeMap<>(in(worktree).findings(options.base().get()));
                found.keySet().removeAll(options.accepted());
                if (!found.isEmpty()) {
                    throw new ConflictException("worktree", worktree.path().toString(), found.toString());
                }
            }
            FileTree.delete(worktree.path());
            return Optional.ofNullable(folders.remove(worktree.path()));
        });
    }

    @Override
    public void deleteBranch(Path cache, BranchName branch) {
        call(
                "delete " + branch,
                () -> Optional.ofNullable(repository(cache).local.remove(branch.value())));
    }

    private int commitsNowhereElse(Path cache, CommitId tip) {
        Set<CommitId> alone = ancestors(tip);
        repository(cache).tracked.values().forEach(there -> alone.removeAll(ancestors(there)));
        return alone.size();
    }

    @Override
    public PushOutcome push(Path cache, BranchName branch, PushOptions options) {
        return call("push " + branch, () -> {
            show(options.credentials());
            Repository repository = repository(cache);
            CommitId tip = repository.local.get(branch.value());
            String to = options.to().orElse(branch).value();
            CommitId there = repository.remote.get(to);
            if (rejecting.containsKey("push " + branch)) {
                return new PushOutcome.Rejected(rejecting.get("push " + branch));
            }
            if (options.expected().isPresent() && !options.expected().get().equals(tip)) {
                throw new ConflictException("branch", branch.value(), "has moved meanwhile");
            }
            if (options.replacing().isPresent() && !options.replacing().get().equals(there)) {
                return new PushOutcome.Rejected("stale info");
            }
            if (there != null
                    && !ancestors(tip).contains(there)
                    && !options.replacing().equals(Optional.of(there))) {
                return new PushOutcome.Rejected("non-fast-forward");
            }
            repository.remote.put(to, tip);
            repository.tracked.put(to, tip);
            return new PushOutcome.Pushed(tip);
        });
    }

    @Override
    public MergeOutcome land(Path cache, BranchName branch, BranchName into, Author author, Credentials credentials) {
        return call("land " + branch, () -> {
            show(credentials);
            Repository repository = repository(cache);
            CommitId tip = repository.local.get(branch.value());
            CommitId there = repository.tracked.get(into.value());
            if (ancestors(there).contains(tip)) {
                return new MergeOutcome.UpToDate(there);
            }
            if (rejecting.containsKey("land " + branch) || !there.equals(repository.remote.get(into.value()))) {
                throw new ConflictException("branch", into.value(), "moved meanwhile; fetch and try again");
            }
            Merging merging = merging(there, tip);
            if (!merging.conflicts().isEmpty()) {
                return new MergeOutcome.Conflicted(merging.conflicts(), "both changed them");
            }
            CommitId merged = commit(List.of(there, tip), merging.files(), "merge " + branch);
            repository.remote.put(into.value(), merged);
            repository.tracked.put(into.value(), merged);
            return new MergeOutcome.Merged(merged);
        });
    }

    @Override
    public PushOutcome retract(Path cache, BranchName branch, CommitId from, CommitId to, Credentials credentials) {
        return call("retract " + branch, () -> {
            Repository repository = repository(cache);
            if (rejecting.containsKey("retract " + branch)) {
                return new PushOutcome.Rejected(rejecting.get("retract " + branch));
            }
            if (!from.equals(repository.remote.get(branch.value()))) {
                return new PushOutcome.Rejected("stale info");
            }
            repository.remote.put(branch.value(), to);
            repository.tracked.put(branch.value(), to);
            return new PushOutcome.Pushed(to);
        });
    }

    private final class MemoryHistory implements History {
        private final Path cache;

        private MemoryHistory(Path cache) {
            this.cache = cache;
        }

        @Override
        public BranchName defaultBranch() {
            return BranchName.of("main");
        }

        @Override
        public Optional<Instant> fetched() {
            return Optional.of(Instant.EPOCH);
        }

        @Override
        public Optional<CommitId> remoteBranch(BranchName branch) {
            synchronized (MemorySourceControl.this) {
                return Optional.ofNullable(repository(cache).tracked.get(branch.value()));
            }
        }

        @Override
        public Optional<CommitId> localBranch(BranchName branch) {
            synchronized (MemorySourceControl.this) {
                return Optional.ofNullable(repository(cache).local.get(branch.value()));
            }
        }

        @Override
        public Map<BranchName, CommitId> remoteBranches() {
            return call("branches " + cache.getFileName(), () -> {
                Map<BranchName, CommitId> branches = new LinkedHashMap<>();
                repository(cache).tracked.forEach((name, id) -> branches.put(BranchName.of(name), id));
                return branches;
            });
        }

        @Override
        public Optional<CommitId> resolve(Revision revision) {
            synchronized (MemorySourceControl.this) {
                Optional<CommitId> branch = remoteBranch(revision.remoteBranch());
                return branch.isPresent() || revision.value().length() != 40
                        ? branch
                        : Optional.of(new CommitId(revision.value()));
            }
        }

        @Override
        public int commitsNowhereElse(BranchName branch) {
            synchronized (MemorySourceControl.this) {
                return localBranch(branch)
                        .map(tip -> MemorySourceControl.this.commitsNowhereElse(cache, tip))
                        .orElse(0);
            }
        }

        @Override
        public List<Commit> log(CommitId from, int most) {
            synchronized (MemorySourceControl.this) {
                List<Commit> log = new ArrayList<>();
                Optional<CommitId> next = Optional.of(from);
                while (next.isPresent() && log.size() < most) {
                    Snapshot at = snapshot(next.get());
                    log.add(new Commit(next.get(), at.parents(), "Ada <ada@example.org>", Instant.EPOCH, at.message()));
                    next = at.parents().stream().findFirst();
                }
                return log;
            }
        }

        @Override
        public List<FileDiff> diff(CommitId from, CommitId to) {
            throw new UnsupportedOperationException();
        }

        @Override
        public Optional<byte[]> file(CommitId at, String path) {
            throw new UnsupportedOperationException();
        }

        @Override
        public CommitFiles files(CommitId at) {
            throw new UnsupportedOperationException();
        }

        @Override
        public Previews previews() {
            call("open previews of " + cache.getFileName(), () -> cache);
            return new Previews() {
                @Override
                public MergePreview of(CommitId into, CommitId what) {
                    return preview(into, what);
                }

                @Override
                public void close() {
                    call("close previews of " + cache.getFileName(), () -> cache);
                }
            };
        }

        @Override
        public Distance distance(CommitId one, CommitId other) {
            synchronized (MemorySourceControl.this) {
                return MemorySourceControl.this.distance(one, other);
            }
        }

        @Override
        public MergePreview preview(CommitId into, CommitId what) {
            return call("preview", () -> {
                Merging merging = merging(into, what);
                return new MergePreview(
                        merging.conflicts(),
                        !merging.files().equals(snapshot(into).files()));
            });
        }
    }

    private Distance distance(CommitId one, CommitId other) {
        Set<CommitId> ours = ancestors(one);
        Set<CommitId> theirs = ancestors(other);
        return new Distance(
                (int) ours.stream().filter(id -> !theirs.contains(id)).count(),
                (int) theirs.stream().filter(id -> !ours.contains(id)).count());
    }

    private final class MemoryWorktree implements WorktreeOperations {
        private final Worktree worktree;

        private MemoryWorktree(Worktree worktree) {
            this.worktree = worktree;
        }

        private String named(String verb) {
            return verb + " " + worktree.path().getFileName();
        }

        private Folder folder() {
            Folder found = folders.get(worktree.path());
            if (found == null) {
                throw new NotFoundException("worktree", worktree.path().toString(), "no such worktree");
            }
            return found;
        }

        @Override
        public WorktreeStatus status(BranchName base) {
            return call(named("status"), () -> {
                Folder folder = folder();
                Repository repository = repository(worktree.cache());
                CommitId there = repository.tracked.get(base.value());
                if (there == null) {
                    throw new NotFoundException("branch", base.value(), "the remote has none of that name");
                }
                Distance distance = distance(folder.head, there);
                boolean pushed = folder.branch
                        .map(repository.tracked::get)
                        .filter(own -> ancestors(own).contains(folder.head))
                        .isPresent();
                return new WorktreeStatus(
                        folder.branch.map(BranchName::of),
                        folder.head,
                        List.copyOf(folder.edits.keySet()),
                        distance.ahead(),
                        distance.behind(),
                        folder.unfinished,
                        pushed);
            });
        }

        @Override
        public WorktreeHead head() {
            return call(
                    named("head"),
                    () -> new WorktreeHead(folder().branch.map(BranchName::of), folder().head, folder().unfinished));
        }

        @Override
        public WorktreeFiles files() {
            Path record = recordOf(worktree.path());
            return new WorktreeFiles(record, List.of(), List.of(record), Optional.of(pendingOf(worktree.path())));
        }

        @Override
        public List<FileDiff> changes() {
            return List.of();
        }

        @Override
        public Map<RemovalFinding, String> findings(BranchName base) {
            synchronized (MemorySourceControl.this) {
                Map<RemovalFinding, String> found = new TreeMap<>();
                if (!folder().edits.isEmpty() || folder().unfinished != Unfinished.NOTHING) {
                    found.put(
                            RemovalFinding.DIRTY,
                            "uncommitted: " + folder().edits.keySet());
                }
                if (commitsNowhereElse(worktree.cache(), folder().head) > 0) {
                    found.put(RemovalFinding.UNPUSHED, "commits that no branch of the remote has");
                }
                folder().locked.ifPresent(why -> found.put(RemovalFinding.LOCKED, "locked: " + why));
                return found;
            }
        }

        @Override
        public Optional<CommitId> commit(String message, Author author) {
            return call(named("commit"), () -> {
                Folder folder = folder();
                if (folder.edits.isEmpty()) {
                    return Optional.empty();
                }
                Map<String, String> files = new TreeMap<>(snapshot(folder.head).files());
                files.putAll(folder.edits);
                folder.edits.clear();
                return Optional.of(move(folder, MemorySourceControl.this.commit(List.of(folder.head), files, message)));
            });
        }

        @Override
        public MergeOutcome merge(Revision what, MergeOptions options) {
            return call(named("merge"), () -> {
                Folder folder = folder();
                CommitId other = history(worktree.cache()).resolve(what).orElseThrow();
                if (ancestors(folder.head).contains(other)) {
                    return new MergeOutcome.UpToDate(folder.head);
                }
                if (ancestors(other).contains(folder.head)) {
                    return new MergeOutcome.FastForward(move(folder, other));
                }
                if (options.forward() == MergeOptions.Forward.ONLY) {
                    throw new ConflictException("branch", what.value(), "cannot be moved forward to");
                }
                Merging merging = merging(folder.head, other);
                return merging.conflicts().isEmpty()
                        ? new MergeOutcome.Merged(move(
                                folder,
                                MemorySourceControl.this.commit(List.of(folder.head, other), merging.files(), "merge")))
                        : new MergeOutcome.Conflicted(merging.conflicts(), "both changed them");
            });
        }

        @Override
        public MergeOutcome rebase(Revision onto, MergeOptions options) {
            return call(named("rebase"), () -> {
                Folder folder = folder();
                CommitId other = history(worktree.cache()).resolve(onto).orElseThrow();
                if (ancestors(other).contains(folder.head)) {
                    return new MergeOutcome.FastForward(move(folder, other));
                }
                Merging merging = merging(folder.head, other);
                if (!merging.conflicts().isEmpty()) {
                    return new MergeOutcome.Conflicted(merging.conflicts(), "both changed them");
                }
                Set<CommitId> own = new TreeSet<>((a, b) -> a.value().compareTo(b.value())); // ids grow
                own.addAll(ancestors(folder.head));
                own.removeAll(ancestors(other));
                CommitId tip = other;
                for (CommitId each : own) {
                    tip = MemorySourceControl.this.commit(
                            List.of(tip), merging.files(), snapshot(each).message());
                }
                return new MergeOutcome.Rebased(move(folder, tip));
            });
        }

        @Override
        public MergeOutcome resume(Author author) {
            return call(named("resume"), () -> new MergeOutcome.UpToDate(folder().head));
        }

        @Override
        public void abort() {
            call(named("abort"), () -> folder().unfinished = Unfinished.NOTHING);
        }

        @Override
        public void rewind(CommitId from, CommitId to) {
            call(named("rewind"), () -> {
                Folder folder = folder();
                if (!folder.head.equals(from) || !folder.edits.isEmpty()) {
                    throw new ConflictException("worktree", worktree.path().toString(), "has changed meanwhile");
                }
                return move(folder, to);
            });
        }

        private CommitId move(Folder folder, CommitId to) {
            folder.head = to;
            folder.branch.ifPresent(branch -> repository(worktree.cache()).local.put(branch, to));
            return to;
        }
    }

    /** A remote that does not answer. */
    static RuntimeException unreachable() {
        return new AngeeException(ErrorCode.UNAVAILABLE, "the remote does not answer");
    }
}
