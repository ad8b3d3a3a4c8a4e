package dev.angee.git;

import dev.angee.AngeeException;
import dev.angee.ConflictException;
import dev.angee.source.Author;
import dev.angee.source.BranchName;
import dev.angee.source.CommitId;
import dev.angee.source.FileDiff;
import dev.angee.source.MergeOptions;
import dev.angee.source.MergeOutcome;
import dev.angee.source.RemovalFinding;
import dev.angee.source.Revision;
import dev.angee.source.Unfinished;
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
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.Repository;
import org.eclipse.jgit.revwalk.RevCommit;
import org.eclipse.jgit.revwalk.RevWalk;

/** Works in one worktree: by the git program where files are written or many are looked at, else by JGit. */
final class GitWorktree implements WorktreeOperations {
    private final Worktree worktree;
    private final GitProgram program;
    private final RepositoryLocks locks;
    private final Clock clock;
    private final SlowWorktrees slow;
    private final WorktreeOperations jgit;

    GitWorktree(Worktree worktree, GitProgram program, RepositoryLocks locks, Clock clock, SlowWorktrees slow) {
        this.worktree = worktree;
        this.program = program;
        this.locks = locks;
        this.clock = clock;
        this.slow = slow;
        this.jgit = new JGitWorktree(worktree, locks, clock);
    }

    @Override
    public WorktreeStatus status(BranchName base) {
        return JGitSourceControl.call("read '" + worktree.path() + "'", () -> {
            AdminFolder record = new Cache(worktree.cache()).recordOf(worktree);
            try (OpenWorktree open = new OpenWorktree(worktree, record)) {
                ObjectId head = open.head();
                return open.status(base, head, changesIn(open, head));
            }
        });
    }

    private UncommittedChanges changesIn(OpenWorktree open, ObjectId head) throws IOException {
        if (!slow.contains(worktree.path())
                && GitStatus.isForGit(open.repository.getIndexFile().toPath())) {
            Optional<UncommittedChanges> found = GitStatus.of(program, open, head, slow);
            if (found.isPresent()) {
                return found.get();
            }
        }
        return UncommittedChanges.of(open.repository, head);
    }

    @Override
    public WorktreeHead head() {
        return jgit.head();
    }

    @Override
    public WorktreeFiles files() {
        return jgit.files();
    }

    @Override
    public List<FileDiff> changes() {
        return jgit.changes();
    }

    @Override
    public Map<RemovalFinding, String> findings(BranchName base) {
        return jgit.findings(base);
    }

    @Override
    public Optional<CommitId> commit(String message, Author author) {
        return jgit.commit(message, author);
    }

    @Override
    public MergeOutcome merge(Revision what, MergeOptions options) {
        return changing("merge '" + what + "' into", (open, record, stage) -> {
            Revisions.Named theirs = new Revisions(open.repository).require(what);
            ObjectId head = requireClean(open);
            return new GitWorktreeMerge(open, record, stage, options, clock).of(what, theirs, head);
        });
    }

    @Override
    public MergeOutcome rebase(Revision onto, MergeOptions options) {
        return changing("rebase onto '" + onto + "' in", (open, record, stage) -> {
            ObjectId target = new Revisions(open.repository).require(onto).commit();
            requireClean(open);
            return new GitRebase(open, record, stage, options.author(), clock).begin(target, options.onConflict());
        });
    }

    @Override
    public MergeOutcome resume(Author author) {
        return changing("go on in", (open, record, stage) -> {
            open.requireNoAutostash();
            return switch (open.unfinished()) {
                case MERGE -> resumeMerge(open, record, author);
                case REBASE -> resumeRebase(open, record, stage, author);
                default -> throw conflict("nothing is unfinished in it that could be gone on with");
            };
        });
    }

    private MergeOutcome resumeMerge(OpenWorktree open, AdminFolder record, Author author) throws IOException {
        List<ObjectId> theirs = mergeHeads(open.repository);
        requireNoMarkers(open);
        String message =
                record.text("MERGE_MSG").map(GitWorktree::withoutComments).orElse("Merge");
        KeptConflicts.requireTouched(open);
        NewCommit.stageEverything(open);
        return new MergeOutcome.Merged(RemoteRefs.id(new NewCommit(message, author, clock).ofMerge(open, theirs)));
    }

    private static List<ObjectId> mergeHeads(Repository repository) throws IOException {
        List<ObjectId> heads = repository.readMergeHeads();
        return heads == null ? List.of() : heads;
    }

    private static String withoutComments(String message) {
        return String.join(
                        "\n",
                        message.lines().filter(line -> !line.startsWith("#")).toList())
                .strip();
    }

    private MergeOutcome resumeRebase(OpenWorktree open, AdminFolder record, GitStage stage, Author author)
            throws IOException {
        GitRebase rebase = new GitRebase(open, record, stage, author, clock);
        GitRebaseState state = rebase.read();
        rebase.requireBranchIsOurs(state.branch());
        RebaseState.begun(record, worktree).requireBranchWhereItWas(open.repository, worktree);
        requireNoMarkers(open);
        KeptConflicts.requireTouched(open);
        NewCommit.stageEverything(open);
        return rebase.resume(state, NewCommit.treeOfIndex(open.repository));
    }

    private void requireNoMarkers(OpenWorktree open) throws IOException {
        List<String> marked = new ConflictMarkers(open).files();
        if (!marked.isEmpty()) {
            throw conflict("files still hold conflict markers (" + String.join(", ", marked) + "); resolve them first");
        }
    }

    @Override
    public void abort() {
        inAnyCase("abort what was begun in", (open, record, stage) -> {
            if (Recovery.of(open)) {
                return worktree;
            }
            open.requireNoAutostash();
            switch (open.unfinished()) {
                case MERGE -> abortMerge(open, record, stage);
                case REBASE -> new GitRebase(open, record, stage, Author.angee(), clock).abort();
                default -> throw conflict("nothing is unfinished in it that could be taken back");
            }
            return worktree;
        });
    }

    private static void abortMerge(OpenWorktree open, AdminFolder record, GitStage stage) throws IOException {
        ObjectId head = open.head();
        GitFiles files = new GitFiles(stage, open);
        boolean ours = MergeState.isOurs(record, head, mergeHeads(open.repository));
        ObjectId tree;
        try (RevWalk walk = new RevWalk(open.repository)) {
            tree = walk.parseCommit(head).getTree().getId();
        }
        PendingChange change = PendingChange.of("abort of a merge")
                .files(Snapshot.of(open, tree), tree)
                .standing(PendingChange.Standing.MERGE, PendingChange.Standing.NOTHING);
        open.journal.around(change, open, () -> {
            if (ours) {
                files.discard(tree);
            } else {
                files.resetMerge(head);
            }
            MergeState.remove(record);
            return tree;
        });
    }

    @Override
    public void rewind(CommitId from, CommitId to) {
        changing("rewind", (open, record, stage) -> {
            if (open.branch().isEmpty()) {
                throw conflict("it is on no branch that could be moved");
            }
            ObjectId head = open.head();
            if (!head.name().equals(from.value())) {
                throw conflict("it is at " + head.abbreviate(7).name() + ", and not at " + from.abbreviated());
            }
            try (RevWalk walk = new RevWalk(open.repository)) {
                RevCommit then = Revisions.require(walk, to);
                requireClean(open);
                RevCommit now = walk.parseCommit(head);
                if (!now.equals(then)) {
                    new GitFiles(stage, open).advance(now, then.getTree(), then, "rewind: moving to " + to);
                }
            }
            return worktree;
        });
    }

    @Override
    public WorktreeClone ownClone() {
        return jgit.ownClone();
    }

    private ObjectId requireClean(OpenWorktree open) throws IOException {
        UncommittedChanges.requireFullCheckout(open.repository.readDirCache());
        ObjectId head = open.head();
        if (open.unfinished() != Unfinished.NOTHING) {
            throw conflict("something is unfinished in it; finish or abort that first");
        }
        List<String> changed = changesIn(open, head).all();
        if (!changed.isEmpty()) {
            throw conflict("it has uncommitted changes (" + changed.get(0) + "…); commit or discard them first");
        }
        return head;
    }

    private ConflictException conflict(String problem) {
        return new ConflictException("worktree", worktree.path().toString(), problem);
    }

    /** What was cut off before is put right first. */
    private <T> T changing(String doing, Change<T> change) {
        return inAnyCase(doing, (open, record, stage) -> {
            boolean unused = Recovery.of(open);
            return change.in(open, record, stage);
        });
    }

    private <T> T inAnyCase(String doing, Change<T> change) {
        String purpose = doing + " '" + worktree.path() + "'";
        return JGitSourceControl.call(purpose, () -> {
            AdminFolder record = new Cache(worktree.cache()).recordOf(worktree);
            return locks.worktree(
                    worktree.cache(), record, purpose, () -> ForeignLocks.waitingFor(() -> within(record, change)));
        });
    }

    private <T> T within(AdminFolder record, Change<T> change) throws IOException {
        try (OpenWorktree open = new OpenWorktree(worktree, record);
                GitStage stage = GitStage.over(program, worktree.cache())) {
            stage.with(
                    "GIT_ALTERNATE_OBJECT_DIRECTORIES",
                    stage.folder().resolve("objects").toString());
            return change.in(open, record, stage);
        }
    }

    /** What is done in a worktree under its lock. */
    @FunctionalInterface
    private interface Change<T> {
        T in(OpenWorktree open, AdminFolder record, GitStage stage) throws IOException, AngeeException;
    }
}
