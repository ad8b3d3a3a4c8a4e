package dev.angee.git;

import java.io.IOException;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.eclipse.jgit.lib.Constants;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.Ref;
import org.eclipse.jgit.lib.Repository;

/**
 * The refs of a cache, which are told to the repository that a fetch or push is made in: so a remote can be told what is here
 * already. They get other names there, so that none is in the way of one of the remote's.
 */
final class KnownRefs {
    private static final String KNOWN = "refs/known/";

    private final Repository cache;

    KnownRefs(Repository cache) {
        this.cache = cache;
    }

    /** The text of a {@code packed-refs} that has nothing under the names that a fetch writes. */
    String packed() throws IOException {
        return packed(branch -> false, tag -> false);
    }

    /**
     * The same, with some under the very names that a fetch writes: it need not write those that have not changed.
     *
     * @param branchThere whether the remote has such a branch, by its name without {@code refs/heads/}
     * @param tagThere whether it has such a tag, by its full name
     */
    String packed(Predicate<String> branchThere, Predicate<String> tagThere) throws IOException {
        Map<String, ObjectId> all = new TreeMap<>();
        direct(cache, Constants.R_HEADS)
                .forEach((name, id) -> all.put(KNOWN + name.substring(Constants.R_REFS.length()), id));
        direct(cache, RemoteRefs.PREFIX).forEach((name, id) -> {
            String branch = name.substring(RemoteRefs.PREFIX.length());
            all.put(branchThere.test(branch) ? Fetched.THERE + branch : KNOWN + "there/" + branch, id);
        });
        direct(cache, Constants.R_TAGS)
                .forEach((name, id) ->
                        all.put(tagThere.test(name) ? name : KNOWN + name.substring(Constants.R_REFS.length()), id));
        StringBuilder text = new StringBuilder();
        all.forEach((name, id) -> {
            if (has(id)) {
                text.append(id.name()).append(' ').append(name).append('\n');
            }
        });
        return text.toString();
    }

    private boolean has(ObjectId id) {
        try {
            return cache.getObjectDatabase().has(id);
        } catch (IOException e) {
            return false; // It is then fetched again.
        }
    }

    /** The refs with these beginnings that are not symbolic, by their full names; a file may be called anything. */
    static Map<String, ObjectId> direct(Repository repository, String... prefixes) throws IOException {
        Map<String, ObjectId> found = new TreeMap<>();
        for (Ref ref : repository.getRefDatabase().getRefsByPrefix(prefixes)) {
            if (!ref.isSymbolic() && ref.getObjectId() != null && Repository.isValidRefName(ref.getName())) {
                found.put(ref.getName(), ref.getObjectId());
            }
        }
        return found;
    }
}
