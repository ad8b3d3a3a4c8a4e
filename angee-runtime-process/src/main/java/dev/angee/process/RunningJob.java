package dev.angee.process;

import dev.angee.runtime.ExitStatus;
import dev.angee.runtime.JobEndedException;
import dev.angee.runtime.JobState;
import dev.angee.runtime.LogLine;
import dev.angee.runtime.RunOptions;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.TimeUnit;

/**
 * One run of a job, for the caller that waits for it: started like a service, watched to its end, and ended with all it has
 * left running. Its record stays. For one call only.
 */
final class RunningJob {
    private static final Duration POLL = Duration.ofMillis(50);
    private static final Duration GRACE = Duration.ofSeconds(1);
    private static final int LAST_LINES = 10;

    private final RecordStore store;
    private final JobRecords records;
    private final Launcher launcher;
    private final Shutdown shutdown;
    private final RunOptions options;
    private final JobOutput output;
    private ProcessRecord record;

    /** Why it ends when its caller gives up; nothing if it had ended before. */
    private Optional<JobEnding> abandoned = Optional.of(JobEnding.abandoned());

    RunningJob(
            RecordStore store,
            JobRecords records,
            Launcher launcher,
            Shutdown shutdown,
            ProcessRecord intent,
            RunOptions options) {
        this.store = store;
        this.records = records;
        this.launcher = launcher;
        this.shutdown = shutdown;
        this.options = options;
        this.record = intent;
        this.output =
                new JobOutput(store.log(intent), text -> options.output().accept(new LogLine(intent.name(), text)));
    }

    /** Runs it to its end, which is also that of everything it has started. */
    ExitStatus run() throws InterruptedException {
        long begin = System.nanoTime();
        Process process = start(begin);
        String text;
        String last;
        Optional<JobEnding> why;
        try {
            Deadline deadline = Deadline.in(timeout());
            options.started().accept(record.marker().last());
            why = follow(process, deadline);
            endTree(why);
            finishOutput(why);
            text = output.tail();
            last = LogTail.last(store.log(record), LAST_LINES);
        } catch (RuntimeException | InterruptedException | Error e) {
            abandon(process, begin, e);
            throw e;
        }
        Duration duration = since(begin);
        OptionalInt code = code(process, why);
        JobEnd end = Uninterrupted.run(() -> records.finish(record, why, code, duration));
        if (end.state() == JobState.TIMED_OUT || end.state() == JobState.CANCELLED) {
            throw ended(end.state(), last);
        }
        int value = code.orElse(process.waitFor());
        JobState state = JobState.ofExit(record.workload(), value);
        return new ExitStatus(
                value, state, duration, text, Optional.of(record.marker().last()));
    }

    private void finishOutput(Optional<JobEnding> why) throws InterruptedException {
        if (why.isPresent()) {
            output.finishSoon();
        } else {
            output.finish();
        }
    }

    private static Duration since(long begin) {
        return Duration.ofNanos(System.nanoTime() - begin);
    }

    /** Nobody can cancel it before it is started, nor forget it. */
    private Process start(long begin) throws InterruptedException {
        try {
            return records.begin(record, timeout(), () -> {
                Launcher.Launched launched = launcher.launch(record, options.secrets());
                record = launched.record();
                return launched.process();
            });
        } catch (RuntimeException | InterruptedException e) {
            boolean interrupted =
                    e instanceof InterruptedException || Thread.currentThread().isInterrupted();
            attempt(e, () -> {
                endWhatIsLeft();
                return interrupted ? givenUp(begin) : records.failed(record, "it could not be started");
            });
            throw e;
        }
    }

    /** It may have run for a moment, before or while its start was put on record. */
    private JobEnd givenUp(long begin) throws InterruptedException {
        return records.finish(record, Optional.of(JobEnding.abandoned()), store.exitCode(record), since(begin));
    }

    private Duration timeout() {
        return options.timeoutOf(record.workload());
    }

    /** Why it has to end; empty if it has ended by itself. */
    private Optional<JobEnding> follow(Process process, Deadline deadline) throws InterruptedException {
        boolean idle = true;
        while (!process.waitFor(idle ? POLL.toMillis() : 0, TimeUnit.MILLISECONDS)) {
            idle = output.drain();
            Optional<JobEnding> asked = records.ending(record);
            if (asked.isPresent()) {
                return asked;
            }
            if (deadline.isOver()) {
                return records.mark(record, JobEnding.timedOut(timeout()));
            }
        }
        return records.ending(record);
    }

    /** Who cancels it ends it too; that one's grace is not cut short, and if he dies meanwhile, it is ended here. */
    private void endTree(Optional<JobEnding> why) throws InterruptedException {
        if (why.filter(ending -> ending.state() == JobState.CANCELLED).isPresent()) {
            Duration grace =
                    record.workload().lifecycle().stopGrace().orElse(why.get().grace());
            Deadline patience = Deadline.in(grace.plus(GRACE));
            ProcessTree tree = record.tree();
            while (!patience.isOver() && !tree.look().isEmpty()) {
                patience.pause(POLL);
                boolean unused = output.drain();
            }
        }
        Uninterrupted.run(() -> {
            endWhatIsLeft();
            return record;
        });
    }

    /** Asks nothing of a tree that is gone: its record may have been forgotten since, and is not to come back. */
    private void endWhatIsLeft() throws InterruptedException {
        if (!record.tree().look().isEmpty()) {
            shutdown.end(List.of(record), GRACE);
        }
    }

    /**
     * What was started is ended and on record also when this thread was interrupted, or the listener failed; and ended also
     * when nothing can be recorded any more.
     */
    private void abandon(Process process, long begin, Throwable failure) {
        attempt(failure, () -> {
            abandoned = records.mark(record, JobEnding.abandoned());
            return abandoned;
        });
        attempt(failure, () -> {
            endWhatIsLeft();
            return records.finish(record, abandoned, code(process, abandoned), since(begin));
        });
    }

    private static void attempt(Throwable failure, JobRecords.Change<?> action) {
        try {
            Object unused = Uninterrupted.run(action);
        } catch (RuntimeException e) {
            failure.addSuppressed(e);
        }
    }

    /**
     * What the job has left. The shell that waits for it is gone with it; its own code is the job's, but where both were
     * killed it tells nothing of the job.
     */
    private OptionalInt code(Process process, Optional<JobEnding> why) throws InterruptedException {
        OptionalInt left = store.exitCode(record);
        return left.isPresent() || why.isPresent() ? left : OptionalInt.of(process.waitFor());
    }

    private JobEndedException ended(JobState state, String last) {
        String masked = options.secrets().mask(last);
        String id = record.marker().last();
        String how = state == JobState.CANCELLED
                ? "was cancelled"
                : "was killed because it took longer than " + timeout().toMillis() + " ms";
        return new JobEndedException(
                Optional.of(id),
                state,
                "job '" + record.name() + "' " + how + " (run " + id + ")"
                        + (masked.isEmpty() ? "; it wrote nothing" : "; it last wrote:\n" + masked));
    }
}
