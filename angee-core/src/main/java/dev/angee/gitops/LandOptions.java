package dev.angee.gitops;

import dev.angee.source.Author;
import dev.angee.source.BranchName;

/**
 * How to land a workspace.
 *
 * @param into the branch of the remote that takes it
 * @param author who the merge commit is by
 */
public record LandOptions(BranchName into, Author author) {
    /** Into a branch, by the platform's own identity. */
    public static LandOptions into(String branch) {
        return new LandOptions(BranchName.of(branch), Author.angee());
    }

    /** The same, by somebody. */
    public LandOptions by(Author somebody) {
        return new LandOptions(into, somebody);
    }
}
