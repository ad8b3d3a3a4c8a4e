package dev.angee.git;

import dev.angee.ConflictException;
import dev.angee.source.FetchProgress;
import dev.angee.source.Worktree;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import org.eclipse.jgit.dircache.DirCache;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.Repository;
import org.eclipse.jgit.revwalk.RevCommit;
import org.eclipse.jgit.treewalk.TreeWalk;
import org.eclipse.jgit.treewalk.filter.TreeFilter;

/** Changes the files of a worktree, and its index with them, by the git program. */
final class GitFiles {
    private static final List<String> REFUSALS =
            List.of("would be overwritten", "not uptodate", "would lose", "would be lost", "would be removed");

    private final GitStage stage;
    private final OpenWorktree open;
    private final Worktree worktree;
    private final Repository repository;

    GitFiles(GitStage stage, OpenWorktree open) throws IOException {
        this.stage = stage.withFiles(open.worktree.path(), open.repository);
        this.open = open;
        this.worktree = open.worktree;
        this.repository = open.repository;
    }

    /** Moves files, and the branch, or the detached head, to another commit; all of it or nothing. */
    void advance(RevCommit from, ObjectId tree, ObjectId to, String why) throws IOException {
        PendingChange change = open.moving(PendingChange.of(why).files(from.getTree(), tree), from, to);
        open.journal.around(change, open, () -> {
            move(from.getTree(), tree, () -> open.moveHead(from, to, why));
            return to;
        });
    }

    /** Makes a clean worktree's files those of another tree, and does what makes that count; the journal takes it back. */
    void move(ObjectId from, ObjectId to, WorktreeCheckout.Ending ending) throws IOException {
        if (from.equals(to)) {
            ending.run();
            return;
        }
        requireRoom(from, to);
        index().around(
                        () -> {
                            checkOut(from, to);
                            return to;
                        },
                        ending);
    }

    /** Makes a clean worktree's files those of a merge in conflict, markers and index entries included. */
    void show(ObjectId from, GitMerge merge) throws IOException {
        requireRoom(from, merge.tree());
        index().around(() -> {
            checkOut(from, merge.tree());
            stage.requireReading(GitCommand.indexInfo(), merge.indexInfo());
            KeptConflicts.write(
                    open.record, worktree.path(), DirCache.read(stage.index().toFile(), InertFileSystem.INSTANCE));
            return merge;
        });
    }

    /** Throws away what was changed in files that git knows. */
    void discard(ObjectId tree) throws IOException {
        index().around(() -> stage.require(GitCommand.discard(tree)));
    }

    /** Takes a merge back that somebody may have begun among other changes; those stay. */
    void resetMerge(ObjectId head) throws IOException {
        index().around(() -> {
            stage.write("HEAD", head.name() + "\n");
            GitResult result = stage.run(GitCommand.resetMerge(head));
            if (!result.succeeded()) {
                throw new ConflictException(
                        "worktree",
                        worktree.path().toString(),
                        "the merge in it cannot be taken back without losing changes (" + result.complaint()
                                + "); discard or commit those first");
            }
            return result;
        });
    }

    private IndexReplacement index() {
        return new IndexReplacement(open, stage.index());
    }

    private void checkOut(ObjectId from, ObjectId to) throws IOException {
        GitCommand command = GitCommand.checkOut(from, to);
        GitResult result = stage.run(command);
        if (!result.succeeded() && isRefusal(result)) {
            stage.run(GitCommand.refresh()); // Some may only seem to differ: then it goes through.
            result = stage.run(command);
        }
        if (!result.succeeded() && isRefusal(result)) {
            throw inTheWay(result.complaint());
        }
        GitStage.succeeded(command, result);
    }

    private static boolean isRefusal(GitResult result) {
        String said = result.complaint().toLowerCase(Locale.ROOT);
        return REFUSALS.stream().anyMatch(said::contains);
    }

    private void requireRoom(ObjectId from, ObjectId to) throws IOException {
        List<String> ignored = TreePaths.inTheWay(repository, from, to);
        if (!ignored.isEmpty()) {
            throw inTheWay(String.join(", ", ignored));
        }
        for (String folder : foldersOfChanges(from, to)) {
            Path attributes = worktree.path().resolve(folder).resolve(".gitattributes");
            if (Files.exists(attributes, LinkOption.NOFOLLOW_LINKS)
                    && !Files.isRegularFile(attributes, LinkOption.NOFOLLOW_LINKS)
                    && !Files.isSymbolicLink(attributes)) {
                throw inTheWay(attributes + ", which is no file");
            }
        }
    }

    /** Where git looks for attributes of the files that it is to write: in each folder, and those above it. */
    private Set<String> foldersOfChanges(ObjectId from, ObjectId to) throws IOException {
        Set<String> folders = new TreeSet<>(Set.of(""));
        try (TreeWalk walk = new TreeWalk(repository)) {
            walk.addTree(from);
            walk.addTree(to);
            walk.setFilter(TreeFilter.ANY_DIFF);
            while (walk.next()) {
                if (walk.isSubtree()) {
                    folders.add(walk.getPathString());
                    walk.enterSubtree();
                }
            }
        }
        return folders;
    }

    private ConflictException inTheWay(String what) {
        return new ConflictException(
                "worktree",
                worktree.path().toString(),
                "files that are not git's stand in the way (" + what + "); move them away");
    }

    /** Writes the files of a new worktree, whose record and folder are there. */
    static void fill(
            GitProgram program, Worktree worktree, Repository repository, ObjectId tree, FetchProgress progress)
            throws IOException {
        try (GitStage stage = GitStage.over(program, worktree.cache())) {
            stage.withFiles(worktree.path(), repository);
            GitCommand command = GitCommand.checkOutNew(tree);
            new IndexReplacement(repository.getIndexFile(), stage.index())
                    .around(() -> GitStage.succeeded(command, stage.run(command, progress)));
        }
    }
}
