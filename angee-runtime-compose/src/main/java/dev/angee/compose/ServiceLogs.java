package dev.angee.compose;

import com.github.dockerjava.api.model.Event;
import dev.angee.runtime.LogLine;
import dev.angee.runtime.LogQuery;
import dev.angee.runtime.LogStream;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The logs of a project's services, as they come. One that follows goes on when a service is started again, or anew:
 * it listens for that, and then reads what was written since.
 */
final class ServiceLogs implements LogStream {
    private final Engine engine;
    private final LogQuery query;
    private final Instant opened;
    private final LineBuffer buffer = new LineBuffer();
    private final Map<String, ContainerLog> open = new HashMap<>();
    private final Map<String, Instant> readUntil = new HashMap<>();
    private final Map<String, ProjectContainer> startedMeanwhile = new HashMap<>();
    private final Starts starts = new Starts();

    private ServiceLogs(Engine engine, LogQuery query, Instant opened) {
        this.engine = engine;
        this.query = query;
        this.opened = opened;
    }

    static ServiceLogs open(Engine engine, LogQuery query) throws InterruptedException {
        ServiceLogs logs = new ServiceLogs(engine, query, engine.now());
        engine.streams().adopt(logs);
        try {
            if (query.follow()) {
                engine.streams()
                        .events(logs.opened, logs.starts); // before the list, so that no start falls between the two
            }
            logs.begin(engine.containers().stream()
                    .filter(c -> !c.oneOff() && query.which().includes(c.service()))
                    .toList());
        } catch (RuntimeException | InterruptedException e) {
            logs.close();
            throw e;
        }
        return logs;
    }

    @Override
    public Optional<LogLine> next() throws InterruptedException {
        return buffer.next(null);
    }

    @Override
    public void close() {
        buffer.close();
        starts.close();
        List<ContainerLog> all;
        synchronized (this) {
            all = List.copyOf(open.values());
            open.clear();
        }
        all.forEach(ContainerLog::close);
        engine.streams().release(this);
    }

    private synchronized void begin(List<ProjectContainer> containers) {
        for (ProjectContainer each : containers) {
            if (!open.containsKey(each.id())) {
                read(each, query.follow() ? LogRange.following(query.tail(), opened) : LogRange.last(query.tail()));
            }
        }
        endIfDone();
    }

    private synchronized void started(ProjectContainer container) {
        if (open.containsKey(container.id())) {
            startedMeanwhile.put(container.id(), container); // its end has not been heard yet
        } else {
            read(container, LogRange.after(readUntil.getOrDefault(container.id(), Instant.EPOCH)));
        }
    }

    private synchronized void ended(String id, ContainerLog log, Optional<Throwable> failure) {
        open.remove(id, log);
        readUntil.put(id, log.last());
        failure.ifPresent(f -> buffer.fail(engine.failure("for a log", f)));
        Optional.ofNullable(startedMeanwhile.remove(id)).ifPresent(this::started);
        endIfDone();
    }

    private void read(ProjectContainer container, LogRange range) {
        if (!buffer.isOver()) {
            ContainerLog.End end = (log, failure) -> ended(container.id(), log, failure);
            open.put(container.id(), ContainerLog.read(engine.streams(), container, range, buffer, end));
        }
    }

    private void endIfDone() {
        if (!query.follow() && open.isEmpty()) {
            buffer.end();
        }
    }

    private final class Starts extends EngineStream<Event> {
        @Override
        void piece(Event event) throws InterruptedException {
            Optional<ContainerEvent> start = ContainerEvent.of(event)
                    .filter(e -> e.action().equals("start") && query.which().includes(e.service()));
            if (start.isPresent()) {
                engine.container(start.get().container()).ifPresent(ServiceLogs.this::started);
            }
        }

        @Override
        void over(@Nullable Throwable failure) {
            Throwable cause = failure == null ? new IllegalStateException("the engine ended the stream") : failure;
            buffer.fail(engine.failure("for events", cause));
        }
    }
}
