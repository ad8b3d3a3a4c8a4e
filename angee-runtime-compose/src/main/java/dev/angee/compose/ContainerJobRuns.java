package dev.angee.compose;

import dev.angee.AngeeException;
import dev.angee.ErrorCode;
import dev.angee.NotFoundException;
import dev.angee.runtime.JobRun;
import dev.angee.runtime.JobRuns;
import dev.angee.runtime.StopOptions;
import dev.angee.secret.ResolvedSecrets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** The runs of the container jobs of one stack. */
final class ContainerJobRuns implements JobRuns {
    private static final Duration POLL = Duration.ofMillis(100);

    /** How long the caller of a run may take to give up its start: Compose is asked to end, then made to. */
    private static final Duration START_PATIENCE = Duration.ofSeconds(30);

    private final RunRecords records;
    private final RunContainers containers;
    private final LeftJobs left;

    ContainerJobRuns(RunRecords records, RunContainers containers, LeftJobs left) {
        this.records = records;
        this.containers = containers;
        this.left = left;
    }

    @Override
    public List<JobRun> list() {
        return ComposeBackend.reading(records::runs);
    }

    @Override
    public String output(String id) {
        RunRecord run = find(id);
        return ComposeBackend.reading(() -> {
            Optional<String> kept = records.output(run);
            if (kept.isPresent()) {
                return kept.get();
            }
            Optional<ProjectContainer> container =
                    Optional.ofNullable(containers.all().get(id));
            String written = container.isPresent() ? containers.output(container.get()) : "";
            return records.output(run).orElse(written); // it may have ended, and its container be gone, meanwhile
        });
    }

    @Override
    public void cancel(String id, StopOptions options) throws InterruptedException {
        RunRecord run = find(id);
        if (records.result(run).isPresent()) {
            return;
        }
        Optional<RunEnding> why = records.mark(run, RunEnding.cancelled(options.grace()));
        if (why.isPresent()) {
            end(run, options.grace());
        }
        if (!records.isAwaited(run)) {
            left.settle(run, ResolvedSecrets.none());
        }
    }

    /** Its caller may be about to start it; then it gives that up, and says so. */
    private void end(RunRecord run, Duration grace) throws InterruptedException {
        Deadline patience = null;
        while (true) {
            ProjectContainer container = containers.all().get(run.id());
            if (container != null) {
                containers.end(List.of(container), grace);
            }
            if (!records.isKnown(run) || records.current(run).state().isOver()) {
                return;
            }
            patience = patience == null ? Deadline.after(START_PATIENCE) : patience;
            if (patience.hasPassed()) {
                throw new AngeeException(
                        ErrorCode.FAILED,
                        "job '" + run.job() + "': who starts it has not given up within "
                                + Deadline.spell(START_PATIENCE) + " (run " + run.id() + "): cancel it again");
            }
            TimeUnit.NANOSECONDS.sleep(POLL.toNanos());
        }
    }

    private RunRecord find(String id) {
        return records.find(id)
                .orElseThrow(() -> new NotFoundException(
                        "job run", id, "the last " + KEPT + " runs of each job are known until the stack is down"));
    }
}
