package dev.angee.workload;

import java.util.OptionalInt;
import java.util.OptionalLong;

/**
 * What a workload may use at the most.
 *
 * @param memory bytes
 * @param milliCpus thousandths of a CPU
 * @param pids processes and threads
 */
public record Limits(OptionalLong memory, OptionalInt milliCpus, OptionalInt pids) {
    private static final Limits NONE = new Limits(OptionalLong.empty(), OptionalInt.empty(), OptionalInt.empty());

    /** No limits. */
    public static Limits none() {
        return NONE;
    }

    /** These limits, and the other's where these have none. */
    public Limits orElse(Limits other) {
        return new Limits(
                memory.isPresent() ? memory : other.memory,
                milliCpus.isPresent() ? milliCpus : other.milliCpus,
                pids.isPresent() ? pids : other.pids);
    }
}
