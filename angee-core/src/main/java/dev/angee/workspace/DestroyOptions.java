package dev.angee.workspace;

import java.time.Duration;

/**
 * How to destroy a workspace.
 *
 * @param work what to do where work would be lost
 * @param grace how long its services may take to end by themselves
 */
public record DestroyOptions(UnsavedWork work, Duration grace) {

    /** What to do with work that is nowhere else. */
    public enum UnsavedWork {
        /**
         * Refuse, and name it. Work that the remote has is not lost, whether or not the base has it; a process that works in a
         * slot does not keep it.
         */
        REFUSE,
        /** Throw it away. */
        DISCARD
    }

    /**
     * Refuses to lose work, which is what is in slots: uncommitted, or on no remote. What else lies in the workspace, as in its persist
     * folders, is no work, and goes.
     */
    public static DestroyOptions keepingWork() {
        return new DestroyOptions(UnsavedWork.REFUSE, Duration.ofSeconds(10));
    }

    /** Throws uncommitted and unpushed work away. */
    public static DestroyOptions discardingWork() {
        return new DestroyOptions(UnsavedWork.DISCARD, Duration.ofSeconds(10));
    }
}
