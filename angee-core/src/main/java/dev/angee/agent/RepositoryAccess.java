package dev.angee.agent;

import dev.angee.plan.PlannedMount;
import dev.angee.source.CloneFiles;
import dev.angee.source.SourceControl;
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
    GUARDED,
    /**
     * A clone of its own, which borrows the objects of the cache and cannot write there: git does everything in it, and what is
     * committed comes to the host when the host {@linkplain dev.angee.source.WorktreeClone#take takes} it. All objects of the
     * cache can be read, also those of other worktrees. The container works as the user of this process.
     */
    CLONE;

    /**
     * The mounts for a container that has the worktree itself at {@value AgentContainer#WORKSPACE}. The cache, or the clone, is
     * at its own path in there, since the worktree names it by that. For {@link #CLONE} the clone is made, or brought what has
     * come into the cache since.
     *
     * @param control knows what git keeps of the worktree
     * @return in an order in which each covers a part of one before it
     */
    public List<PlannedMount> mounts(Worktree worktree, SourceControl control) {
        return switch (this) {
            case NONE -> List.of();
            case SHARED, GUARDED -> ofCache(worktree, control.in(worktree).files());
            case CLONE -> ofClone(control.in(worktree).ownClone().offer());
        };
    }

    private static List<PlannedMount> ofClone(CloneFiles clone) {
        return List.of(
                bind(clone.objects(), true),
                bind(clone.repository(), false),
                new PlannedMount.Bind(clone.pointer(), AgentContainer.WORKSPACE + "/.git", true));
    }

    private List<PlannedMount> ofCache(Worktree worktree, WorktreeFiles files) {
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
