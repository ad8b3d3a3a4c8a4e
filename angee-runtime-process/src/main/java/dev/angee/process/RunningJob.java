package dev.angee.process;

import dev.angee.AngeeException;
import dev.angee.ErrorCode;
import dev.angee.runtime.ExitStatus;
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
        Process process = start();
        String text;
        String last;
        Optional<JobEnding> why;
        try {
            why = follow(process);
            endTree(why);
            output.finish();
            text = output.tail();
            last = LogTail.last(store.log(record), LAST_LINES);
        } catch (RuntimeException | InterruptedException | Error e) {
            abandon(process, begin, e);
            throw e;
        }
        Duration duration = since(begin);
        OptionalInt code = OptionalInt.of(code(process));
        JobEnd end = Uninterrupted.run(() -> records.finish(record, why, code, duration));
        return switch (end.state()) {
            case TIMED_OUT ->
                throw ended(
                        "was killed because it took longer than " + timeout().toMillis() + " ms", last);
            case CANCELLED -> throw ended("was cancelled", last);
            default ->
                new ExitStatus(
                        code.getAsInt(),
                        duration,
                        text,
                        Optional.of(record.marker().last()));
        };
    }

    private static Duration since(long begin) {
        return Duration.ofNanos(System.nanoTime() - begin);
    }

    /** Nobody can cancel it before it is started, nor forget it. */
    private Process start() throws InterruptedException {
        try {
            return records.begin(record, () -> {
                Launcher.Launched launched = launcher.launch(record, options.secrets());
                record = launched.record();
                return launched.process();
            });
        } catch (RuntimeException e) {
            attempt(e, () -> {
                endWhatIsLeft();
                return records.failed(record, "it could not be started");
            });
            throw e;
        }
    }

    private Duration timeout() {
        return options.timeoutOf(record.workload());
    }

    /** Why it has to end; empty if it has ended by itself. */
    private Optional<JobEnding> follow(Process process) throws InterruptedException {
        Deadline deadline = Deadline.in(timeout());
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
        attempt(failure, () -> records.mark(record, JobEnding.abandoned()));
        attempt(failure, () -> {
            endWhatIsLeft();
            return records.finish(record, Optional.empty(), OptionalInt.of(code(process)), since(begin));
        });
    }

    private static void attempt(Throwable failure, JobRecords.Change<?> action) {
        try {
            Object unused = Uninterrupted.run(action);
        } catch (RuntimeException e) {
            failure.addSuppressed(e);
        }
    }

    /** The shell that waits for the job is gone with it; its own code is the job's, unless it was killed itself. */
    private int code(Process process) throws InterruptedException {
        return store.exitCode(record).orElse(process.waitFor());
    }

    private AngeeException ended(String how, String last) {
        String masked = options.secrets().mask(last);
        return new AngeeException(
                ErrorCode.FAILED,
                "job '" + record.name() + "' " + how
                        + (masked.isEmpty() ? "; it wrote nothing" : "; it last wrote:\n" + masked));
    }
}
