package dev.angee.contract;

/** The little programs the backend contract runs. A harness turns each into a command its runtime understands. */
public sealed interface Program {
    /** Runs until it is stopped. */
    record Sleeps() implements Program {}

    /** Writes one line, then runs until it is stopped. */
    record Says(String line) implements Program {}

    /** Writes {@code tick 1}, {@code tick 2}… about ten times a second until it is stopped. */
    record Ticks() implements Program {}

    /** Writes one line, then ends with this exit code. */
    record Exits(String line, int code) implements Program {}

    /** Writes the value of an environment variable, then runs until it is stopped. */
    record Prints(String variable) implements Program {}

    /** Starts a child of its own, ignores every request to end, and runs until it is killed. */
    record Stubborn() implements Program {}
}
