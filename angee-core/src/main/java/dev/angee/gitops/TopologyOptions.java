package dev.angee.gitops;

import dev.angee.InvalidInputException;

/**
 * What a topology tells besides who stands where.
 *
 * @param commits how many of each source's newest commits; 1000 at most
 */
public record TopologyOptions(int commits) {
    private static final int MOST = 1000;

    /** Refuses a negative number, and takes a thousand for more than that. */
    public TopologyOptions {
        if (commits < 0) {
            throw new InvalidInputException("withCommits", "is not negative");
        }
        commits = Math.min(commits, MOST);
    }

    /** Nothing more. */
    public static TopologyOptions defaults() {
        return new TopologyOptions(0);
    }

    /** Also the newest commits of each source's default branch. */
    public static TopologyOptions withCommits(int most) {
        return new TopologyOptions(most);
    }
}
