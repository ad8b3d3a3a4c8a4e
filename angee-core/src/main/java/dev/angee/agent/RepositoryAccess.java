package dev.angee.agent;

import dev.angee.plan.PlannedMount;
import dev.angee.source.Worktree;
import dev.angee.source.WorktreeFiles;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** How much of its repository an agent's container is given, so that git works in its worktree. */
public enum RepositoryAccess {
    /** None: the agent has its files, and git does not work there. */
    NONE,
    /**
     * All of the cache: git does everything there, and the agent can change what other worktrees of the cache see, and how git
     * behaves on this host for whoever does not guard himself. For agents that are trusted as their user is.
     */
    SHARED,
    /**
     * The cache, of which configuration, hooks and the records of all worktrees but its own can only be read. Status, commit, merge,
     * rebase, fetch and push work; {@code git config}, {@code git remote set-url}, an upstream and further worktrees do not. Branches and
     * objects are still those of all worktrees.
     */
    GUARDED;

    /**
     * The mounts for a container that has the worktree itself mounted somewhere. The cache is at its own path in there, since
     * the worktree names it by that.
     *
     * @param files what {@link dev.angee.source.WorktreeOperations#files} says of the worktree
     * @return in an order in which each covers a part of one before it
     */
    public List<PlannedMount> mounts(Worktree worktree, WorktreeFiles files) {
        if (this == NONE) {
            return List.of();
        }
        List<PlannedMount> mounts = new ArrayList<>();
        mounts.add(bind(worktree.cache(), false));
        if (this == GUARDED) {
            Path records = files.record().getParent();
            if (records != null) {
                mounts.add(bind(records, true));
            }
            mounts.add(bind(files.record(), false));
            files.guarded().forEach(path -> mounts.add(bind(path, true)));
        }
        return mounts;
    }

    private static PlannedMount bind(Path path, boolean readOnly) {
        return new PlannedMount.Bind(path, path.toString(), readOnly);
    }
}
