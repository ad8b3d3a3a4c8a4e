package dev.angee.process;

import dev.angee.AngeeException;
import dev.angee.ErrorCode;
import dev.angee.runtime.ExitStatus;
import dev.angee.runtime.LogLine;
import dev.angee.runtime.RunOptions;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.OptionalInt;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * One run of a job: started like a service, watched to its end, and forgotten with all it has left running. For one call
 * only.
 */
final class JobRun {
    private static final Duration POLL = Duration.ofMillis(50);
    private static final Duration GRACE = Duration.ofSeconds(1);
    private static final int LAST_LINES = 10;

    private final RecordStore store;
    private final Launcher launcher;
    private final Shutdown shutdown;
    private ProcessRecord record;

    JobRun(RecordStore store, Launcher launcher, Shutdown shutdown, ProcessRecord intent) {
        this.store = store;
        this.launcher = launcher;
        this.shutdown = shutdown;
        this.record = intent;
    }

    /** Runs it to its end, which is also that of everything it has started. */
    ExitStatus run(RunOptions options) throws InterruptedException {
        store.write(record);
        try {
            return runRecorded(options);
        } finally {
            store.forget(record);
        }
    }

    private ExitStatus runRecorded(RunOptions options) throws InterruptedException {
        long begin = System.nanoTime();
        Path log = store.log(record);
        LogReader reader = new LogReader(log, 0);
        Consumer<String> lines = text -> options.output().accept(new LogLine(record.name(), text));
        Process process;
        boolean ended;
        try {
            Launcher.Launched launched = launcher.launch(record, options.secrets());
            record = launched.record();
            process = launched.process();
            ended = follow(process, reader, lines, Deadline.in(options.timeoutOf(record.workload())));
        } finally {
            endTree();
        }
        Duration duration = Duration.ofNanos(System.nanoTime() - begin);
        drain(reader, lines);
        reader.finish(lines);
        String output = LogTail.text(log, ExitStatus.OUTPUT_LIMIT);
        if (!ended) {
            throw tooLong(options, log);
        }
        OptionalInt code = store.exitCode(record);
        return new ExitStatus(code.isPresent() ? code.getAsInt() : process.waitFor(), duration, output);
    }

    private static boolean follow(Process process, LogReader reader, Consumer<String> lines, Deadline deadline)
            throws InterruptedException {
        boolean ended = false;
        while (!ended && !deadline.isOver()) {
            ended = process.waitFor(POLL.toMillis(), TimeUnit.MILLISECONDS);
            drain(reader, lines);
        }
        return ended;
    }

    private static void drain(LogReader reader, Consumer<String> lines) {
        while (reader.read(Long.MAX_VALUE, lines)) {
            // until nothing more is there
        }
    }

    /** Also when this thread was interrupted, or the listener failed. */
    private void endTree() {
        boolean interrupted = Thread.interrupted();
        try {
            shutdown.end(List.of(record), GRACE);
        } catch (InterruptedException e) {
            interrupted = true;
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private AngeeException tooLong(RunOptions options, Path log) {
        Duration timeout = options.timeoutOf(record.workload());
        String last = options.secrets().mask(LogTail.last(log, LAST_LINES));
        return new AngeeException(
                ErrorCode.FAILED,
                "job '" + record.name() + "' was killed because it took longer than " + timeout.toMillis() + " ms"
                        + (last.isEmpty() ? "; it wrote nothing" : "; it last wrote:\n" + last));
    }
}
