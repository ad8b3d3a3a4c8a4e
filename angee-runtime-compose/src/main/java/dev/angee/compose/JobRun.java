package dev.angee.compose;

import dev.angee.AngeeException;
import dev.angee.ErrorCode;
import dev.angee.internal.FileLocks;
import dev.angee.plan.Workload;
import dev.angee.runtime.ExitStatus;
import dev.angee.runtime.JobEndedException;
import dev.angee.runtime.JobState;
import dev.angee.runtime.LogLine;
import dev.angee.runtime.RunOptions;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.TimeUnit;

/**
 * One run of a job, in a container of its own that is gone afterwards, however it ends.
 *
 * <p>Compose makes and starts the container from a file that holds this job alone, so that the job need not be part of
 * what is up. Output and exit code are asked of the engine: an exit code of {@code docker compose run} may be the
 * job's or Compose's own (2.26).
 */
final class JobRun {
    private static final Duration SETTLING = Duration.ofSeconds(2);

    private final ComposeProject project;
    private final Engine engine;
    private final DockerCli cli;
    private final ProjectNetworks networks;
    private final ProjectLock lock;
    private final Workload job;
    private final String file;
    private final String container;

    /**
     * @param file a Compose file that holds this job
     * @param container the name of the container, which no other has
     */
    JobRun(
            ComposeProject project,
            Engine engine,
            DockerCli cli,
            ProjectNetworks networks,
            ProjectLock lock,
            Workload job,
            String file,
            String container) {
        this.project = project;
        this.engine = engine;
        this.cli = cli;
        this.networks = networks;
        this.lock = lock;
        this.job = job;
        this.file = file;
        this.container = container;
    }

    ExitStatus run(RunOptions options) throws InterruptedException {
        Images.requireContext(job);
        ComposeCommand command = ComposeCommand.run(project, file, job.name(), container)
                .knowing(SecretVariables.of(List.of(job), options.secrets(), SecretVariables.charsetOfChildren()));
        Deadline deadline = Deadline.after(options.timeoutOf(job));
        Optional<ExitStatus> status;
        try {
            Optional<ProjectContainer> started = start(command, deadline);
            status = started.isPresent() ? follow(started.get(), options, deadline) : Optional.empty();
        } catch (RuntimeException | InterruptedException | Error e) {
            removeAfter(e);
            throw e;
        }
        engine.remove(container);
        return status.orElseThrow(() -> new JobEndedException(
                Optional.empty(),
                JobState.TIMED_OUT,
                "job '" + job.name() + "' was killed: it had not ended after " + Deadline.spell(options.timeoutOf(job))
                        + " (give it more time, or look at what it waits for)"));
    }

    /** Empty if there was not time enough. */
    private Optional<ProjectContainer> start(ComposeCommand command, Deadline deadline) throws InterruptedException {
        CliResult result;
        FileLocks.Held hold = lock.take("run " + job.name(), deadline); // networks may have to be made
        try {
            networks.make(List.of(job), deadline);
            result = launch(command, deadline);
        } finally {
            hold.close();
        }
        if (result.wasKilled()) {
            settle();
            return Optional.empty();
        }
        if (!result.succeeded()) {
            throw CliFailure.ofJob(project, job.name(), command, result);
        }
        Optional<ProjectContainer> started = engine.container(container);
        if (started.isEmpty()) {
            throw new AngeeException(
                    ErrorCode.FAILED, "job '" + job.name() + "': its container was removed as soon as it was started");
        }
        return started;
    }

    private CliResult launch(ComposeCommand command, Deadline deadline) throws InterruptedException {
        try {
            return cli.run(command, deadline);
        } catch (InterruptedException e) {
            settle();
            throw e;
        }
    }

    /** Empty if it had not ended at the deadline. */
    private Optional<ExitStatus> follow(ProjectContainer started, RunOptions options, Deadline deadline)
            throws InterruptedException {
        OutputTail tail = new OutputTail(ExitStatus.OUTPUT_LIMIT);
        try (ContainerExit exit = ContainerExit.await(engine, started.id());
                ContainerOutput output = ContainerOutput.open(engine, started, LogRange.following(-1, Instant.EPOCH))) {
            for (Optional<LogLine> line = output.next(deadline); line.isPresent(); line = output.next(deadline)) {
                tail.add(line.get().text());
                options.output().accept(line.get());
            }
            OptionalInt code = exit.code(deadline);
            return code.isPresent()
                    ? Optional.of(ended(code.getAsInt(), duration(deadline), tail.text()))
                    : Optional.empty();
        }
    }

    private ExitStatus ended(int code, Duration duration, String output) {
        return new ExitStatus(code, JobState.ofExit(job, code), duration, output, Optional.empty());
    }

    /** By the engine's clock; by ours if somebody else has removed the container already. */
    private Duration duration(Deadline deadline) throws InterruptedException {
        return engine.container(container).map(ProjectContainer::ran).orElse(deadline.elapsed());
    }

    private void removeAfter(Throwable failure) {
        try {
            engine.remove(container);
        } catch (AngeeException e) {
            failure.addSuppressed(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            failure.addSuppressed(e);
        }
    }

    /** When Compose is killed, what it has asked of the engine still happens: so wait a moment for the container. */
    private void settle() throws InterruptedException {
        Deadline patience = Deadline.after(SETTLING);
        while (engine.container(container).isEmpty() && !patience.hasPassed()) {
            TimeUnit.MILLISECONDS.sleep(100);
        }
    }
}
