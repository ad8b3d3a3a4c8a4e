package dev.angee.gitops;

import dev.angee.ConflictException;
import dev.angee.NotFoundException;
import dev.angee.source.Author;
import dev.angee.source.Commit;
import dev.angee.source.CommitId;
import dev.angee.source.Credentials;
import dev.angee.source.FileDiff;
import dev.angee.source.History;
import dev.angee.source.MergeOptions;
import dev.angee.source.MergeOutcome;
import dev.angee.source.PushOptions;
import dev.angee.source.PushOutcome;
import dev.angee.source.Revision;
import dev.angee.source.WorktreeOperations;
import dev.angee.source.WorktreeStatus;
import dev.angee.workspace.Slot;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * What can be done in one slot of a workspace. What changes it needs the slot on its own branch, with nothing unfinished, and
 * where it says so with nothing uncommitted; else it is a {@link ConflictException} that names workspace and slot and says what
 * to do, and nothing is changed.
 *
 * <p>Thread-safe. While something changes the slot, nobody else changes or destroys the workspace, in this JVM or another.
 */
public final class SlotOperations {
    private final GitOps gitops;
    private final String workspace;
    private final Slot slot;

    SlotOperations(GitOps gitops, String workspace, Slot slot) {
        this.gitops = gitops;
        this.workspace = workspace;
        this.slot = slot;
    }

    /** How it stands, as of the last fetch. Changes nothing. */
    public Link status() {
        return gitops.link(workspace, slot);
    }

    /** Fetches its source; how it stands then. */
    public Link fetch() {
        gitops.fetch(slot);
        return status();
    }

    /**
     * Fetches, and moves the branch forward to what the remote's branch of the same name has. Needs nothing uncommitted.
     *
     * @throws NotFoundException if the remote has no such branch
     * @throws ConflictException if both have commits that the other does not have
     */
    public MergeOutcome pull() {
        return changing("pull", Preflight.Need.CLEAN, () -> {
            fetchAndLookAgain();
            CommitId theirs = history()
                    .remoteBranch(slot.branch())
                    .orElseThrow(() -> new NotFoundException(
                            "branch",
                            slot.branch().value(),
                            "the remote of " + named() + " has none of that name; publish it first"));
            return in().merge(
                            Revision.of(theirs), MergeOptions.by(Author.angee()).forward(MergeOptions.Forward.ONLY));
        });
    }

    /** Pushes the branch to the one of the same name, never by force. Needs nothing uncommitted. */
    public PushOutcome push() {
        return push(PushOptions.defaults());
    }

    /**
     * Pushes the branch. Needs nothing uncommitted.
     *
     * @param options how; without credentials, the remote is shown those that are known for it
     */
    public PushOutcome push(PushOptions options) {
        return changing("push", Preflight.Need.CLEAN, () -> {
            CommitId head = fetchAndLookAgain(); // the cache's remote is the one that the credentials are for
            Credentials shown =
                    options.credentials() instanceof Credentials.None ? gitops.shownFor(slot) : options.credentials();
            return gitops.control()
                    .push(
                            slot.worktree().cache(),
                            slot.branch(),
                            expecting(options, head).with(shown));
        });
    }

    /** Pushes the branch to the one of the same name, which it follows from then on. Needs nothing uncommitted. */
    public PushOutcome publish() {
        return push(PushOptions.defaults().settingUpstream());
    }

    /**
     * Merges something into it. Needs nothing uncommitted.
     *
     * @throws NotFoundException if there is no such commit
     */
    public MergeOutcome merge(Revision what, MergeOptions options) {
        return changing("merge", Preflight.Need.CLEAN, () -> in().merge(what, options));
    }

    /**
     * Puts its commits onto something. Needs nothing uncommitted.
     *
     * @throws NotFoundException if there is no such commit
     */
    public MergeOutcome rebase(Revision onto, MergeOptions options) {
        return changing("rebase", Preflight.Need.CLEAN, () -> in().rebase(onto, options));
    }

    /**
     * Goes on with a merge or rebase whose conflicts were resolved in the worktree.
     *
     * @throws ConflictException if there is none, or files still hold conflict markers
     */
    public MergeOutcome resume(Author author) {
        return changing("resume", Preflight.Need.THERE, () -> in().resume(author));
    }

    /**
     * Takes a merge or rebase back that was begun.
     *
     * @throws ConflictException if there is none
     */
    public void abort() {
        changing("abort", Preflight.Need.THERE, () -> {
            in().abort();
            return slot;
        });
    }

    /**
     * Fetches, and brings in what its base has. Needs nothing uncommitted.
     *
     * @param onConflict what becomes of a conflict: unlike {@link GitOps#syncBase}, it can be kept and resolved
     */
    public MergeOutcome syncBase(SyncOptions options, MergeOptions.OnConflict onConflict) {
        MergeOptions how = new MergeOptions(options.author(), onConflict, MergeOptions.Forward.IF_POSSIBLE);
        return changing("sync-base", Preflight.Need.CLEAN, () -> {
            fetchAndLookAgain();
            Revision base = Revision.of(slot.base());
            return options.method() == SyncOptions.Method.REBASE ? in().rebase(base, how) : in().merge(base, how);
        });
    }

    /** Commits everything that is uncommitted; empty if there is nothing. */
    public Optional<CommitId> commit(String message, Author author) {
        return changing("commit", Preflight.Need.ON_ITS_BRANCH, () -> in().commit(message, author));
    }

    /** Everything uncommitted: staged, unstaged and untracked alike. */
    public List<FileDiff> changes() {
        return in().changes();
    }

    /**
     * How something differs from the commit that it is on.
     *
     * @throws NotFoundException if there is no such commit
     */
    public List<FileDiff> changes(Revision to) {
        return history().diff(head(), resolved(to));
    }

    /**
     * The commit that it is on and those before it, the newest first.
     *
     * @param most how many at most
     */
    public List<Commit> log(int most) {
        return history().log(head(), most);
    }

    /**
     * What a file held in a commit; empty if there was none.
     *
     * @param path from the top of the repository, with {@code /} between its parts
     * @throws NotFoundException if there is no such commit
     */
    public Optional<byte[]> file(Revision at, String path) {
        return history().file(resolved(at), path);
    }

    private CommitId head() {
        return in().head().commit();
    }

    private CommitId resolved(Revision revision) {
        return history()
                .resolve(revision)
                .orElseThrow(() -> new NotFoundException(
                        "ref", revision.value(), named() + " has no such branch, tag or commit; fetch it first"));
    }

    private WorktreeOperations in() {
        return gitops.control().in(slot.worktree());
    }

    private History history() {
        return gitops.control().history(slot.worktree().cache());
    }

    private static PushOptions expecting(PushOptions options, CommitId head) {
        return options.expected().isPresent() ? options : options.expecting(head);
    }

    /** Fetching takes its time, and whoever works in the slot may have gone on: the commit that it is on then. */
    private CommitId fetchAndLookAgain() {
        gitops.fetch(slot);
        return Objects.requireNonNull(gitops.require(Preflight.Need.CLEAN, workspace, List.of(slot))
                        .get(slot))
                .head();
    }

    private <T> T changing(String doing, Preflight.Need need, Supplier<T> change) {
        return gitops.holding(workspace, doing, () -> {
            java.util.Map<Slot, WorktreeStatus> unused = gitops.require(need, workspace, List.of(slot));
            return change.get();
        });
    }

    private String named() {
        return "slot '" + slot.name() + "' of workspace '" + workspace + "'";
    }
}
