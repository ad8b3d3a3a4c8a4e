package dev.angee.git;

import dev.angee.AngeeException;
import dev.angee.ConflictException;
import dev.angee.ErrorCode;
import dev.angee.source.Author;
import dev.angee.source.MergeOptions;
import dev.angee.source.MergeOutcome;
import dev.angee.source.Unfinished;
import java.io.IOException;
import java.time.Clock;
import java.util.List;
import java.util.stream.Collectors;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.Repository;
import org.eclipse.jgit.revwalk.RevWalk;

/** Goes on with what was left in a worktree, or takes it back. */
final class Resumption {
    private final OpenWorktree open;
    private final AdminFolder admin;
    private final Clock clock;

    Resumption(OpenWorktree open, AdminFolder admin, Clock clock) {
        this.open = open;
        this.admin = admin;
        this.clock = clock;
    }

    MergeOutcome resume(Author author) throws IOException {
        Unfinished unfinished = open.unfinished();
        requireOurs(unfinished);
        open.requireNoAutostash();
        if (unfinished == Unfinished.REBASE) {
            RebaseState.read(admin, open.worktree);
        }
        List<String> marked = new ConflictMarkers(open).files();
        if (!marked.isEmpty()) {
            throw new ConflictException(
                    "worktree",
                    open.worktree.path().toString(),
                    "files still hold conflict markers (" + String.join(", ", marked) + "); resolve them first");
        }
        KeptConflicts.requireTouched(open);
        return unfinished == Unfinished.REBASE
                ? new Rebase(open, admin, MergeOptions.by(author).keepingConflicts(), clock).resume()
                : merge(author);
    }

    private MergeOutcome merge(Author author) throws IOException {
        NewCommit.stageEverything(open);
        String message = admin.text("MERGE_MSG")
                .map(text -> text.lines().filter(line -> !line.startsWith("#")).collect(Collectors.joining("\n")))
                .map(String::strip)
                .filter(text -> !text.isEmpty())
                .orElse("Merge");
        return new NewCommit(message, author, clock)
                .ofEverything(open)
                .<MergeOutcome>map(MergeOutcome.Merged::new)
                .orElseThrow(() -> new AngeeException(ErrorCode.FAILED, "the merge came to nothing"));
    }

    void abort() throws IOException {
        Unfinished unfinished = open.unfinished();
        requireOurs(unfinished);
        open.requireNoAutostash();
        if (unfinished == Unfinished.REBASE) {
            new Rebase(open, admin, MergeOptions.by(Author.angee()), clock).abort();
            return;
        }
        Repository repository = open.repository;
        requireNothingElse();
        ObjectId before;
        try (RevWalk walk = new RevWalk(repository)) {
            before = walk.parseCommit(open.head()).getTree().getId();
        }
        ObjectId present = Snapshot.of(open, before);
        PendingChange change = PendingChange.of("abort of a merge")
                .files(present, before)
                .standing(PendingChange.Standing.MERGE, PendingChange.Standing.NOTHING);
        open.journal.around(change, open, () -> {
            new WorktreeCheckout(open).reset(present, before);
            MergeState.remove(admin);
            return before;
        });
    }

    /** A merge that another git began may have begun among other changes, and those are not to go with it. */
    private void requireNothingElse() throws IOException {
        Repository repository = open.repository;
        List<ObjectId> theirs = repository.readMergeHeads();
        if (theirs != null && MergeState.isOurs(admin, open.head(), theirs)) {
            return;
        }
        List<String> others = UncommittedChanges.besidesConflicts(repository, open.head());
        if (!others.isEmpty()) {
            throw new ConflictException(
                    "worktree",
                    open.worktree.path().toString(),
                    "the merge in it cannot be taken back without losing changes (" + String.join(", ", others)
                            + "); discard or commit those first");
        }
    }

    private void requireOurs(Unfinished unfinished) {
        if (unfinished == Unfinished.NOTHING) {
            throw new ConflictException(
                    "worktree", open.worktree.path().toString(), "nothing was begun in it; merge or rebase first");
        }
        if (unfinished == Unfinished.OTHER) {
            throw new ConflictException(
                    "worktree",
                    open.worktree.path().toString(),
                    "what is unfinished in it is neither a merge nor a rebase; end it with the git that began it");
        }
    }
}
