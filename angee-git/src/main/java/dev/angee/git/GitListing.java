package dev.angee.git;

import dev.angee.AngeeException;
import dev.angee.ErrorCode;
import dev.angee.source.BranchName;
import dev.angee.source.CommitId;
import dev.angee.source.RemoteProbe;
import java.io.IOException;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.eclipse.jgit.lib.Constants;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.Repository;

/**
 * What {@code git ls-remote --symref} tells of a remote.
 *
 * @param branches the branches, by their names without {@code refs/heads/}
 * @param tags the objects that tags are of, by their full names: of an annotated one, what it is about
 * @param head the branch that HEAD names or, where it names none, one that is at its commit
 */
record GitListing(Map<String, ObjectId> branches, Map<String, ObjectId> tags, Optional<String> head) {
    private static final Pattern SYMBOLIC = Pattern.compile("ref: refs/heads/(\\S+)\tHEAD");
    private static final Pattern REF = Pattern.compile("([0-9a-f]{40})\t(HEAD|refs/(?:heads|tags)/\\S+)");
    private static final Pattern SHA256 = Pattern.compile("(?m)^[0-9a-f]{64}\t");
    private static final String PEELED = "^{}";

    static GitListing parse(String printed) {
        if (SHA256.matcher(printed).find()) {
            throw new AngeeException(ErrorCode.UNSUPPORTED, "the remote has SHA-256 ids, which is not supported");
        }
        Optional<String> head = Optional.empty();
        Optional<ObjectId> detached = Optional.empty();
        Map<String, ObjectId> branches = new LinkedHashMap<>();
        Map<String, ObjectId> tags = new TreeMap<>();
        for (String line : printed.split("\n", -1)) {
            Matcher symbolic = SYMBOLIC.matcher(line);
            Matcher ref = REF.matcher(line);
            if (symbolic.matches()) {
                head = Optional.of(symbolic.group(1));
            } else if (ref.matches()) {
                ObjectId id = ObjectId.fromString(ref.group(1));
                String name = ref.group(2);
                if (name.equals(Constants.HEAD)) {
                    detached = Optional.of(id);
                } else if (name.startsWith(Constants.R_HEADS)) {
                    branches.put(name.substring(Constants.R_HEADS.length()), id);
                } else if (name.endsWith(PEELED)) {
                    tags.put(name.substring(0, name.length() - PEELED.length()), id);
                } else {
                    tags.putIfAbsent(name, id);
                }
            }
        }
        Optional<String> at = head.isPresent() ? head : detached.flatMap(id -> branchAt(id, branches));
        return new GitListing(branches, tags, at.filter(branches::containsKey));
    }

    /** Of a remote whose HEAD names no branch, one that is at its commit. */
    private static Optional<String> branchAt(ObjectId head, Map<String, ObjectId> branches) {
        return branches.entrySet().stream()
                .filter(each -> each.getValue().equals(head))
                .map(Map.Entry::getKey)
                .min(Comparator.comparing((String name) -> RemoteRefs.rank(Constants.R_HEADS + name))
                        .thenComparing(Comparator.naturalOrder()));
    }

    /** The same for who asks; branches with names that nothing here could use are left out. */
    RemoteProbe.Reached reached() {
        Map<BranchName, CommitId> named = new LinkedHashMap<>();
        branches.forEach(
                (name, id) -> RemoteRefs.branch(name).ifPresent(branch -> named.put(branch, RemoteRefs.id(id))));
        return new RemoteProbe.Reached(head.flatMap(RemoteRefs::branch).filter(named::containsKey), named);
    }

    /** Whether nothing has to be fetched for the cache to know all of it: no commit, and no tag of a commit that is here. */
    boolean isHere(Repository cache) throws IOException {
        Set<ObjectId> known =
                Set.copyOf(KnownRefs.direct(cache, RemoteRefs.PREFIX).values());
        if (!known.containsAll(branches.values())) {
            return false;
        }
        RefNames names = new RefNames(KnownRefs.direct(cache, Constants.R_TAGS).keySet());
        for (Map.Entry<String, ObjectId> tag : tags.entrySet()) {
            if (names.add(tag.getKey()) && cache.getObjectDatabase().has(tag.getValue())) {
                return false;
            }
        }
        return true;
    }
}
