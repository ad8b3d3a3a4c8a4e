package dev.angee.git;

import dev.angee.AngeeException;
import dev.angee.ConflictException;
import dev.angee.ErrorCode;
import dev.angee.source.Author;
import dev.angee.source.CommitId;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.eclipse.jgit.api.AddCommand;
import org.eclipse.jgit.api.errors.GitAPIException;
import org.eclipse.jgit.dircache.DirCache;
import org.eclipse.jgit.lib.CommitBuilder;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.ObjectInserter;
import org.eclipse.jgit.lib.PersonIdent;
import org.eclipse.jgit.lib.Repository;
import org.eclipse.jgit.lib.RepositoryState;
import org.eclipse.jgit.revwalk.RevWalk;

/** A commit to be made; never signed, and no hook is asked. */
final class NewCommit {
    private final String message;
    private final PersonIdent author;

    NewCommit(String message, Author author, Clock clock) {
        this.message = message;
        this.author = new PersonIdent(author.name(), author.email(), clock.instant(), clock.getZone());
    }

    /** Writes the commit, without moving anything to it. */
    ObjectId write(Repository repository, ObjectId tree, List<ObjectId> parents) throws IOException {
        CommitBuilder commit = new CommitBuilder();
        commit.setTreeId(tree);
        commit.setParentIds(parents);
        commit.setAuthor(author);
        commit.setCommitter(author);
        commit.setMessage(message.endsWith("\n") ? message : message + "\n");
        try (ObjectInserter inserter = repository.newObjectInserter()) {
            ObjectId id = inserter.insert(commit);
            inserter.flush();
            return id;
        }
    }

    /** Commits everything that is uncommitted in the worktree. */
    Optional<CommitId> ofEverything(OpenWorktree open) throws IOException {
        Repository repository = open.repository;
        requireNothingUnfinished(open);
        UncommittedChanges.requireFullCheckout(repository.readDirCache());
        ObjectId head = open.head();
        UncommittedChanges changes = UncommittedChanges.of(repository, head);
        if (!changes.unstaged().isEmpty()) {
            stage(open, changes.unstaged());
        }
        List<ObjectId> parents = new ArrayList<>(List.of(head));
        List<ObjectId> merged = repository.readMergeHeads();
        if (merged != null) {
            parents.addAll(merged);
        }
        ObjectId tree = treeOfIndex(repository);
        if (parents.size() == 1 && tree.equals(treeOf(repository, head))) {
            return Optional.empty();
        }
        ObjectId commit = write(repository, tree, parents);
        moveTo(open, head, commit, parents.size() > 1);
        return Optional.of(RemoteRefs.id(commit));
    }

    private void moveTo(OpenWorktree open, ObjectId head, ObjectId commit, boolean endsMerge) throws IOException {
        String why = "commit: " + message.lines().findFirst().orElse("");
        if (!endsMerge) {
            open.moveHead(head, commit, why);
            return;
        }
        PendingChange change = open.moving(PendingChange.of(why), head, commit)
                .standing(PendingChange.Standing.MERGE, PendingChange.Standing.NOTHING);
        open.journal.around(change, open, () -> {
            open.moveHead(head, commit, why);
            MergeState.remove(open.record);
            return commit;
        });
    }

    /** Commits what the index has as the end of a merge. */
    ObjectId ofMerge(OpenWorktree open, List<ObjectId> theirs) throws IOException {
        ObjectId head = open.head();
        List<ObjectId> parents = new ArrayList<>(List.of(head));
        parents.addAll(theirs);
        ObjectId commit = write(open.repository, treeOfIndex(open.repository), parents);
        moveTo(open, head, commit, true);
        return commit;
    }

    /** Puts everything that is uncommitted into the index; what was in conflict there is as it is in the worktree. */
    static void stageEverything(OpenWorktree open) throws IOException {
        UncommittedChanges.requireFullCheckout(open.repository.readDirCache());
        UncommittedChanges changes = UncommittedChanges.of(open.repository, open.head());
        if (!changes.unstaged().isEmpty()) {
            stage(open, changes.unstaged());
        }
    }

    private static void requireNothingUnfinished(OpenWorktree open) throws IOException {
        open.requireNoAutostash();
        RepositoryState state = open.repository.getRepositoryState();
        if (state != RepositoryState.SAFE && state != RepositoryState.MERGING_RESOLVED) {
            throw new ConflictException(
                    "worktree",
                    open.worktree.path().toString(),
                    "something is unfinished in it (" + state.getDescription() + "); finish or abort that first");
        }
        if (state == RepositoryState.SAFE && open.repository.readDirCache().hasUnmergedPaths()) {
            throw new ConflictException(
                    "worktree",
                    open.worktree.path().toString(),
                    "files are in conflict in it, and not because of a merge; resolve and stage them ('git add') first");
        }
    }

    private static void stage(OpenWorktree open, List<String> paths) throws IOException {
        try (PrivateFolder place = PrivateFolder.make()) {
            Path copy = place.path().resolve("index");
            new IndexReplacement(open, copy).around(() -> stageIn(open, copy, paths));
        }
    }

    private static DirCache stageIn(OpenWorktree open, Path copy, List<String> paths) throws IOException {
        try (Repository repository = open.withIndex(copy)) {
            Map<String, FileStamp> found = new HashMap<>();
            for (String path : paths) {
                FileStamp.of(open.worktree.path().resolve(path)).ifPresent(stamp -> found.put(path, stamp));
            }
            DirCache index = new AddCommand(repository)
                    .setWorkingTreeIterator(WorkingFiles.of(repository))
                    .addFilepatterns(paths)
                    .call();
            IndexStamps.note(copy, found, IndexStamps.Doubts.KEPT);
            return index;
        } catch (GitAPIException e) {
            throw new AngeeException(ErrorCode.FAILED, "cannot stage the changes: " + e.getMessage(), e);
        }
    }

    /** The tree that the index has come to. */
    static ObjectId treeOfIndex(Repository repository) throws IOException {
        try (ObjectInserter inserter = repository.newObjectInserter()) {
            ObjectId tree = repository.readDirCache().writeTree(inserter);
            inserter.flush();
            return tree;
        }
    }

    private static ObjectId treeOf(Repository repository, ObjectId commit) throws IOException {
        try (RevWalk walk = new RevWalk(repository)) {
            return walk.parseCommit(commit).getTree().getId();
        }
    }
}
