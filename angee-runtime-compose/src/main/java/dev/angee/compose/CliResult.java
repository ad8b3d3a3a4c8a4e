package dev.angee.compose;

import java.util.OptionalInt;

/**
 * How a call of the {@code docker} program ended.
 *
 * @param exitCode its exit code; empty if it was killed because its time was up
 * @param stdout the last of what it wrote to its standard output
 * @param stderr the last of what it wrote to its standard error
 */
record CliResult(OptionalInt exitCode, String stdout, String stderr) {
    boolean succeeded() {
        return exitCode.isPresent() && exitCode.getAsInt() == 0;
    }

    boolean wasKilled() {
        return exitCode.isEmpty();
    }
}
