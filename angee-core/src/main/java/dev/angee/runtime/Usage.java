package dev.angee.runtime;

import java.time.Duration;
import java.time.Instant;
import java.util.OptionalInt;
import java.util.OptionalLong;

/**
 * What a service uses of the machine at one moment.
 *
 * @param workload its name
 * @param instance which of its runs, as in {@link WorkloadStatus}
 * @param at when this was so, by the runtime's clock
 * @param cpu the time it has spent on processors since it was started, of all of them together
 * @param memory bytes it has in memory, without what the system could take back at once
 * @param memoryLimit bytes it may have in memory; empty if it may have all
 * @param pids processes and threads it has now; empty if that is not counted
 * @param received bytes that came in over networks since it was started
 * @param sent bytes that went out over networks since it was started
 * @param read bytes read from disks since it was started
 * @param written bytes written to disks since it was started
 */
public record Usage(
        String workload,
        String instance,
        Instant at,
        Duration cpu,
        long memory,
        OptionalLong memoryLimit,
        OptionalInt pids,
        long received,
        long sent,
        long read,
        long written) {

    /**
     * How many processors it has kept busy since an earlier moment, on average: 0.5 is half of one, 2 are two.
     *
     * @return 0 if the other is of another run, or not earlier
     */
    public double cpusSince(Usage earlier) {
        Duration time = Duration.between(earlier.at, at);
        boolean comparable = instance.equals(earlier.instance) && time.compareTo(Duration.ZERO) > 0;
        return comparable ? (double) cpu.minus(earlier.cpu).toNanos() / time.toNanos() : 0;
    }
}
