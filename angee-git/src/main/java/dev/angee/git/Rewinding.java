package dev.angee.git;

import dev.angee.ConflictException;
import dev.angee.source.CommitId;
import java.io.IOException;
import org.eclipse.jgit.revwalk.RevCommit;
import org.eclipse.jgit.revwalk.RevWalk;

/** Moves a worktree's branch and files to another commit. */
final class Rewinding {
    private final OpenWorktree open;

    Rewinding(OpenWorktree open) {
        this.open = open;
    }

    void move(CommitId from, CommitId to) throws IOException {
        String path = open.worktree.path().toString();
        if (open.branch().isEmpty()) {
            throw new ConflictException("worktree", path, "it is on no branch; check one out first");
        }
        if (!open.head().name().equals(from.value())) {
            throw new ConflictException(
                    "worktree", path, "it is at " + open.head().name() + " and not at " + from + "; look again");
        }
        try (RevWalk walk = new RevWalk(open.repository)) {
            RevCommit before = walk.parseCommit(open.head());
            RevCommit after = Revisions.require(walk, to);
            WorktreeCheckout checkout = new WorktreeCheckout(open);
            checkout.requireClean(before);
            if (!before.equals(after)) {
                checkout.advance(before, after.getTree(), after, "reset: moving to " + to);
            }
        }
    }
}
