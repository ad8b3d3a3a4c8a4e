package dev.angee.source;

/** How a push ended. */
public sealed interface PushOutcome {
    /** Whether the remote has the commit now. */
    default boolean succeeded() {
        return !(this instanceof Rejected);
    }

    /**
     * The remote's branch is at this commit now, or was already.
     *
     * @param head the commit
     */
    record Pushed(CommitId head) implements PushOutcome {}

    /**
     * The remote refused; nothing was changed there.
     *
     * @param reason the remote's reason
     */
    record Rejected(String reason) implements PushOutcome {}
}
