package dev.angee.git;

import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.eclipse.jgit.lib.Constants;
import org.eclipse.jgit.lib.ObjectId;

/**
 * What a remote has, as a fetch has found it. All objects are in the cache; of the rest, it knows nothing yet.
 *
 * @param branches the branches, by their names there without {@code refs/heads/}
 * @param tags the tags that the cache may want, by their full names
 * @param shallow the commits in which the history ends that is here now
 * @param head the branch that HEAD names there, if it is one of those
 */
record Fetched(
        Map<String, ObjectId> branches, Map<String, ObjectId> tags, Set<ObjectId> shallow, Optional<String> head) {
    /** Where a fetch puts the remote's branches, in a repository of its own: beside nothing else. */
    static final String THERE = "refs/there/";

    static final String REFSPEC = "+refs/heads/*:" + THERE + "*";

    Fetched {
        branches = Map.copyOf(branches);
        tags = Map.copyOf(tags);
        shallow = Set.copyOf(shallow);
        head = head.filter(branches::containsKey);
    }

    /**
     * Whether a cache can remember a branch of this name: {@code refs/remotes/origin/HEAD} says which branch the remote's
     * HEAD names, and cannot be a branch besides, nor a folder of branches.
     */
    static boolean isRememberable(String branch) {
        return !branch.equals(Constants.HEAD) && !branch.startsWith(Constants.HEAD + "/");
    }
}
