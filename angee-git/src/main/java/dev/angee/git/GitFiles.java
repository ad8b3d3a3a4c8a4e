package dev.angee.git;

import dev.angee.AngeeException;
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
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.Repository;
import org.eclipse.jgit.treewalk.TreeWalk;
import org.eclipse.jgit.treewalk.filter.TreeFilter;

/** Changes the files of a worktree, and its index with them, by the git program. */
final class GitFiles {
    private static final List<String> REFUSALS =
            List.of("would be overwritten", "not uptodate", "would lose", "would be lost", "would be removed");

    private final GitStage stage;
    private final Worktree worktree;
    private final Repository repository;

    GitFiles(GitStage stage, OpenWorktree open) throws IOException {
        this.stage = stage.withFiles(open.worktree.path(), open.repository);
        this.worktree = open.worktree;
        this.repository = open.repository;
    }

    /** Makes a clean worktree's files those of another tree, and does what makes that count; all of it or nothing. */
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
                        ending,
                        failure -> goBack(from, to, failure));
    }

    /** Makes a clean worktree's files those of a merge in conflict, markers and index entries included. */
    void show(ObjectId from, GitMerge merge) throws IOException {
        requireRoom(from, merge.tree());
        index().around(
                        () -> {
                            checkOut(from, merge.tree());
                            try {
                                return stage.requireReading(GitCommand.indexInfo(), merge.indexInfo());
                            } catch (IOException | RuntimeException e) {
                                goBack(from, merge.tree(), e);
                                throw e;
                            }
                        },
                        () -> {},
                        failure -> goBack(from, merge.tree(), failure));
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
        return new IndexReplacement(repository.getIndexFile(), stage);
    }

    private void checkOut(ObjectId from, ObjectId to) throws IOException {
        GitCommand command = GitCommand.checkOut(from, to);
        try {
            GitResult result = stage.run(command);
            if (!result.succeeded() && isRefusal(result)) {
                stage.run(GitCommand.refresh()); // Some may only seem to differ: then it goes through.
                result = stage.run(command);
            }
            if (!result.succeeded() && isRefusal(result)) {
                throw inTheWay(result.complaint());
            }
            GitStage.succeeded(command, result);
        } catch (ConflictException e) {
            throw e; // Nothing was begun.
        } catch (IOException | RuntimeException e) {
            goBack(from, to, e);
            throw e;
        }
    }

    private static boolean isRefusal(GitResult result) {
        String said = result.complaint().toLowerCase(Locale.ROOT);
        return REFUSALS.stream().anyMatch(said::contains);
    }

    /**
     * Files that were written already are taken away or back; an interrupt, if there was one, waits that long, which
     * is not for ever.
     */
    private void goBack(ObjectId from, ObjectId to, Exception failure) {
        boolean interrupted = Thread.interrupted();
        try {
            index().copyIn();
            // With the index of what was to come, git removes what only that has.
            stage.require(GitCommand.readTree(to).soon());
            stage.require(GitCommand.discard(from).soon());
        } catch (IOException | AngeeException e) {
            failure.addSuppressed(e);
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
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
            new IndexReplacement(repository.getIndexFile(), stage)
                    .around(() -> GitStage.succeeded(command, stage.run(command, progress)));
        }
    }
}
