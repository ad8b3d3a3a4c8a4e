package dev.angee.compose;

import dev.angee.runtime.LogLine;
import java.io.IOException;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.Future;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/** The log of one container on its way into a buffer. Read by a worker; may be closed from any thread. */
final class ContainerLog implements AutoCloseable {
    /** Is told of the end of a log that was not closed, and of what went wrong; called by the worker. */
    interface End extends BiConsumer<ContainerLog, Optional<Throwable>> {}

    private final EngineStreams streams;
    private final String container;
    private final LogRange range;
    private final LogPosition position;
    private final LineSplitter stdout;
    private final LineSplitter stderr;
    private final End end;
    private @Nullable Future<?> worker;
    private volatile Instant last;
    private volatile boolean closed;

    private ContainerLog(EngineStreams streams, ProjectContainer container, LogRange range, LineBuffer into, End end) {
        this.streams = streams;
        this.container = container.id();
        this.last = range.opened();
        this.range = range;
        this.position =
                range.since().isPresent() ? LogPosition.after(range.since().get()) : LogPosition.before(range.opened());
        this.stdout = new LineSplitter(text -> into.put(new LogLine(container.service(), text)));
        this.stderr = new LineSplitter(text -> into.put(new LogLine(container.service(), text)));
        this.end = end;
    }

    /** Begins to read. */
    static ContainerLog read(
            EngineStreams streams, ProjectContainer container, LogRange range, LineBuffer into, End end) {
        ContainerLog log = new ContainerLog(streams, container, range, into, end);
        synchronized (log) {
            log.worker = streams.background(log::run);
        }
        return log;
    }

    /** When the last entry was written that has been read; when it was opened if there was none. */
    Instant last() {
        return last;
    }

    @Override
    public synchronized void close() {
        closed = true;
        if (worker != null) {
            worker.cancel(true); // frees a read from the socket at once
        }
    }

    private void run() {
        Optional<Throwable> failure = Optional.empty();
        try {
            read(range);
            if (range.follow()) {
                position.resume();
                read(LogRange.rest(position.since())); // an engine may end a followed log too early (20.10, 1 of 25)
            }
            stdout.finish();
            stderr.finish();
        } catch (InterruptedException e) {
            return; // closed
        } catch (IOException | RuntimeException e) {
            failure = Optional.of(e);
        }
        if (!closed) {
            end.accept(this, failure);
        }
    }

    private void read(LogRange part) throws IOException, InterruptedException {
        try (LogAnswer entries = LogAnswer.open(streams, container, part)) {
            for (Optional<LogEntry> next = entries.next(); next.isPresent(); next = entries.next()) {
                if (position.passes(next.get())) {
                    last = position.last();
                    next.get().feed(stdout, stderr);
                }
            }
        }
    }
}
