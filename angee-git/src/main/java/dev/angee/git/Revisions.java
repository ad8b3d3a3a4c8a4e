package dev.angee.git;

import dev.angee.NotFoundException;
import dev.angee.source.CommitId;
import dev.angee.source.Revision;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.eclipse.jgit.errors.MissingObjectException;
import org.eclipse.jgit.lib.AbbreviatedObjectId;
import org.eclipse.jgit.lib.Constants;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.ObjectReader;
import org.eclipse.jgit.lib.Ref;
import org.eclipse.jgit.lib.Repository;
import org.eclipse.jgit.revwalk.RevCommit;
import org.eclipse.jgit.revwalk.RevObject;
import org.eclipse.jgit.revwalk.RevWalk;

/** Which commits names stand for. */
final class Revisions {
    private static final String REMOTE = "origin/";

    private final Repository repository;

    Revisions(Repository repository) {
        this.repository = repository;
    }

    /** The commit that a name stands for. */
    Optional<Named> find(Revision revision) throws IOException {
        String name = revision.value();
        String remote = name.startsWith(REMOTE) ? name.substring(REMOTE.length()) : name;
        try (RevWalk walk = new RevWalk(repository)) {
            List<Named> found = new ArrayList<>();
            if (ObjectId.isId(name)) {
                byId(walk, name)
                        .ifPresent(found::add); // whoever gave a branch or tag that name, it is this very commit
            }
            at(walk, RemoteRefs.PREFIX + remote, "branch").ifPresent(found::add);
            at(walk, Constants.R_HEADS + name, "branch").ifPresent(found::add);
            at(walk, Constants.R_TAGS + name, "tag").ifPresent(found::add);
            if (found.isEmpty() && revision.mayBeId()) {
                byId(walk, name).ifPresent(found::add);
            }
            return found.stream().findFirst();
        }
    }

    /** The same; it has to be there. */
    Named require(Revision revision) throws IOException {
        return find(revision)
                .orElseThrow(() -> new NotFoundException(
                        "ref",
                        revision.value(),
                        "neither a branch, nor a tag, nor the id of one commit was of that name at the last fetch"));
    }

    /** A commit that has to be there. */
    static RevCommit require(RevWalk walk, CommitId id) throws IOException {
        return commit(walk, ObjectId.fromString(id.value()))
                .orElseThrow(() -> new NotFoundException(
                        "commit", id.value(), "the cache had no such commit at the last fetch; fetch again"));
    }

    private Optional<Named> at(RevWalk walk, String ref, String kind) throws IOException {
        Ref found = repository.exactRef(ref);
        return found == null || found.getObjectId() == null
                ? Optional.empty()
                : commit(walk, found.getObjectId()).map(commit -> new Named(commit.copy(), kind));
    }

    private static Optional<Named> byId(RevWalk walk, String id) throws IOException {
        List<ObjectId> commits = new ArrayList<>();
        ObjectReader reader = walk.getObjectReader();
        for (ObjectId candidate : reader.resolve(AbbreviatedObjectId.fromString(id))) {
            commit(walk, candidate).filter(commit -> commit.equals(candidate)).ifPresent(commits::add);
        }
        return commits.size() == 1 ? Optional.of(new Named(commits.get(0).copy(), "commit")) : Optional.empty();
    }

    private static Optional<RevCommit> commit(RevWalk walk, ObjectId id) throws IOException {
        try {
            RevObject object = walk.peel(walk.parseAny(id));
            return object instanceof RevCommit commit ? Optional.of(commit) : Optional.empty();
        } catch (MissingObjectException e) {
            return Optional.empty();
        }
    }

    /**
     * A commit by a name.
     *
     * @param commit the commit
     * @param kind what the name is, for people
     */
    record Named(ObjectId commit, String kind) {}
}
