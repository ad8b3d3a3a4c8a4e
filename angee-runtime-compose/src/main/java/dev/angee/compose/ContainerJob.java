package dev.angee.compose;

import dev.angee.AngeeException;
import dev.angee.ErrorCode;
import dev.angee.internal.FileLocks;
import dev.angee.operation.ProgressListener;
import dev.angee.plan.Workload;
import dev.angee.runtime.ExitStatus;
import dev.angee.runtime.JobEndedException;
import dev.angee.runtime.JobState;
import dev.angee.runtime.RunOptions;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One run of a job, for the caller that waits for it: in a container of its own that is gone afterwards, however it ends. Its
 * record stays. For one call only.
 *
 * <p>Compose makes and starts the container from a file that holds this job alone, so that the job need not be part of
 * what is up. Output and exit code are asked of the engine: an exit code of {@code docker compose run} may be the
 * job's or Compose's own (2.26). When the engine is lost from sight, the run is left to itself: its record and its
 * container tell what becomes of it.
 */
final class ContainerJob {
    private static final Duration SETTLING = Duration.ofSeconds(2);
    private static final Duration POLL = Duration.ofMillis(200);
    private static final int LAST_LINES = 10;
    private static final Logger LOG = LoggerFactory.getLogger(ContainerJob.class);

    /** What every run of a stack's jobs needs. */
    record Tools(
            ComposeProject project,
            Engine engine,
            DockerCli cli,
            ProjectNetworks networks,
            ProjectLock lock,
            ExecutorService workers,
            RunRecords records,
            RunContainers containers) {}

    private final Tools tools;
    private final RunRecords records;
    private final Workload job;
    private final RunRecord run;
    private final String file;
    private final String container;
    private final RunOptions options;
    private final Deadline deadline;
    private final OutputTail tail = new OutputTail(ExitStatus.OUTPUT_LIMIT);
    private final OutputTail last = new OutputTail(ExitStatus.OUTPUT_LIMIT, LAST_LINES);
    private boolean isStarted;

    /**
     * @param run what it is on record as
     * @param file a Compose file that holds this job, labelled with the run
     */
    ContainerJob(Tools tools, Workload job, RunRecord run, String file, RunOptions options) {
        this.tools = tools;
        this.records = tools.records();
        this.job = job;
        this.run = run;
        this.file = file;
        this.container = tools.project().name() + "-" + job.name() + "-run-" + run.id();
        this.options = options;
        this.deadline = Deadline.after(options.timeoutOf(job));
    }

    ExitStatus run() throws InterruptedException {
        ComposeCommand command = ComposeCommand.run(tools.project(), file, job.name(), container)
                .knowing(SecretVariables.of(List.of(job), options.secrets(), SecretVariables.charsetOfChildren()));
        records.begin(run);
        RunResult end;
        try {
            end = finish(result(command));
            remove();
        } catch (OutOfSight e) {
            throw e.failure(run);
        } catch (RuntimeException | InterruptedException | Error e) {
            abandon(e);
            throw e;
        } finally {
            records.leave(run);
        }
        return status(end);
    }

    /** Runs it to its end, which is also that of its container. */
    private RunResult result(ComposeCommand command) throws InterruptedException {
        if (unlessUnwanted(this::prepare).isEmpty()) {
            RunEnding why = records.ending(run).orElse(RunEnding.takenDown(Duration.ZERO));
            return RunResult.of(why.state(), why.reason());
        }
        Optional<ProjectContainer> started = start(command);
        if (started.isEmpty()) {
            RunEnding why = records.ending(run).orElse(RunEnding.takenDown(Duration.ZERO));
            settle();
            return endLate(why);
        }
        isStarted = true;
        records.started(run, started.get().id());
        options.started().accept(run.id());
        FollowedJob followed = new FollowedJob(tools, run, started.get(), deadline, line -> {
            tail.add(line.text());
            last.add(line.text());
            options.output().accept(line);
        });
        OptionalInt code = followed.toTheEnd();
        Optional<ProjectContainer> ended = look();
        Optional<Duration> ran = ended.filter(RunContainers::isOver)
                .map(ProjectContainer::ran)
                .or(() -> Optional.of(deadline.elapsed()));
        Optional<RunEnding> why = records.ending(run);
        String reason = ended.map(ProjectContainer::reason).orElse("");
        if (code.isPresent()) {
            return RunResult.of(run, why, code.getAsInt(), ran, reason);
        }
        return why.map(known -> new RunResult(known.state(), OptionalInt.empty(), ran, known.reason()))
                .orElseGet(() -> RunResult.of(JobState.LOST, "its container was removed, and with it how it ended"));
    }

    /** The end of a run that was to be ended before it was seen to be started; its container may have got there yet. */
    private RunResult endLate(RunEnding why) throws InterruptedException {
        Optional<ProjectContainer> late = tools.engine().container(container);
        if (late.isPresent()) {
            tools.containers().end(List.of(late.get()), why.grace());
            tools.containers().lastWords(late.get()).lines().forEach(line -> {
                tail.add(line);
                last.add(line);
            });
            late = tools.engine().container(container); // which stays until its end is on record
        }
        return late.filter(RunContainers::isOver)
                .map(ended -> RunResult.of(run, Optional.of(why), ended))
                .orElseGet(() -> RunResult.of(why.state(), why.reason()));
    }

    /** How its container stands now; empty if it is gone, or cannot be seen any more. */
    private Optional<ProjectContainer> look() throws InterruptedException {
        try {
            return tools.engine().container(container);
        } catch (AngeeException e) {
            LOG.debug("how long job '{}' ran is told by our own clock", job.name(), e);
            return Optional.empty();
        }
    }

    /** It is on record by now: a fetch or a build may take long, and whoever takes the stack down has to know of it. */
    private RunRecord prepare() throws InterruptedException {
        new Images(tools.project(), tools.engine(), tools.cli())
                .prepare(List.of(job), file, deadline, ProgressListener.none());
        return run;
    }

    /** A step of its start; empty if the run is to be ended before that is done, which then is given up. */
    private <R> Optional<R> unlessUnwanted(Uninterrupted.Step<R> step) throws InterruptedException {
        Aside<R> aside = new Aside<>(tools.workers(), step);
        try {
            Optional<R> done = aside.result(POLL);
            while (done.isEmpty() && !isUnwanted()) {
                done = aside.result(POLL);
            }
            if (done.isEmpty()) {
                aside.giveUp();
            }
            return done;
        } catch (InterruptedException e) {
            Uninterrupted.run(() -> {
                aside.giveUp();
                return run;
            });
            throw e;
        }
    }

    /** Empty if it is to be ended before it was started. */
    private Optional<ProjectContainer> start(ComposeCommand command) throws InterruptedException {
        Optional<CliResult> result;
        try {
            result = unlessUnwanted(() -> compose(command)).flatMap(done -> done);
        } catch (InterruptedException e) {
            Uninterrupted.run(() -> {
                settle();
                return run;
            });
            throw e;
        }
        if (result.isEmpty() || isUnwanted()) {
            return Optional.empty();
        }
        if (result.get().wasKilled()) {
            Optional<RunEnding> unused = records.mark(run, RunEnding.timedOut(deadline.limit()));
            return Optional.empty();
        }
        if (!result.get().succeeded()) {
            throw CliFailure.ofJob(tools.project(), job.name(), command, result.get());
        }
        Optional<ProjectContainer> started = tools.engine().container(container);
        if (started.isEmpty() && !isUnwanted()) {
            throw new AngeeException(
                    ErrorCode.FAILED, "job '" + job.name() + "': its container was removed as soon as it was started");
        }
        return started;
    }

    /** Empty if it was given up before it was its turn. */
    private Optional<CliResult> compose(ComposeCommand command) throws InterruptedException {
        try (FileLocks.Held held = tools.lock().take("run " + job.name(), deadline)) { // networks may have to be made
            held.check();
            if (isUnwanted()) {
                return Optional.empty();
            }
            tools.networks().make(List.of(job), deadline);
            return Optional.of(tools.cli().run(command, deadline));
        }
    }

    /** Whether somebody ends it, or its stack was taken down. */
    private boolean isUnwanted() {
        return !records.isKnown(run) || records.ending(run).isPresent();
    }

    /** When Compose is killed, what it has asked of the engine still happens: so wait a moment for the container. */
    private void settle() throws InterruptedException {
        Deadline patience = Deadline.after(SETTLING);
        while (tools.engine().container(container).isEmpty() && !patience.hasPassed()) {
            TimeUnit.NANOSECONDS.sleep(POLL.toNanos());
        }
    }

    private RunResult finish(RunResult seen) {
        return Uninterrupted.run(
                () -> records.finish(run, seen, options.secrets().mask(tail.text())));
    }

    /** What is on record is the answer; the container that stays is removed by whoever collects what is left. */
    private void remove() {
        try {
            Uninterrupted.run(() -> {
                tools.engine().remove(container);
                return run;
            });
        } catch (AngeeException e) {
            LOG.warn("the container of job '{}' stays for now: {}", job.name(), e.getMessage());
        }
    }

    private ExitStatus status(RunResult end) {
        switch (end.state()) {
            case SUCCEEDED, FAILED -> {
                if (end.exitCode().isPresent()) {
                    Optional<String> id = Optional.of(run.id());
                    return new ExitStatus(
                            end.exitCode().getAsInt(),
                            end.state(),
                            end.duration().orElse(deadline.elapsed()),
                            tail.text(),
                            id);
                }
            }
            case TIMED_OUT, CANCELLED ->
                throw new JobEndedException(
                        Optional.of(run.id()), end.state(), "job '" + job.name() + "' " + told(end) + lastLines());
            case RUNNING, LOST -> {}
        }
        throw new AngeeException(
                ErrorCode.FAILED,
                "job '" + job.name() + "': nobody knows how it ended (run " + run.id() + "): " + end.reason());
    }

    private String told(RunResult end) {
        return end.state() == JobState.TIMED_OUT
                ? "was killed: it had not ended after " + Deadline.spell(deadline.limit()) + " (run " + run.id()
                        + "; give it more time, or look at what it waits for)"
                : "was cancelled: " + end.reason() + " (run " + run.id() + ")";
    }

    private String lastLines() {
        String masked = options.secrets().mask(last.text());
        return masked.isEmpty() ? "; it wrote nothing" : "; it last wrote:\n" + masked;
    }

    /**
     * What was started is ended and on record also when this thread was interrupted, or the listener failed. Where that cannot
     * be put on record, the container stays: it tells how it ended to whoever collects what is left.
     */
    private void abandon(Throwable failure) {
        boolean byUs = isStarted || !(failure instanceof AngeeException);
        Optional<RunEnding> why = attempt(
                        failure, () -> byUs ? records.mark(run, RunEnding.abandoned()) : records.ending(run))
                .orElse(byUs ? Optional.of(RunEnding.abandoned()) : Optional.empty());
        Optional<ProjectContainer> ended = attempt(failure, this::endContainer).flatMap(seen -> seen);
        Optional<RunResult> known = attempt(
                failure,
                () -> finish(ended.map(c -> RunResult.of(run, why, c))
                        .or(() -> why.map(reason -> RunResult.of(reason.state(), reason.reason())))
                        .orElseGet(() -> RunResult.of(JobState.FAILED, "it could not be started"))));
        if (known.isPresent()) {
            Optional<RunRecord> unused = attempt(failure, () -> {
                tools.engine().remove(container);
                return run;
            });
        }
    }

    /** Its container, if that has ended by now. */
    private Optional<ProjectContainer> endContainer() throws InterruptedException {
        Optional<ProjectContainer> there = tools.engine().container(container);
        if (there.isPresent()) {
            tools.containers().end(List.of(there.get()), RunEnding.abandoned().grace());
        }
        return tools.engine().container(container).filter(RunContainers::isOver);
    }

    /** What came of a step; empty if it failed, which is then told with the failure that led to it. */
    private static <R> Optional<R> attempt(Throwable failure, Uninterrupted.Step<R> step) {
        try {
            return Optional.of(Uninterrupted.run(step));
        } catch (RuntimeException e) {
            if (e != failure) {
                failure.addSuppressed(e);
            }
            return Optional.empty();
        }
    }
}
