package dev.angee.git;

import dev.angee.source.Author;
import java.io.IOException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import org.eclipse.jgit.lib.CommitBuilder;
import org.eclipse.jgit.lib.Constants;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.ObjectInserter;
import org.eclipse.jgit.lib.PersonIdent;
import org.eclipse.jgit.lib.Repository;
import org.eclipse.jgit.revwalk.RevCommit;
import org.eclipse.jgit.revwalk.RevWalk;

/** Commits put onto another one, one after the other; in memory, until they are written. */
final class Picking {
    private final Repository repository;
    private final MemoryObjects objects;
    private final PersonIdent committer;
    private final ObjectId onto;
    private final List<Picked> picked = new ArrayList<>();
    private ObjectId tree;

    Picking(Repository repository, Author author, Clock clock, ObjectId onto, ObjectId tree) {
        this.repository = repository;
        this.objects = new MemoryObjects(repository);
        this.committer = new PersonIdent(author.name(), author.email(), clock.instant(), clock.getZone());
        this.onto = onto.copy();
        this.tree = tree.copy();
    }

    /** Picks the commits until there are no more, or one is in conflict. */
    Stop pick(List<ObjectId> commits) throws IOException {
        try (RevWalk walk = new RevWalk(repository)) {
            for (int i = 0; i < commits.size(); i++) {
                RevCommit commit = walk.parseCommit(commits.get(i));
                walk.parseBody(commit);
                ObjectId before = treeBefore(walk, commit);
                MergedTree merged = MergedTree.picking(repository, tree, before, commit, objects);
                if (!merged.isClean()) {
                    return new Stop(i, merged);
                }
                add(commit, before, merged.tree());
            }
        }
        return new Stop(commits.size(), new MergedTree(tree, List.of(), ConflictStages.none(), List.of()));
    }

    /** A commit whose conflicts somebody has resolved to this tree. */
    void resolved(ObjectId id, ObjectId result) throws IOException {
        try (RevWalk walk = new RevWalk(repository)) {
            RevCommit commit = walk.parseCommit(id);
            add(commit, treeBefore(walk, commit), result);
        }
    }

    /** A commit that has become empty is left out; one that has always been is kept. */
    private void add(RevCommit commit, ObjectId before, ObjectId result) {
        if (!result.equals(tree) || before.equals(commit.getTree())) {
            picked.add(new Picked(commit, result.copy()));
        }
        tree = result.copy();
    }

    private ObjectId treeBefore(RevWalk walk, RevCommit commit) throws IOException {
        return commit.getParentCount() == 0
                ? objects.insert(Constants.OBJ_TREE, new byte[0])
                : walk.parseCommit(commit.getParent(0)).getTree();
    }

    /** The tree that the picked commits come to. */
    ObjectId tree() {
        return tree;
    }

    /** Writes the commits and what they are made of, and returns the last one: by who wrote them, at that time, with that message. */
    ObjectId write() throws IOException {
        objects.write();
        ObjectId tip = onto;
        try (ObjectInserter inserter = repository.newObjectInserter()) {
            for (Picked each : picked) {
                CommitBuilder commit = new CommitBuilder();
                commit.setTreeId(each.tree());
                commit.setParentId(tip);
                commit.setAuthor(each.commit().getAuthorIdent());
                commit.setCommitter(committer);
                commit.setMessage(each.commit().getFullMessage());
                tip = inserter.insert(commit);
            }
            inserter.flush();
        }
        return tip;
    }

    /** A commit and the tree it has become. */
    private record Picked(RevCommit commit, ObjectId tree) {}

    /**
     * Where the picking stopped.
     *
     * @param at the place of the commit that is in conflict
     * @param merged what it came to; clean at the end
     */
    record Stop(int at, MergedTree merged) {
        boolean isEnd() {
            return merged.isClean();
        }
    }
}
