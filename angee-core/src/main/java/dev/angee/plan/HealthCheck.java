package dev.angee.plan;

import java.time.Duration;
import java.util.List;

/**
 * How a runtime finds out whether a workload is ready and well. The first success makes it healthy; {@code retries}
 * failures in a row make it unhealthy. Failures within the start period do not count, until the first success (as with
 * Docker). As {@code liveness} of a workload, {@code retries} failures in a row end it.
 *
 * @param probe what is tried
 * @param interval the pause between two tries
 * @param timeout how long one try may take before it counts as failed
 * @param retries failures in a row that make it unhealthy, at least 1
 * @param startPeriod how long after the start failures do not count, unless it was healthy before
 */
public record HealthCheck(Probe probe, Duration interval, Duration timeout, int retries, Duration startPeriod) {

    /** What is tried. */
    public sealed interface Probe {}

    /**
     * A GET request on loopback, of this host for a process and of the container for a container; any status from 200
     * to 399 is a success.
     *
     * @param port the port there
     * @param path the path, starting with a slash
     */
    public record Http(int port, String path) implements Probe {}

    /**
     * A connection to a port on loopback, of this host for a process and of the container for a container.
     *
     * @param port the port there
     */
    public record Tcp(int port) implements Probe {}

    /**
     * A command, run where the workload runs, without a shell; exit code 0 is a success.
     *
     * @param command the program and its arguments, not empty
     */
    public record Exec(List<String> command) implements Probe {
        /** Copies the command. */
        public Exec {
            command = List.copyOf(command);
        }
    }

    /**
     * A line of its own output, since it was last started; once seen, it counts for as long as it runs.
     *
     * @param pattern a regular expression, found anywhere in a line
     */
    public record LogLine(String pattern) implements Probe {}
}
