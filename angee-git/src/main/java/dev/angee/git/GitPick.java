package dev.angee.git;

import dev.angee.AngeeException;
import dev.angee.ErrorCode;
import dev.angee.source.Author;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.zip.DeflaterOutputStream;
import org.eclipse.jgit.lib.CommitBuilder;
import org.eclipse.jgit.lib.Constants;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.ObjectInserter;
import org.eclipse.jgit.lib.PersonIdent;
import org.eclipse.jgit.lib.Repository;
import org.eclipse.jgit.revwalk.RevCommit;
import org.eclipse.jgit.revwalk.RevWalk;

/**
 * Puts what a commit changes onto another one, in the object store alone. Git merges commits there, and not yet (2.39) two
 * trees with a third for their base; so it gets three commits for that, which nobody else ever sees.
 */
final class GitPick {
    private static final PersonIdent NOBODY =
            new PersonIdent("nobody", "nobody@example.invalid", Instant.EPOCH, ZoneOffset.UTC);

    private final GitStage stage;
    private final Repository repository;
    private final PersonIdent committer;

    GitPick(GitStage stage, Repository repository, Author committer, Clock clock) {
        this.stage = stage;
        this.repository = repository;
        this.committer = new PersonIdent(committer.name(), committer.email(), clock.instant(), clock.getZone());
    }

    /** What comes of picking the commit onto another; {@link GitMerge#tree} is all there is if it went well. */
    GitMerge onto(RevCommit commit, RevCommit target) throws IOException {
        if (commit.getParentCount() > 1) {
            throw new AngeeException(ErrorCode.FAILED, "the merge " + commit.name() + " cannot be picked");
        }
        ObjectId base = synthetic(treeBefore(commit), List.of());
        ObjectId ours = synthetic(target.getTree(), List.of(base));
        ObjectId theirs = synthetic(commit.getTree(), List.of(base));
        return GitMerge.of(stage, ours, theirs);
    }

    private ObjectId treeBefore(RevCommit commit) throws IOException {
        if (commit.getParentCount() == 0) {
            try (ObjectInserter inserter = repository.newObjectInserter()) {
                ObjectId empty = inserter.insert(Constants.OBJ_TREE, new byte[0]);
                inserter.flush();
                return empty;
            }
        }
        try (RevWalk walk = new RevWalk(repository)) {
            return walk.parseCommit(commit.getParent(0)).getTree().getId();
        }
    }

    /** A commit that is only in the stage's own object folder. */
    private ObjectId synthetic(ObjectId tree, List<ObjectId> parents) throws IOException {
        CommitBuilder builder = new CommitBuilder();
        builder.setTreeId(tree);
        builder.setParentIds(parents);
        builder.setAuthor(NOBODY);
        builder.setCommitter(NOBODY);
        builder.setMessage("");
        byte[] content = builder.build();
        ObjectId id;
        try (ObjectInserter.Formatter formatter = new ObjectInserter.Formatter()) {
            id = formatter.idFor(Constants.OBJ_COMMIT, content);
        }
        ByteArrayOutputStream loose = new ByteArrayOutputStream();
        try (OutputStream out = new DeflaterOutputStream(loose)) {
            out.write(("commit " + content.length + "\0").getBytes(StandardCharsets.US_ASCII));
            out.write(content);
        }
        Path file = stage.folder()
                .resolve(
                        "objects/" + id.name().substring(0, 2) + "/" + id.name().substring(2));
        Files.createDirectories(file.getParent());
        Files.write(file, loose.toByteArray());
        return id;
    }

    /** Commits a tree as what another commit was, on another parent. */
    ObjectId commit(ObjectId tree, RevCommit as, ObjectId parent) throws IOException {
        CommitBuilder builder = new CommitBuilder();
        builder.setTreeId(tree);
        builder.setParentId(parent);
        builder.setAuthor(as.getAuthorIdent());
        builder.setCommitter(committer);
        builder.setMessage(as.getFullMessage());
        try (ObjectInserter inserter = repository.newObjectInserter()) {
            ObjectId id = inserter.insert(builder);
            inserter.flush();
            return id;
        }
    }
}
