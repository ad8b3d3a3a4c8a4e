package dev.angee.compose;

import dev.angee.AngeeException;
import java.io.EOFException;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/**
 * The newest entries of one container's log, read from the engine once for all who follow it. Never waits for them: who
 * is slow finds that what he has not read is gone from here, and reads it from the engine. An engine that goes away is
 * waited for. Thread-safe.
 */
final class SharedLog {
    private static final int SLOTS = 1024;
    private static final int ROOM = 1 << 20;

    private enum State {
        READING,
        /** The container does not run. */
        RESTING,
        FAILED,
        CLOSED
    }

    /** What there is for one who follows. */
    sealed interface Look {
        /** The entry. */
        record Entry(LogEntry entry) implements Look {}

        /** It was here, but is not any more. */
        record Missed() implements Look {}

        /** Nothing yet. */
        record Nothing() implements Look {}

        /** Nothing until the container is started again. */
        record Ended() implements Look {}

        /** Nothing any more. */
        record Failed(AngeeException why) implements Look {}
    }

    private static final Look MISSED = new Look.Missed();
    private static final Look NOTHING = new Look.Nothing();
    private static final Look ENDED = new Look.Ended();

    private final Engine engine;
    private final String container;
    private final LogPosition position;
    private final Outage outage;
    private final List<Signal> followers = new CopyOnWriteArrayList<>();

    /** All below is guarded by this. */
    private final @Nullable LogEntry[] ring = new LogEntry[SLOTS];

    private long first;
    private long head;
    private int size;
    private State state = State.RESTING;
    private boolean startedAgain;
    private @Nullable AngeeException failure;
    private @Nullable Future<?> worker;

    SharedLog(Engine engine, String container, Instant from, Duration patience) {
        this.engine = engine;
        this.container = container;
        this.position = LogPosition.after(from);
        this.outage = new Outage(patience);
    }

    String container() {
        return container;
    }

    List<Signal> followers() {
        return followers;
    }

    /** The container was started, or may have been. */
    synchronized void started() {
        if (state == State.RESTING) {
            state = State.READING;
            worker = engine.streams().background(this::run);
        } else {
            startedAgain = true;
        }
    }

    synchronized boolean isFailed() {
        return state == State.FAILED;
    }

    synchronized void close() {
        state = State.CLOSED;
        if (worker != null) {
            worker.cancel(true);
        }
    }

    /** The number of the oldest entry that is here. */
    synchronized long first() {
        return first;
    }

    /** The number of the next entry to come. */
    synchronized long head() {
        return head;
    }

    synchronized Look at(long number) {
        if (number < first) {
            return MISSED;
        }
        if (number < head) {
            LogEntry entry = ring[(int) (number % SLOTS)];
            return entry == null ? MISSED : new Look.Entry(entry);
        }
        AngeeException why = failure;
        if (why != null) {
            return new Look.Failed(why);
        }
        return state == State.RESTING ? ENDED : NOTHING;
    }

    private void run() {
        try {
            while (true) {
                try {
                    follow();
                    if (rests()) {
                        return;
                    }
                } catch (IOException | RuntimeException e) {
                    if (Outage.isFinal(e) || !outage.pause()) {
                        fail(engine.failure("for a log", e));
                        return;
                    }
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // closed
        }
    }

    private void follow() throws IOException {
        read(LogRange.after(position.since()));
        read(LogRange.rest(
                position.since())); // an engine may end a followed log before the last entries (20.10, 1 of 25)
    }

    private void read(LogRange range) throws IOException {
        position.resume();
        try (LogAnswer entries = LogAnswer.open(engine.streams(), container, range)) {
            outage.over();
            for (Optional<LogEntry> next = entries.next(); next.isPresent(); next = entries.next()) {
                if (position.passes(next.get())) {
                    add(next.get());
                }
            }
        }
    }

    private void add(LogEntry entry) throws EOFException {
        synchronized (this) {
            if (state == State.CLOSED) {
                throw new EOFException("closed");
            }
            while (head > first && (head - first == SLOTS || size + entry.size() > ROOM)) {
                dropFirst();
            }
            ring[(int) (head % SLOTS)] = entry;
            head++;
            size += entry.size();
        }
        wakeFollowers();
    }

    private void dropFirst() {
        int slot = (int) (first % SLOTS);
        LogEntry oldest = ring[slot];
        if (oldest != null) {
            size -= oldest.size();
        }
        ring[slot] = null;
        first++;
    }

    private boolean rests() {
        synchronized (this) {
            if (startedAgain || state != State.READING) {
                startedAgain = false;
                return state != State.READING;
            }
            state = State.RESTING;
        }
        wakeFollowers();
        return true;
    }

    private void fail(AngeeException why) {
        synchronized (this) {
            if (state == State.CLOSED) {
                return;
            }
            state = State.FAILED;
            failure = why;
        }
        wakeFollowers();
    }

    private void wakeFollowers() {
        followers.forEach(Signal::wake);
    }
}
