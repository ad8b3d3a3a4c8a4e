package dev.angee.source;

import java.util.Optional;

/**
 * How to push a branch.
 *
 * @param credentials what the remote is shown
 * @param to the remote's branch; empty for that of the same name
 * @param replacing the commit that the remote's branch is at, if it may be moved from there to one that does not have it: after
 *     a rebase, or to take a push back. One that has moved meanwhile is left alone
 * @param tracking whether the branch is to have the remote's one for its upstream
 */
public record PushOptions(
        Credentials credentials, Optional<BranchName> to, Optional<CommitId> replacing, Tracking tracking) {

    /** What becomes of a branch's upstream. */
    public enum Tracking {
        /** It stays what it is. */
        UNCHANGED,
        /** It is the branch that was pushed to, as of {@code git push --set-upstream}. */
        SET
    }

    /** To the branch of the same name, never by force, without credentials. */
    public static PushOptions defaults() {
        return new PushOptions(Credentials.none(), Optional.empty(), Optional.empty(), Tracking.UNCHANGED);
    }

    /** The same, with these credentials. */
    public PushOptions with(Credentials shown) {
        return new PushOptions(shown, to, replacing, tracking);
    }

    /** The same, to another branch of the remote. */
    public PushOptions to(BranchName branch) {
        return new PushOptions(credentials, Optional.of(branch), replacing, tracking);
    }

    /** The same, also if it takes this commit away there. */
    public PushOptions replacing(CommitId commit) {
        return new PushOptions(credentials, to, Optional.of(commit), tracking);
    }

    /** The same, and the branch follows the remote's one from then on. */
    public PushOptions settingUpstream() {
        return new PushOptions(credentials, to, replacing, Tracking.SET);
    }
}
