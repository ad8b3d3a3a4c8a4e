package dev.angee.source;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * Where git keeps what belongs to a worktree, besides the worktree's own folder. Absolute paths; each was there when it was
 * asked for, except where it says otherwise.
 *
 * @param record the folder of the cache that is about this worktree alone
 * @param guarded what of the cache decides what git runs or where it looks: whoever works in the worktree needs to read it, and
 *     never to change it
 * @param state the files and folders, with all that is below them, whose change may change the worktree's status; also those
 *     that may come to be. Of what does not lie in {@code record}, a file whose path ends in the name of a branch is about
 *     that branch alone
 * @param pending what is there only while something is changed in the worktree, or after a process that did so has died;
 *     that it has died may change the status, and no file tells of it. Empty from those that leave no such thing
 */
public record WorktreeFiles(Path record, List<Path> guarded, List<Path> state, Optional<Path> pending) {
    /** Copies the lists. */
    public WorktreeFiles {
        guarded = List.copyOf(guarded);
        state = List.copyOf(state);
    }

    /** Those of a source control that leaves nothing of a change that was cut off. */
    public WorktreeFiles(Path record, List<Path> guarded, List<Path> state) {
        this(record, guarded, state, Optional.empty());
    }
}
