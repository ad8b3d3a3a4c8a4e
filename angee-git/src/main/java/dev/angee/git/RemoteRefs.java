package dev.angee.git;

import dev.angee.AngeeException;
import dev.angee.ErrorCode;
import dev.angee.InvalidInputException;
import dev.angee.NotFoundException;
import dev.angee.source.BranchName;
import dev.angee.source.CommitId;
import java.io.IOException;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.eclipse.jgit.lib.Constants;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.Ref;
import org.eclipse.jgit.lib.RefUpdate;
import org.eclipse.jgit.lib.Repository;
import org.eclipse.jgit.revwalk.RevWalk;

/** What a cache knows about the branches of its remote: {@code refs/remotes/origin/…}. */
final class RemoteRefs {
    static final String PREFIX = "refs/remotes/origin/";
    static final String HEAD = PREFIX + "HEAD";
    private static final Set<RefUpdate.Result> DONE = Set.of(
            RefUpdate.Result.NEW,
            RefUpdate.Result.FORCED,
            RefUpdate.Result.FAST_FORWARD,
            RefUpdate.Result.NO_CHANGE,
            RefUpdate.Result.RENAMED);

    private final Repository cache;

    RemoteRefs(Repository cache) {
        this.cache = cache;
    }

    Optional<ObjectId> find(BranchName branch) throws IOException {
        return Optional.ofNullable(cache.exactRef(branch.remoteTrackingName())).map(Ref::getObjectId);
    }

    ObjectId require(BranchName branch) throws IOException {
        return find(branch)
                .orElseThrow(() -> new NotFoundException(
                        "branch", branch.value(), "the remote had no such branch when it was last fetched"));
    }

    /** All branches with their commits, in the order of their names. */
    Map<BranchName, CommitId> all() throws IOException {
        Map<String, CommitId> byName = new TreeMap<>();
        for (Ref ref : cache.getRefDatabase().getRefsByPrefix(PREFIX)) {
            if (!ref.isSymbolic() && ref.getObjectId() != null) {
                byName.put(ref.getName().substring(PREFIX.length()), id(ref.getObjectId()));
            }
        }
        Map<BranchName, CommitId> all = new LinkedHashMap<>();
        byName.forEach((name, commit) -> branch(name).ifPresent(branch -> all.put(branch, commit)));
        return Collections.unmodifiableMap(all);
    }

    /** The branch of this name, unless it is one that we would not call so. */
    static Optional<BranchName> branch(String name) {
        try {
            return Optional.of(BranchName.of(name));
        } catch (InvalidInputException e) {
            return Optional.empty();
        }
    }

    /**
     * Remembers that the remote has taken a commit on a branch. A fetch may have seen a later one by now, which stays; and
     * what cannot be beside that branch is gone there.
     *
     * @param before where the branch was known to be when the commit was sent
     */
    void moved(BranchName branch, Optional<ObjectId> before, ObjectId commit) throws IOException {
        if (!Fetched.isRememberable(branch.value())) {
            return;
        }
        Optional<ObjectId> now = find(branch);
        if (now.isPresent() && !now.equals(before) && has(now.get(), commit)) {
            return;
        }
        String name = branch.remoteTrackingName();
        for (String other : cache.getRefDatabase().getConflictingNames(name)) {
            if (other.startsWith(PREFIX) && !other.equals(HEAD)) {
                check(RefChange.ofItself(cache, other).delete(), other);
            }
        }
        check(RefChange.of(cache, name).to(commit), name);
    }

    private boolean has(ObjectId head, ObjectId commit) throws IOException {
        try (RevWalk walk = new RevWalk(cache)) {
            return walk.isMergedInto(walk.parseCommit(commit), walk.parseCommit(head));
        }
    }

    /** The branch that the remote's HEAD named when last asked. */
    Optional<BranchName> head() throws IOException {
        return Optional.ofNullable(cache.exactRef(HEAD))
                .filter(Ref::isSymbolic)
                .map(ref -> ref.getTarget().getName())
                .filter(name -> name.startsWith(PREFIX))
                .map(name -> BranchName.of(name.substring(PREFIX.length())));
    }

    /** Remembers which branch the remote's HEAD names; none that the cache could not remember. */
    void headNamed(Optional<String> branch) throws IOException {
        Optional<String> target = branch.filter(Fetched::isRememberable).map(name -> PREFIX + name);
        Optional<Ref> now = Optional.ofNullable(cache.exactRef(HEAD));
        boolean named = now.filter(Ref::isSymbolic)
                .map(ref -> ref.getTarget().getName())
                .equals(target);
        if (target.isPresent() && !named) {
            check(RefChange.ofItself(cache, HEAD).link(target.get()), HEAD);
        } else if (target.isEmpty() && now.isPresent()) {
            check(RefChange.ofItself(cache, HEAD).delete(), HEAD);
        }
    }

    /** What HEAD names, or, from servers that do not say, a branch that is at the same commit. */
    static Optional<String> branchAtHead(Collection<Ref> advertised) {
        Optional<Ref> head = advertised.stream()
                .filter(ref -> Constants.HEAD.equals(ref.getName()))
                .findFirst();
        if (head.isEmpty() || head.get().isSymbolic()) {
            return head.map(ref -> ref.getTarget().getName());
        }
        return advertised.stream()
                .filter(ref -> ref.getName().startsWith(Constants.R_HEADS))
                .filter(ref -> ref.getObjectId() != null
                        && ref.getObjectId().equals(head.get().getObjectId()))
                .map(Ref::getName)
                .min(Comparator.comparingInt(RemoteRefs::rank).thenComparing(Comparator.naturalOrder()));
    }

    static int rank(String branch) {
        return switch (branch) {
            case "refs/heads/main" -> 0;
            case "refs/heads/master" -> 1;
            default -> 2;
        };
    }

    static void check(RefUpdate.Result result, String name) {
        if (!DONE.contains(result)) {
            throw new AngeeException(
                    ErrorCode.FAILED,
                    "cannot update " + name + ": " + result + "; another git may be at work, try again");
        }
    }

    static CommitId id(ObjectId commit) {
        return new CommitId(commit.name());
    }
}
