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
 * @param expected the commit that the local branch must be at; if it is at another, that is a {@code CONFLICT}, and nothing is
 *     pushed. Empty for whatever it is at
 */
public record PushOptions(
        Credentials credentials,
        Optional<BranchName> to,
        Optional<CommitId> replacing,
        Tracking tracking,
        Optional<CommitId> expected) {

    /** What becomes of a branch's upstream. */
    public enum Tracking {
        /** It stays what it is. */
        UNCHANGED,
        /** It is the branch that was pushed to, as of {@code git push --set-upstream}. */
        SET
    }

    /** To the branch of the same name, never by force, without credentials. */
    public static PushOptions defaults() {
        return new PushOptions(
                Credentials.none(), Optional.empty(), Optional.empty(), Tracking.UNCHANGED, Optional.empty());
    }

    /** The same, with these credentials. */
    public PushOptions with(Credentials shown) {
        return new PushOptions(shown, to, replacing, tracking, expected);
    }

    /** The same, to another branch of the remote. */
    public PushOptions to(BranchName branch) {
        return new PushOptions(credentials, Optional.of(branch), replacing, tracking, expected);
    }

    /** The same, also if it takes this commit away there. */
    public PushOptions replacing(CommitId commit) {
        return new PushOptions(credentials, to, Optional.of(commit), tracking, expected);
    }

    /** The same, and the branch follows the remote's one from then on. */
    public PushOptions settingUpstream() {
        return new PushOptions(credentials, to, replacing, Tracking.SET, expected);
    }

    /** The same, if the local branch is at this commit. */
    public PushOptions expecting(CommitId commit) {
        return new PushOptions(credentials, to, replacing, tracking, Optional.of(commit));
    }
}
