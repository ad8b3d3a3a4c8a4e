package dev.angee.manifest;

import dev.angee.expression.Expression;
import java.time.Duration;
import java.util.List;

/**
 * How to find out whether a service is ready, or whether it still works.
 *
 * @param probe what is tried
 * @param interval the pause between two tries
 * @param timeout how long one try may take
 * @param retries failures in a row that make it unhealthy, or end it
 * @param startPeriod how long after the start failures do not count
 */
public record HealthCheckSpec(ProbeSpec probe, Duration interval, Duration timeout, int retries, Duration startPeriod) {

    /** What is tried. */
    public sealed interface ProbeSpec {}

    /**
     * A GET request.
     *
     * @param port the port on loopback, of this host for a process and of the container for a container
     * @param path the path
     */
    public record Http(Expression port, Expression path) implements ProbeSpec {}

    /**
     * A connection.
     *
     * @param port the port on loopback, of this host for a process and of the container for a container
     */
    public record Tcp(Expression port) implements ProbeSpec {}

    /**
     * A command, run where the service runs.
     *
     * @param command the program and its arguments
     */
    public record Exec(List<Expression> command) implements ProbeSpec {
        /** Copies the command. */
        public Exec {
            command = List.copyOf(command);
        }
    }

    /**
     * A line of its own output.
     *
     * @param pattern a regular expression, found anywhere in a line; it compiles
     */
    public record LogLine(String pattern) implements ProbeSpec {}
}
