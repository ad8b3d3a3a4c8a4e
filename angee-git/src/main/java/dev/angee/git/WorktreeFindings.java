package dev.angee.git;

import dev.angee.AngeeException;
import dev.angee.ConflictException;
import dev.angee.ErrorCode;
import dev.angee.source.BranchName;
import dev.angee.source.RemovalFinding;
import dev.angee.source.RemoveOptions;
import dev.angee.source.Unfinished;
import dev.angee.source.Worktree;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.eclipse.jgit.dircache.DirCache;
import org.eclipse.jgit.lib.FileMode;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.Repository;
import org.eclipse.jgit.revwalk.RevCommit;
import org.eclipse.jgit.revwalk.RevWalk;

/** Why a worktree should not be removed. */
final class WorktreeFindings {
    private final Cache cache;
    private final Worktree worktree;

    WorktreeFindings(Cache cache, Worktree worktree) {
        this.cache = cache;
        this.worktree = worktree;
    }

    /** What is found, each with a sentence for people; of a worktree whose folder is gone, what can be known. */
    Map<RemovalFinding, String> of(AdminFolder record, BranchName base) throws IOException {
        Map<RemovalFinding, String> found = new EnumMap<>(RemovalFinding.class);
        if (Files.isDirectory(worktree.path(), LinkOption.NOFOLLOW_LINKS)) {
            try (OpenWorktree open = new OpenWorktree(worktree, record)) {
                dirty(open, record).ifPresent(text -> found.put(RemovalFinding.DIRTY, text));
                commits(open.repository, Optional.of(open.head()), base, found);
                untaken(open.repository, record, Optional.of(open.head()), found);
            }
            ProcessesInside.of(worktree.path()).ifPresent(text -> found.put(RemovalFinding.IN_USE, text));
        } else {
            try (Repository repository = cache.open()) {
                Optional<ObjectId> head = headOf(record, repository);
                commits(repository, head, base, found);
                untaken(repository, record, head, found);
            }
        }
        if (Files.exists(record.folder().resolve(AdminFolder.LOCKED), LinkOption.NOFOLLOW_LINKS)) {
            String why =
                    record.text(AdminFolder.LOCKED).map(reason -> ": " + reason).orElse("");
            found.put(RemovalFinding.LOCKED, "git keeps it locked" + why);
        }
        return Collections.unmodifiableMap(found);
    }

    private static Optional<String> dirty(OpenWorktree open, AdminFolder record) throws IOException {
        Unfinished unfinished = open.unfinished();
        if (unfinished != Unfinished.NOTHING) {
            String what = unfinished == Unfinished.OTHER
                    ? "something"
                    : "a " + unfinished.name().toLowerCase(Locale.ROOT);
            return Optional.of(what + " is unfinished in it");
        }
        Optional<String> submodule = submoduleWithContent(open, record);
        if (submodule.isPresent()) {
            return submodule;
        }
        if (open.hasAutostash()) {
            return Optional.of("changes that a git has put aside (--autostash) are still there");
        }
        List<String> changed = Removal.unaccepted(
                record,
                open.worktree.path(),
                UncommittedChanges.of(open.repository, open.head()).all());
        return changed.isEmpty()
                ? Optional.empty()
                : Optional.of(
                        changed.size() + " files with uncommitted changes, the first is '" + changed.get(0) + "'");
    }

    /** What is in submodules we do not look at, so whatever is there may be of worth. */
    private static Optional<String> submoduleWithContent(OpenWorktree open, AdminFolder record) throws IOException {
        if (holdsAnything(record.folder().resolve("modules"))) {
            return Optional.of("its record holds repositories of submodules, and nobody knows what is in them");
        }
        DirCache index = open.repository.readDirCache();
        for (int i = 0; i < index.getEntryCount(); i++) {
            String path = index.getEntry(i).getPathString();
            if (FileMode.GITLINK.equals(index.getEntry(i).getRawMode())
                    && holdsAnything(open.worktree.path().resolve(path))) {
                return Optional.of("there is a submodule in '" + path + "', and nobody knows what is in it");
            }
        }
        return Optional.empty();
    }

    private static boolean holdsAnything(Path folder) throws IOException {
        if (!Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS)) {
            return false;
        }
        try (Stream<Path> children = Files.list(folder)) {
            return children.findAny().isPresent();
        }
    }

    private static Optional<ObjectId> headOf(AdminFolder record, Repository repository) throws IOException {
        Optional<BranchName> branch = record.branch();
        return branch.isPresent()
                ? new LocalBranches(repository).find(branch.get())
                : record.text("HEAD").filter(ObjectId::isId).map(ObjectId::fromString);
    }

    private static void commits(
            Repository repository, Optional<ObjectId> head, BranchName base, Map<RemovalFinding, String> found)
            throws IOException {
        ObjectId into = new RemoteRefs(repository).require(base);
        if (head.isEmpty()) {
            return;
        }
        int alone = new LocalBranches(repository).commitsNowhereElse(head.get());
        if (alone > 0) {
            found.put(RemovalFinding.UNPUSHED, alone + " commits that no branch of the remote has");
        }
        try (RevWalk walk = new RevWalk(repository)) {
            if (isUnlanded(repository, walk.parseCommit(into), walk.parseCommit(head.get()))) {
                found.put(RemovalFinding.UNLANDED, "changes that the remote's '" + base + "' does not have");
            }
        }
    }

    private void untaken(
            Repository repository, AdminFolder record, Optional<ObjectId> head, Map<RemovalFinding, String> found)
            throws IOException {
        JGitClone.untaken(CloneFolder.of(record, cache.folder()), repository, head)
                .ifPresent(text -> found.put(RemovalFinding.UNTAKEN, text));
    }

    private static boolean isUnlanded(Repository repository, RevCommit base, RevCommit head) throws IOException {
        try {
            return JGitHistory.preview(repository, base, head).changes();
        } catch (AngeeException e) {
            if (e.code() == ErrorCode.FAILED) {
                return true; // They have no history in common.
            }
            throw e;
        }
    }

    /** Refuses what the options do not accept. */
    void require(List<AdminFolder> records, RemoveOptions options) throws IOException {
        if (options.accepted().size() == RemovalFinding.values().length) {
            return;
        }
        BranchName base = options.base().orElseThrow();
        Map<RemovalFinding, String> found = new EnumMap<>(RemovalFinding.class);
        for (AdminFolder record : records) {
            found.putAll(of(record, base));
        }
        if (records.isEmpty() && Files.exists(worktree.path(), LinkOption.NOFOLLOW_LINKS)) {
            found.put(RemovalFinding.DIRTY, "the cache has no record of it, so nobody knows what is in it");
        }
        found.keySet().removeAll(options.accepted());
        if (!found.isEmpty()) {
            throw new ConflictException("worktree", worktree.path().toString(), describe(found));
        }
    }

    private static String describe(Map<RemovalFinding, String> found) {
        return found.entrySet().stream()
                        .map(each -> each.getKey().id() + ": " + each.getValue())
                        .collect(Collectors.joining("; "))
                + "; accept that, or see to it first";
    }

    /** The processes of this machine that work in a folder. */
    static final class ProcessesInside {
        private static final Path PROC = Path.of("/proc");
        private static final int MOST = 3;

        private ProcessesInside() {}

        /** Those that may be looked at, without this one; empty if there are none. */
        static Optional<String> of(Path folder) throws IOException {
            if (!Files.isDirectory(PROC)) {
                return Optional.empty();
            }
            Path place = folder.toRealPath();
            List<String> found = ProcessHandle.allProcesses()
                    .filter(process -> process.pid() != ProcessHandle.current().pid())
                    .filter(process -> worksIn(process.pid(), place))
                    .map(process -> name(process) + " (" + process.pid() + ")")
                    .limit(MOST)
                    .toList();
            return found.isEmpty()
                    ? Optional.empty()
                    : Optional.of("processes work in it: " + String.join(", ", found));
        }

        private static boolean worksIn(long pid, Path place) {
            try {
                return Files.readSymbolicLink(PROC.resolve(pid + "/cwd")).startsWith(place);
            } catch (IOException | SecurityException e) {
                return false; // It has ended, or is not for us to look at.
            }
        }

        private static String name(ProcessHandle process) {
            return process.info()
                    .command()
                    .map(command -> Path.of(command).getFileName().toString())
                    .orElse("a process");
        }
    }
}
