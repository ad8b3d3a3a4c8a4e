package dev.angee.compose;

import dev.angee.AngeeException;
import dev.angee.ErrorCode;
import dev.angee.runtime.LogLine;
import dev.angee.runtime.LogQuery;
import dev.angee.runtime.LogStream;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/**
 * The logs of a project's services, followed by one reader. Goes on when a service is started again, or anew. Has no
 * thread of its own: the reader's does the work, so that one who does not read costs nothing.
 */
final class FollowedLogs implements LogStream, Severable, ProjectEvents.Listener {
    private static final Duration TRY_AGAIN = Duration.ofMillis(200);
    private static final Duration LONG = Duration.ofHours(1);

    private final Engine engine;
    private final LogQuery query;
    private final Instant opened;
    private final Signal signal = new Signal();
    private final List<LogCursor> cursors = new CopyOnWriteArrayList<>(); // changed by who holds this
    private final Queue<LogLine> ready = new ArrayDeque<>(); // for the reader alone
    private int turn;

    private @Nullable Map<String, String> early = new LinkedHashMap<>(); // these are guarded by this
    private final Set<String> gone = new HashSet<>(); // while there is early
    private @Nullable AngeeException failure;
    private boolean closed;

    private FollowedLogs(Engine engine, LogQuery query, Instant opened) {
        this.engine = engine;
        this.query = query;
        this.opened = opened;
    }

    static FollowedLogs open(Engine engine, LogQuery query) throws InterruptedException {
        FollowedLogs logs = new FollowedLogs(engine, query, engine.now());
        engine.streams().adopt(logs);
        try {
            engine.events().add(logs); // before the list, so that no start falls between the two
            for (ProjectContainer each : engine.containers()) {
                if (!each.oneOff() && query.which().includes(each.service())) {
                    logs.keep(logs.cursor(each));
                }
            }
            logs.takeEarly();
        } catch (RuntimeException | InterruptedException e) {
            logs.close();
            throw e;
        }
        return logs;
    }

    @Override
    public Optional<LogLine> next() throws InterruptedException {
        while (true) {
            long seen = signal.count();
            if (isClosed()) {
                return Optional.empty();
            }
            boolean moved = false;
            int count = cursors.size();
            for (int i = 0; i < count && ready.isEmpty(); i++) {
                moved |= advance(turn++);
            }
            LogLine line = ready.poll();
            if (line != null) {
                return isClosed() ? Optional.empty() : Optional.of(line);
            }
            if (!moved) {
                throwFailure();
                boolean behind = cursors.stream().anyMatch(LogCursor::isBehind);
                signal.await(seen, Deadline.after(behind ? TRY_AGAIN : LONG));
            }
        }
    }

    @Override
    public void close() {
        synchronized (this) {
            closed = true;
        }
        free();
        engine.streams().release(this);
    }

    @Override
    public void sever(AngeeException why) {
        lost(why);
        free();
    }

    private void free() {
        List<LogCursor> all;
        synchronized (this) {
            early = null;
            all = List.copyOf(cursors);
            cursors.clear();
        }
        signal.wake();
        all.forEach(LogCursor::close);
        engine.events().remove(this);
    }

    @Override
    public synchronized void started(String id, String service) {
        if (isOver() || !query.which().includes(service)) {
            return;
        }
        if (early != null) {
            early.put(id, service);
            return;
        }
        Optional<LogCursor> known =
                cursors.stream().filter(c -> c.container().equals(id)).findFirst();
        if (known.isPresent()) {
            known.get().started();
        } else {
            cursors.add(LogCursor.first(engine, id, service, opened, signal, ready));
        }
        signal.wake();
    }

    @Override
    public synchronized void removed(String id) {
        if (early != null) {
            gone.add(id);
        }
        cursors.stream().filter(c -> c.container().equals(id)).forEach(LogCursor::removed);
        signal.wake();
    }

    @Override
    public void lost(AngeeException why) {
        synchronized (this) {
            failure = why;
        }
        signal.wake();
    }

    private LogCursor cursor(ProjectContainer container) throws InterruptedException {
        return query.tail() < 0
                ? LogCursor.first(engine, container.id(), container.service(), opened, signal, ready)
                : LogCursor.last(engine, container, query.tail(), opened, signal, ready);
    }

    private void keep(LogCursor cursor) {
        synchronized (this) {
            if (!isOver()) {
                cursors.add(cursor);
                return;
            }
        }
        cursor.close();
    }

    private void takeEarly() {
        boolean over;
        synchronized (this) {
            Map<String, String> meanwhile = early == null ? Map.of() : early;
            early = null;
            meanwhile.forEach(this::started);
            gone.forEach(this::removed);
            gone.clear();
            over = isOver();
        }
        if (over) {
            free(); // the backend was closed while this was opened
        }
    }

    private boolean advance(int next) throws InterruptedException {
        List<LogCursor> now = List.copyOf(cursors);
        if (now.isEmpty()) {
            return false;
        }
        LogCursor cursor = now.get(Math.floorMod(next, now.size()));
        boolean moved;
        try {
            moved = cursor.advance();
        } catch (AngeeException e) {
            if (e.code() == ErrorCode.FAILED) {
                forget(cursor); // it will not get better; the others go on
            }
            throw e;
        }
        if (!moved && cursor.isDone()) {
            forget(cursor);
        }
        return moved;
    }

    private void forget(LogCursor cursor) {
        boolean mine;
        synchronized (this) {
            mine = cursors.remove(cursor);
        }
        if (mine) {
            cursor.close();
        }
    }

    /** For who holds this. */
    private boolean isOver() {
        return closed || failure != null;
    }

    private synchronized boolean isClosed() {
        return closed;
    }

    private synchronized void throwFailure() {
        if (failure != null) {
            throw failure;
        }
    }
}
