package dev.angee.git;

import dev.angee.AngeeException;
import dev.angee.ErrorCode;
import dev.angee.InvalidInputException;
import dev.angee.NotFoundException;
import dev.angee.source.BranchName;
import dev.angee.source.Commit;
import dev.angee.source.CommitFiles;
import dev.angee.source.CommitId;
import dev.angee.source.Distance;
import dev.angee.source.FileDiff;
import dev.angee.source.History;
import dev.angee.source.MergePreview;
import dev.angee.source.Previews;
import dev.angee.source.Revision;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.eclipse.jgit.lib.Constants;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.ObjectLoader;
import org.eclipse.jgit.lib.ObjectReader;
import org.eclipse.jgit.lib.PersonIdent;
import org.eclipse.jgit.lib.Repository;
import org.eclipse.jgit.revwalk.RevCommit;
import org.eclipse.jgit.revwalk.RevWalk;
import org.eclipse.jgit.revwalk.RevWalkUtils;
import org.eclipse.jgit.treewalk.CanonicalTreeParser;
import org.eclipse.jgit.treewalk.TreeWalk;

/** Reads a cache with JGit. */
final class JGitHistory implements History {
    private static final int LARGEST_FILE = 64 * 1024 * 1024;

    private final Cache cache;

    JGitHistory(Cache cache) {
        this.cache = cache;
    }

    @Override
    public BranchName defaultBranch() {
        return reading(repository -> new RemoteRefs(repository)
                .head()
                .orElseThrow(() -> new NotFoundException(
                        "branch", Constants.HEAD, "the remote's HEAD named none when it was last fetched")));
    }

    @Override
    public Optional<CommitId> remoteBranch(BranchName branch) {
        return reading(repository -> new RemoteRefs(repository).find(branch).map(RemoteRefs::id));
    }

    @Override
    public Optional<CommitId> localBranch(BranchName branch) {
        return reading(repository -> new LocalBranches(repository).find(branch).map(RemoteRefs::id));
    }

    @Override
    public Optional<Instant> fetched() {
        return FetchStamp.read(cache.folder()).map(FetchStamp::began);
    }

    @Override
    public Map<BranchName, CommitId> remoteBranches() {
        return reading(repository -> new RemoteRefs(repository).all());
    }

    @Override
    public Optional<CommitId> resolve(Revision revision) {
        return reading(
                repository -> new Revisions(repository).find(revision).map(named -> RemoteRefs.id(named.commit())));
    }

    @Override
    public int commitsNowhereElse(BranchName branch) {
        return cache.exists() ? reading(repository -> new LocalBranches(repository).commitsNowhereElse(branch)) : 0;
    }

    @Override
    public List<Commit> log(CommitId from, int most) {
        if (most < 0) {
            throw new InvalidInputException("most", "is not negative");
        }
        return reading(repository -> {
            try (RevWalk walk = new RevWalk(repository)) {
                walk.markStart(Revisions.require(walk, from));
                List<Commit> log = new ArrayList<>();
                while (log.size() < most) {
                    RevCommit commit = walk.next();
                    if (commit == null) {
                        break;
                    }
                    log.add(commit(commit));
                }
                return log;
            }
        });
    }

    @Override
    public List<FileDiff> diff(CommitId from, CommitId to) {
        return reading(repository -> {
            try (RevWalk walk = new RevWalk(repository)) {
                ObjectReader reader = walk.getObjectReader();
                RevCommit before = Revisions.require(walk, from);
                RevCommit after = Revisions.require(walk, to);
                return FileDiffs.between(
                        reader,
                        new CanonicalTreeParser(new byte[0], reader, before.getTree()),
                        new CanonicalTreeParser(new byte[0], reader, after.getTree()));
            }
        });
    }

    @Override
    public Optional<byte[]> file(CommitId at, String path) {
        requireInside(path);
        return reading(repository -> {
            try (RevWalk walk = new RevWalk(repository);
                    TreeWalk found = TreeWalk.forPath(
                            repository, path, Revisions.require(walk, at).getTree())) {
                boolean isFile = found != null
                        && found.getPathString().equals(path)
                        && found.getFileMode().getObjectType() == Constants.OBJ_BLOB;
                return isFile
                        ? Optional.of(content(walk.getObjectReader(), found.getObjectId(0), path))
                        : Optional.empty();
            }
        });
    }

    @Override
    public CommitFiles files(CommitId at) {
        return JGitCommitFiles.open(cache, at);
    }

    @Override
    public MergePreview preview(CommitId into, CommitId what) {
        try (Previews previews = previews()) {
            return previews.of(into, what);
        }
    }

    @Override
    public Previews previews() {
        return new CachePreviews(cache, JGitHistory::preview);
    }

    @Override
    public Distance distance(CommitId one, CommitId other) {
        return reading(repository -> {
            try (RevWalk walk = new RevWalk(repository)) {
                RevCommit ours = Revisions.require(walk, one);
                RevCommit theirs = Revisions.require(walk, other);
                return new Distance(RevWalkUtils.count(walk, ours, theirs), RevWalkUtils.count(walk, theirs, ours));
            }
        });
    }

    /** The same, in an open repository; nothing is written. */
    static MergePreview preview(Repository repository, RevCommit into, RevCommit what) throws IOException {
        try (RevWalk walk = new RevWalk(repository)) {
            if (walk.isMergedInto(walk.parseCommit(what), walk.parseCommit(into))) {
                return new MergePreview(List.of(), false);
            }
        }
        MergedTree merged = MergedTree.of(repository, into, what, new MemoryObjects(repository), what.name());
        return new MergePreview(
                merged.conflicts(), !merged.isClean() || !merged.tree().equals(into.getTree()));
    }

    private static Commit commit(RevCommit commit) {
        PersonIdent author = commit.getAuthorIdent();
        return new Commit(
                RemoteRefs.id(commit),
                Arrays.stream(commit.getParents()).map(RemoteRefs::id).toList(),
                author.getName() + " <" + author.getEmailAddress() + ">",
                commit.getCommitterIdent().getWhenAsInstant(),
                commit.getShortMessage());
    }

    static void requireInside(String path) {
        for (String part : path.split("/", -1)) {
            if (part.isEmpty() || part.equals(".") || part.equals("..") || part.indexOf('\0') >= 0) {
                throw new InvalidInputException(
                        "path", "'" + path.replace('\0', '?') + "' is no path from the top of a repository");
            }
        }
    }

    private static byte[] content(ObjectReader reader, ObjectId id, String path) throws IOException {
        ObjectLoader blob = reader.open(id, Constants.OBJ_BLOB);
        if (blob.getSize() > LARGEST_FILE) {
            throw new AngeeException(
                    ErrorCode.UNSUPPORTED,
                    "'" + path + "' has " + blob.getSize() + " bytes, and at most " + LARGEST_FILE + " are read");
        }
        return blob.getBytes(LARGEST_FILE);
    }

    private <T> T reading(Reading<T> reading) {
        return JGitSourceControl.call("read '" + cache.folder() + "'", () -> {
            try (Repository repository = cache.open()) {
                return reading.from(repository);
            }
        });
    }

    /** What is read from an open cache. */
    @FunctionalInterface
    private interface Reading<T> {
        T from(Repository repository) throws IOException;
    }
}
