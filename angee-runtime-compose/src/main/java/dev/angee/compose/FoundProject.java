package dev.angee.compose;

import java.time.Instant;
import java.util.Optional;

/**
 * A Compose project that an engine has something of, as it was when it was asked.
 *
 * @param name its project name
 * @param root the root of the stack that it is, as its labels have it; empty if they do not
 * @param state whether anybody still knows it
 * @param reason why that is its state
 * @param containers how many containers it has, running or not
 * @param running how many of them run, or are paused
 * @param networks how many networks it has
 * @param volumes how many named volumes it has
 * @param lastStarted when one of its containers was last started; empty if none is there or ever was
 */
public record FoundProject(
        String name,
        Optional<String> root,
        State state,
        String reason,
        int containers,
        int running,
        int networks,
        int volumes,
        Optional<Instant> lastStarted) {

    /** Whether anybody still knows a project. */
    public enum State {
        /** Its root is there and has not forgotten it; {@code down} is what removes it. */
        LIVE,
        /** Its root is gone, or does not know it any more: nobody can take it down but a cleanup. */
        FORGOTTEN,
        /** It is a stack of this library, but it cannot be known from here whether its root is there. */
        UNKNOWN,
        /** It is not, or not wholly, a stack of this library. It is never touched. */
        FOREIGN
    }
}
