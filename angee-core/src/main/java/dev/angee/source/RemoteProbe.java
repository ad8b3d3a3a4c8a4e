package dev.angee.source;

import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** What came of asking a remote. */
public sealed interface RemoteProbe {

    /** Whether it answered, and let us in. */
    default boolean succeeded() {
        return this instanceof Reached;
    }

    /**
     * It let us in.
     *
     * @param defaultBranch the branch that its {@code HEAD} names; empty for one without commits
     * @param branches its branches with their commits, in the order of their full names
     */
    record Reached(Optional<BranchName> defaultBranch, Map<BranchName, CommitId> branches) implements RemoteProbe {
        /** Copies and orders the map. */
        public Reached {
            Map<BranchName, CommitId> ordered =
                    new TreeMap<>((a, b) -> a.value().compareTo(b.value()));
            ordered.putAll(branches);
            branches = Collections.unmodifiableMap(ordered);
        }
    }

    /**
     * It wants credentials and was shown none, or does not take those that it was shown.
     *
     * @param reason what it said, for people
     */
    record BadCredentials(String reason) implements RemoteProbe {}

    /**
     * There is no such repository there, or it is not for us: many servers do not tell which.
     *
     * @param reason what it said, for people
     */
    record NoAccess(String reason) implements RemoteProbe {}

    /**
     * Nobody answered there, or with something that is not git, or it is a host that is not trusted.
     *
     * @param reason what is known, for people
     */
    record Unreachable(String reason) implements RemoteProbe {}
}
