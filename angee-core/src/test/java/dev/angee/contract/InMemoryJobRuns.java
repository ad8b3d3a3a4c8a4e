package dev.angee.contract;

import dev.angee.NotFoundException;
import dev.angee.plan.Workload;
import dev.angee.runtime.ExitStatus;
import dev.angee.runtime.JobEndedException;
import dev.angee.runtime.JobRun;
import dev.angee.runtime.JobRuns;
import dev.angee.runtime.JobState;
import dev.angee.runtime.LogLine;
import dev.angee.runtime.RunOptions;
import dev.angee.runtime.StopOptions;
import dev.angee.runtime.WorkloadState;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Queue;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;

/** The runs of one root's jobs. */
final class InMemoryJobRuns implements JobRuns {
    private final List<Run> runs = new CopyOnWriteArrayList<>();
    private final AtomicLong clock = new AtomicLong(Instant.EPOCH.getEpochSecond());

    /** One run; its changes are guarded by itself. */
    private static final class Run {
        private final String id = UUID.randomUUID().toString();
        private final Queue<String> output = new ConcurrentLinkedQueue<>();
        private final long begin = System.nanoTime();
        private final Workload job;
        private final Instant startedAt;
        private final InMemoryProcess process;
        private Optional<JobState> why = Optional.empty();
        private Optional<Duration> duration = Optional.empty();

        Run(Workload job, RunOptions options, Instant startedAt) {
            this.job = job;
            this.startedAt = startedAt;
            this.process = InMemoryProcess.start(
                    job,
                    options.secrets(),
                    "job",
                    line -> {
                        output.add(line);
                        options.output().accept(new LogLine(job.name(), line));
                    },
                    () -> {});
        }

        /** Says that it is ended for this reason, unless it has ended, or is being ended for another. */
        synchronized void becomes(JobState reason) {
            if (why.isEmpty() && process.state() != WorkloadState.EXITED) {
                why = Optional.of(reason);
            }
        }

        synchronized JobRun view() {
            if (process.state() != WorkloadState.EXITED) {
                return new JobRun(
                        id, job.name(), startedAt, JobState.RUNNING, OptionalInt.empty(), Optional.empty(), "");
            }
            int code = process.exitCode().orElseThrow();
            JobState state = why.orElse(JobState.ofExit(job, code));
            duration = duration.or(() -> Optional.of(Duration.ofNanos(System.nanoTime() - begin)));
            return new JobRun(id, job.name(), startedAt, state, OptionalInt.of(code), duration, "");
        }

        String text() {
            return String.join("\n", output);
        }
    }

    ExitStatus run(Workload job, RunOptions options) throws InterruptedException {
        Run run = new Run(job, options, Instant.ofEpochSecond(clock.incrementAndGet()));
        runs.add(run);
        List<Run> over = new ArrayList<>(runs.stream()
                .filter(each -> each.job.name().equals(job.name()) && each != run)
                .filter(each -> each.view().state().isOver())
                .toList());
        while (over.size() >= KEPT) {
            runs.remove(over.remove(0));
        }
        try {
            options.started().accept(run.id);
            if (!run.process.awaitEnd(options.timeoutOf(job))) {
                run.becomes(JobState.TIMED_OUT);
            }
        } catch (InterruptedException e) {
            run.becomes(JobState.CANCELLED);
            throw e;
        } finally {
            run.process.stop(Duration.ZERO);
        }
        JobRun end = run.view();
        if (end.state() == JobState.TIMED_OUT || end.state() == JobState.CANCELLED) {
            String why = end.state() == JobState.CANCELLED ? "was cancelled" : "took too long";
            throw new JobEndedException(Optional.of(run.id), end.state(), "job '" + job.name() + "' " + why);
        }
        return new ExitStatus(
                end.exitCode().orElseThrow(),
                end.state(),
                end.duration().orElseThrow(),
                run.text(),
                Optional.of(run.id));
    }

    void endAndForgetAll(Duration grace) throws InterruptedException {
        for (Run run : List.copyOf(runs)) {
            run.process.stop(grace);
            runs.remove(run);
        }
    }

    @Override
    public List<JobRun> list() {
        return runs.stream().map(Run::view).sorted(NEWEST_FIRST).toList();
    }

    @Override
    public String output(String id) {
        return find(id).text();
    }

    @Override
    public void cancel(String id, StopOptions options) throws InterruptedException {
        Run run = find(id);
        run.becomes(JobState.CANCELLED);
        run.process.stop(options.grace());
    }

    private Run find(String id) {
        return runs.stream()
                .filter(run -> run.id.equals(id))
                .findFirst()
                .orElseThrow(() -> new NotFoundException("job run", id, ""));
    }
}
