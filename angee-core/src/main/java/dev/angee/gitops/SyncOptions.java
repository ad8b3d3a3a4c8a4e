package dev.angee.gitops;

import dev.angee.source.Author;

/**
 * How to bring what the base has into a slot.
 *
 * @param method by a merge or by a rebase
 * @param author who the merge commit is by; of rebased commits, who committed them
 */
public record SyncOptions(Method method, Author author) {

    /** How the base gets in. */
    public enum Method {
        /** It is merged in. */
        MERGE,
        /** The slot's own commits are put on top of it. */
        REBASE
    }

    /** A merge, by the platform's own identity. */
    public static SyncOptions defaults() {
        return new SyncOptions(Method.MERGE, Author.angee());
    }

    /** A rebase, by the platform's own identity. */
    public static SyncOptions rebasing() {
        return new SyncOptions(Method.REBASE, Author.angee());
    }

    /** The same, by somebody. */
    public SyncOptions by(Author somebody) {
        return new SyncOptions(method, somebody);
    }
}
