package dev.angee.compose;

import com.github.dockerjava.api.exception.ConflictException;
import com.github.dockerjava.api.exception.NotFoundException;
import com.github.dockerjava.api.model.Container;
import dev.angee.AngeeException;
import dev.angee.ErrorCode;
import dev.angee.plan.ProjectName;
import dev.angee.runtime.ExitStatus;
import dev.angee.runtime.LogLine;
import dev.angee.runtime.WorkloadState;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The containers of a project's job runs, each labelled with the id of its run. Thread-safe. */
final class RunContainers {
    /** The label with the id of the run that a container was made for. */
    static final String LABEL = "dev.angee.job.run";

    private static final Logger LOG = LoggerFactory.getLogger(RunContainers.class);
    private static final Duration POLL = Duration.ofMillis(50);
    private static final Duration KILL_PATIENCE = Duration.ofSeconds(15);
    private static final Duration READ_PATIENCE = Duration.ofSeconds(15);
    private static final String STANDARD_SIGNAL = "SIGTERM";
    private static final int FEW_ENTRIES = 1024;

    /** A line of more entries than this, of 16 KiB each, is all that fits. */
    private static final int MOST_PIECES = ExitStatus.OUTPUT_LIMIT / (16 * 1024);

    private final Engine engine;
    private final ProjectName project;

    RunContainers(Engine engine, ProjectName project) {
        this.engine = engine;
        this.project = project;
    }

    /** All there are, by the ids of their runs. */
    Map<String, ProjectContainer> all() throws InterruptedException {
        return engine.ask("for the containers of jobs of " + project, client -> {
            Map<String, ProjectContainer> seen = new LinkedHashMap<>();
            for (Container each : client.listContainersCmd()
                    .withShowAll(true)
                    .withFilter("label", List.of(ProjectContainer.PROJECT_LABEL + "=" + project, LABEL))
                    .exec()) {
                try {
                    seen.put(
                            each.getLabels().get(LABEL),
                            ProjectContainer.of(
                                    client.inspectContainerCmd(each.getId()).exec()));
                } catch (NotFoundException e) {
                    // removed since it was listed
                }
            }
            return seen;
        });
    }

    /** Whether it will not run again, nor has to be awaited. */
    static boolean isOver(ProjectContainer container) {
        return container.state() == WorkloadState.EXITED;
    }

    /**
     * Ends containers: asks all of them to end, and kills each when its time is over. One that was not started is removed.
     *
     * @param grace the time of those that were made without one of their own
     * @throws AngeeException {@code FAILED} if one could not be killed
     */
    void end(List<ProjectContainer> containers, Duration grace) throws InterruptedException {
        List<ProjectContainer> asked = new ArrayList<>();
        for (ProjectContainer each : containers) {
            if (each.state() == WorkloadState.CREATED) {
                engine.remove(each.id());
            } else if (each.isActive() && signal(each.id(), stopSignal(each.id()))) {
                asked.add(each);
            }
        }
        long begin = System.nanoTime();
        for (ProjectContainer each : asked) {
            Duration own = each.grace().orElse(grace);
            Deadline patience = Deadline.after(own.minusNanos(System.nanoTime() - begin));
            if (!awaitEnd(each.id(), patience) && signal(each.id(), "SIGKILL")) {
                if (!awaitEnd(each.id(), Deadline.after(KILL_PATIENCE))) {
                    throw new AngeeException(
                            ErrorCode.FAILED,
                            "job '" + each.service() + "': its container " + each.id()
                                    + " could not be killed (look what the engine's log says of it)");
                }
            }
        }
    }

    /** Whether it does not run any more; looks at least once. */
    boolean awaitEnd(String id, Deadline patience) throws InterruptedException {
        while (engine.container(id).filter(c -> !isOver(c)).isPresent()) {
            if (patience.hasPassed()) {
                return false;
            }
            TimeUnit.NANOSECONDS.sleep(Math.min(POLL.toNanos(), Math.max(1, patience.nanosLeft())));
        }
        return true;
    }

    /** Whether there was anybody to signal. */
    private boolean signal(String id, String signal) throws InterruptedException {
        return engine.ask("to signal a container", client -> {
            try {
                client.killContainerCmd(id).withSignal(signal).exec();
                return true;
            } catch (NotFoundException | ConflictException e) {
                return false; // it has ended
            }
        });
    }

    private String stopSignal(String id) throws InterruptedException {
        return engine.ask("for the stop signal of a container", client -> {
            try {
                return client.inspectContainerCmd(id).exec().getRawValues().get("Config") instanceof Map<?, ?> config
                                && config.get("StopSignal") instanceof String signal
                                && !signal.isEmpty()
                        ? signal
                        : STANDARD_SIGNAL;
            } catch (NotFoundException e) {
                return STANDARD_SIGNAL;
            }
        });
    }

    /** The last lines that it has written so far, as many as an {@link ExitStatus} may hold. */
    String output(ProjectContainer container) throws InterruptedException {
        int entries = FEW_ENTRIES;
        while (true) {
            OutputTail tail = new OutputTail(ExitStatus.OUTPUT_LIMIT);
            long read = read(container, entries, tail);
            if (tail.isFull() || read < entries - MOST_PIECES || entries > ExitStatus.OUTPUT_LIMIT) {
                return tail.text();
            }
            entries *= 16;
        }
    }

    /**
     * The same, of one that has ended, to be kept. Nothing if the engine refuses to tell it, as it does where a container has
     * the log driver {@code none}: that must not keep anybody from what else is known of the run.
     */
    String lastWords(ProjectContainer container) throws InterruptedException {
        try {
            return output(container);
        } catch (AngeeException e) {
            if (e.code() != ErrorCode.FAILED) {
                throw e;
            }
            LOG.warn("what job '{}' has written is not kept: {}", container.service(), e.getMessage());
            return "";
        }
    }

    /** Counts lines, of which there are no more than entries, but may be fewer. */
    private long read(ProjectContainer container, int entries, OutputTail into) throws InterruptedException {
        long lines = 0;
        Deadline patience = Deadline.after(READ_PATIENCE);
        try (ContainerOutput output = ContainerOutput.open(engine, container, LogRange.last(entries))) {
            boolean ended = false;
            while (true) {
                Optional<LogLine> line = output.next(patience);
                if (line.isPresent()) {
                    into.add(line.get().text());
                    lines++;
                } else if (ended) {
                    return lines;
                } else if (patience.hasPassed()) {
                    throw new AngeeException(
                            ErrorCode.UNAVAILABLE,
                            "the Docker engine did not tell within " + Deadline.spell(READ_PATIENCE) + " what job '"
                                    + container.service() + "' has written: ask again");
                }
                ended = output.isOver();
            }
        }
    }
}
