package dev.angee.compose;

import dev.angee.AngeeException;
import dev.angee.runtime.LogLine;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One reader's place in the log of one container. New entries come from the {@link SharedLog}; older ones, and those the
 * reader was too slow for, are read from the engine. For the reader's thread; may be closed from any.
 */
final class LogCursor implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(LogCursor.class);
    private static final int AHEAD = 256 * 1024;
    private static final Duration TRY_AGAIN = Duration.ofMillis(200);

    private final Engine engine;
    private final String container;
    private final Signal signal;
    private final SharedLog log;
    private final LogPosition position;
    private final LineSplitter stdout;
    private final LineSplitter stderr;
    private long number;
    private boolean behind;
    private boolean inTail;
    private boolean flushed;
    private volatile boolean removed;

    private Deadline again = Deadline.after(Duration.ZERO);

    private @Nullable LogAnswer history; // these are guarded by this
    private @Nullable Exception problem;
    private @Nullable Future<?> opening;
    private boolean closed;

    private LogCursor(
            Engine engine,
            String container,
            String service,
            Instant opened,
            LogPosition position,
            Signal signal,
            Queue<LogLine> into) {
        this.engine = engine;
        this.container = container;
        this.signal = signal;
        this.position = position;
        this.stdout = new LineSplitter(text -> into.add(new LogLine(service, text)));
        this.stderr = new LineSplitter(text -> into.add(new LogLine(service, text)));
        this.log = engine.logs().join(this.container, opened, signal);
    }

    /** From the first entry there is. */
    static LogCursor first(
            Engine engine, String container, String service, Instant opened, Signal signal, Queue<LogLine> into) {
        LogPosition start = LogPosition.after(Instant.EPOCH);
        LogCursor cursor = new LogCursor(engine, container, service, opened, start, signal, into);
        cursor.behind = true;
        return cursor;
    }

    /**
     * From the last entries there are, and if there are none, from a moment.
     *
     * @param tail how many
     * @param opened the moment, which is not far away
     */
    static LogCursor last(
            Engine engine, ProjectContainer container, int tail, Instant opened, Signal signal, Queue<LogLine> into)
            throws InterruptedException {
        LogPosition position = tail == 0 ? LogPosition.after(opened) : LogPosition.before(opened);
        LogCursor cursor = new LogCursor(engine, container.id(), container.service(), opened, position, signal, into);
        try {
            if (tail == 0) {
                cursor.number = cursor.log.first();
                cursor.behind = cursor.number > 0; // what is gone from there may be from after that moment
            } else {
                cursor.beginTail(tail);
            }
        } catch (RuntimeException | InterruptedException e) {
            cursor.close();
            throw e;
        }
        return cursor;
    }

    String container() {
        return container;
    }

    /** The container was started. */
    void started() {
        log.started();
    }

    /** The container is gone. */
    void removed() {
        removed = true;
    }

    /** Whether nothing will come any more, as of the last {@link #advance}. */
    boolean isDone() {
        return removed && flushed && !behind && log.at(number) instanceof SharedLog.Look.Ended;
    }

    /** Whether it is worth to try again soon, though nobody says that there is something new. */
    boolean isBehind() {
        return behind;
    }

    /**
     * Takes the next entry, if there is one.
     *
     * @return whether anything was done
     */
    boolean advance() throws InterruptedException {
        if (behind && !hasHistory()) {
            beginHistory();
            return false;
        }
        LogAnswer old = history();
        if (old != null) {
            return read(old);
        }
        SharedLog.Look look = log.at(number);
        if (look instanceof SharedLog.Look.Entry next) {
            number++;
            take(next.entry());
            return true;
        }
        if (look instanceof SharedLog.Look.Failed failed) {
            throw failed.why();
        }
        if (look instanceof SharedLog.Look.Missed) {
            behind = true;
            return true;
        }
        return look instanceof SharedLog.Look.Ended && flush();
    }

    @Override
    public void close() {
        Future<?> pending;
        synchronized (this) {
            closed = true;
            pending = opening;
        }
        if (pending != null) {
            pending.cancel(true);
        }
        endHistory();
        engine.logs().leave(log, signal);
    }

    /** Already now, by a worker: so that the tail is that of this moment, and a hanging engine hangs nobody. */
    private void beginTail(int tail) throws InterruptedException {
        number = log.head(); // all before it will be in the answer
        inTail = true;
        engine.ask("for a log", client -> {
            try {
                LogAnswer all = LogAnswer.open(engine.streams(), container, LogRange.last(tail));
                keep(all); // at once, so that it is closed also if nobody waits for it any more
                all.readAhead(AHEAD);
                return true;
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
    }

    /**
     * Whether the older entries can be read now. Empty hands may mean that the engine is away: then the shared log waits
     * for it too, and says when it is enough.
     */
    private boolean hasHistory() {
        Exception why;
        synchronized (this) {
            if (history != null) {
                behind = false;
                return true;
            }
            why = problem;
            problem = null;
        }
        if (why != null) {
            if (Outage.isFinal(why)) {
                throw engine.failure("for a log", why);
            }
            LOG.debug("a log is read again later", why);
            again = Deadline.after(TRY_AGAIN);
        }
        return false;
    }

    /** By a worker: whoever closes this must not find its reader waiting for the engine. */
    private void beginHistory() {
        if (log.at(log.head()) instanceof SharedLog.Look.Failed failed) {
            throw failed.why();
        }
        synchronized (this) {
            if (opening != null || closed || !again.hasPassed()) {
                return;
            }
            number = log.head();
            position.resume();
            LogRange rest = LogRange.rest(position.since());
            opening = engine.streams().background(() -> open(rest));
        }
    }

    private void open(LogRange range) {
        Exception failure = null;
        try {
            keep(LogAnswer.open(engine.streams(), container, range));
        } catch (IOException | RuntimeException e) {
            failure = e;
        }
        synchronized (this) {
            problem = failure;
            opening = null;
        }
        signal.wake();
    }

    private boolean read(LogAnswer old) throws InterruptedException {
        try {
            Optional<LogEntry> next = old.next();
            if (next.isPresent()) {
                take(next.get());
            } else {
                endHistory();
                endTail();
                position.resume();
            }
            return true;
        } catch (IOException e) {
            endHistory();
            endTail();
            behind = true;
            if (Thread.interrupted()) {
                throw new InterruptedException();
            }
            LOG.debug("a log is read again later", e);
            return false;
        } catch (AngeeException e) {
            endHistory();
            endTail();
            behind = true;
            throw e;
        }
    }

    private void endTail() {
        if (inTail) {
            position.cut();
            inTail = false;
        }
    }

    private void take(LogEntry entry) throws InterruptedException {
        if (position.passes(entry)) {
            flushed = false;
            entry.feed(stdout, stderr);
        }
    }

    private boolean flush() throws InterruptedException {
        if (flushed) {
            return false;
        }
        flushed = true;
        stdout.finish();
        stderr.finish();
        return true;
    }

    private synchronized @Nullable LogAnswer history() {
        return history;
    }

    private void keep(LogAnswer entries) {
        synchronized (this) {
            if (!closed) {
                history = entries;
                return;
            }
        }
        close(entries);
    }

    private void endHistory() {
        LogAnswer old;
        synchronized (this) {
            old = history;
            history = null;
        }
        if (old != null) {
            close(old);
        }
    }

    private static void close(LogAnswer entries) {
        try {
            entries.close();
        } catch (IOException e) {
            LOG.debug("a log did not close cleanly", e);
        }
    }
}
