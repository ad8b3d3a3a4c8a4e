package dev.angee.compose;

import dev.angee.AngeeException;
import dev.angee.ErrorCode;
import dev.angee.runtime.JobState;
import dev.angee.runtime.LogLine;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A run of a job whose container is there, until that has ended: hands out its lines, and ends it when its time is up or
 * somebody says so. An engine that is started anew meanwhile is waited for. For one thread.
 */
final class FollowedJob implements AutoCloseable {
    private static final Duration POLL = Duration.ofMillis(200);
    private static final Duration PATIENCE = Duration.ofSeconds(15);

    /** So often in a row a log may fail without a new entry while the engine is well: then it is the log that is not. */
    private static final int MOST_FAILURES = 10;

    /** A connection that has held for longer than this has not failed because of what the log is like. */
    private static final Duration EARLY = Duration.ofSeconds(5);

    private static final Logger LOG = LoggerFactory.getLogger(FollowedJob.class);

    /** How long after its end it is listened to a run that had to be ended. */
    private static final Duration REST = Duration.ofSeconds(5);

    private final Engine engine;
    private final RunRecords records;
    private final RunContainers containers;
    private final RunRecord run;
    private final ProjectContainer container;
    private final Deadline deadline;
    private final Consumer<LogLine> lines;
    private LogRange range = LogRange.following(-1, Instant.EPOCH);
    private Deadline look = Deadline.after(Duration.ZERO);
    private Instant heard = Instant.EPOCH;
    private int failures;
    private boolean isDeaf;
    private boolean overByItself;
    private volatile boolean closed;

    FollowedJob(
            ContainerJob.Tools tools,
            RunRecord run,
            ProjectContainer container,
            Deadline deadline,
            Consumer<LogLine> lines) {
        this.engine = tools.engine();
        this.records = tools.records();
        this.containers = tools.containers();
        this.run = run;
        this.container = container;
        this.deadline = deadline;
        this.lines = lines;
    }

    /**
     * Its exit code, once it has ended, by itself or because it was ended; empty if its container was removed first.
     *
     * @throws OutOfSight if that cannot be known
     */
    OptionalInt toTheEnd() throws InterruptedException {
        engine.streams().adopt(this);
        try {
            for (Optional<ProjectContainer> now = Optional.of(container); now.isPresent(); now = awaitEngine()) {
                try (ContainerExit exit = ContainerExit.await(engine, container.id());
                        ContainerOutput output = ContainerOutput.open(engine, container, range)) {
                    Deadline early = Deadline.after(EARLY);
                    Optional<OptionalInt> code = listen(output, exit);
                    if (code.isPresent()) {
                        return code.get();
                    }
                    if (isDeaf && RunContainers.isOver(now.get())) {
                        return OptionalInt.of(now.get().exitCode());
                    }
                    noteFailure(output, early);
                    range = output.last().equals(Instant.EPOCH) ? range : LogRange.after(output.last());
                }
            }
            return OptionalInt.empty();
        } finally {
            engine.streams().release(this);
        }
    }

    /** The end; empty if the engine fails to tell. */
    private Optional<OptionalInt> listen(ContainerOutput output, ContainerExit exit) throws InterruptedException {
        while (true) {
            Optional<RunEnding> why = whyToEnd();
            if (why.isPresent()) {
                return Optional.of(end(why.get(), output, exit));
            }
            boolean ended = isSilent(output);
            Optional<LogLine> line;
            try {
                line = hear(output, Deadline.after(ended ? Duration.ZERO : POLL));
                if (line.isEmpty() && ended) {
                    OptionalInt code = exit.code(Deadline.after(POLL));
                    if (code.isPresent()) {
                        return Optional.of(code);
                    }
                }
            } catch (AngeeException e) {
                requireOpen(e);
                return Optional.empty();
            }
            line.ifPresent(lines);
        }
    }

    /** Whether no more will be heard; something may still be there. */
    private boolean isSilent(ContainerOutput output) {
        return isDeaf || output.isOver();
    }

    /**
     * The next line. None once the engine has refused to tell what the job writes, as it does where a container has the log
     * driver {@code none}: how the job ends is told all the same.
     */
    private Optional<LogLine> hear(ContainerOutput output, Deadline patience) throws InterruptedException {
        if (isDeaf) {
            return Optional.empty();
        }
        try {
            return output.next(patience);
        } catch (AngeeException e) {
            if (e.code() != ErrorCode.FAILED) {
                throw e;
            }
            giveUpListening(String.valueOf(e.getMessage()));
            return Optional.empty();
        }
    }

    private void noteFailure(ContainerOutput output, Deadline early) {
        boolean isNew = output.last().isAfter(heard) || early.hasPassed();
        failures = isNew ? 1 : failures + 1;
        heard = output.last();
        if (failures >= MOST_FAILURES && !isDeaf) {
            giveUpListening("its log has failed " + failures + " times in a row");
        }
    }

    private void giveUpListening(String why) {
        isDeaf = true;
        LOG.warn("what job '{}' writes cannot be told, only how it ends: {}", run.job(), why);
    }

    /** Why it has to end now. Looked for now and then; the clock is looked at each time. */
    private Optional<RunEnding> whyToEnd() throws InterruptedException {
        requireOpen(null);
        if (overByItself || (!look.hasPassed() && !deadline.hasPassed())) {
            return Optional.empty();
        }
        look = Deadline.after(POLL);
        try {
            Optional<RunEnding> said =
                    records.isKnown(run) ? records.ending(run) : Optional.of(RunEnding.takenDown(Duration.ZERO));
            if (said.isEmpty() && deadline.hasPassed()) {
                said = records.mark(run, RunEnding.timedOut(deadline.limit()));
                overByItself = said.isEmpty();
            }
            return said;
        } catch (AngeeException e) {
            throw new OutOfSight(e);
        }
    }

    /** Who cancels it ends it too; that one's grace is not cut short, and if he dies meanwhile, it is ended here. */
    private OptionalInt end(RunEnding why, ContainerOutput output, ContainerExit exit) throws InterruptedException {
        try {
            if (why.state() == JobState.CANCELLED) {
                Deadline patience =
                        Deadline.after(container.grace().orElse(why.grace()).plusSeconds(1));
                while (!patience.hasPassed()
                        && !containers.awaitEnd(
                                container.id(), Deadline.after(isSilent(output) ? POLL : Duration.ZERO))) {
                    hear(output, Deadline.after(POLL)).ifPresent(lines);
                }
            }
            Optional<ProjectContainer> now = engine.container(container.id());
            if (now.isPresent()) {
                containers.end(List.of(now.get()), why.grace());
            }
            Deadline rest = Deadline.after(REST);
            while (!rest.hasPassed()) {
                boolean ended = isSilent(output);
                Optional<LogLine> line = hear(output, ended ? Deadline.after(Duration.ZERO) : rest);
                if (line.isEmpty() && ended) {
                    break;
                }
                line.ifPresent(lines);
            }
            return now.isPresent() ? exit.code(Deadline.after(REST)) : OptionalInt.empty();
        } catch (AngeeException e) {
            throw new OutOfSight(e);
        }
    }

    /** The container, once the engine answers again; empty if it is gone. */
    private Optional<ProjectContainer> awaitEngine() throws InterruptedException {
        Deadline patience = Deadline.after(PATIENCE);
        while (true) {
            TimeUnit.NANOSECONDS.sleep(POLL.toNanos());
            try {
                return engine.container(container.id());
            } catch (AngeeException e) {
                requireOpen(e);
                failures = 0; // it was the engine
                if (patience.hasPassed() || e.code() != ErrorCode.UNAVAILABLE) {
                    throw new OutOfSight(e);
                }
            }
        }
    }

    private void requireOpen(@Nullable AngeeException cause) {
        if (closed) {
            throw new OutOfSight(
                    cause != null
                            ? cause
                            : new AngeeException(ErrorCode.UNAVAILABLE, "the container backend was closed"));
        }
    }

    /** Called when the backend is closed. */
    @Override
    public void close() {
        closed = true;
    }
}
