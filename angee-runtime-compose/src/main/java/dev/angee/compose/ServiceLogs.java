package dev.angee.compose;

import com.github.dockerjava.api.exception.ConflictException;
import com.github.dockerjava.api.exception.NotFoundException;
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
    private final Map<String, String> startedMeanwhile = new HashMap<>();
    private final Starts starts = new Starts();

    private ServiceLogs(Engine engine, LogQuery query, Instant opened) {
        this.engine = engine;
        this.query = query;
        this.opened = opened;
    }

    static ServiceLogs open(Engine engine, LogQuery query) throws InterruptedException {
        ServiceLogs logs = new ServiceLogs(engine, query, engine.now());
        engine.adopt(logs);
        if (query.follow()) {
            engine.events(logs.opened, logs.starts); // before the list, so that no start falls between the two
        }
        logs.begin(engine.containers().stream()
                .filter(c -> !c.oneOff() && query.which().includes(c.service()))
                .toList());
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
        engine.release(this);
    }

    private synchronized void begin(List<ProjectContainer> containers) {
        for (ProjectContainer each : containers) {
            if (!open.containsKey(each.id())) {
                readUntil.put(each.id(), opened);
                read(each.id(), each.service(), new LogRange(query.tail(), query.follow(), Optional.empty()));
            }
        }
        endIfDone();
    }

    private synchronized void started(String id, String service) {
        if (open.containsKey(id)) {
            startedMeanwhile.put(id, service); // its end has not been heard yet
        } else {
            read(id, service, LogRange.after(readUntil.getOrDefault(id, Instant.EPOCH)));
        }
    }

    private synchronized void ended(String id, ContainerLog log, Optional<Throwable> failure) {
        open.remove(id, log);
        log.last().ifPresent(time -> readUntil.put(id, time));
        failure.filter(f -> !(f instanceof NotFoundException || f instanceof ConflictException)) // removed meanwhile
                .ifPresent(f -> buffer.fail(engine.failure("for a log", f)));
        String service = startedMeanwhile.remove(id);
        if (service != null) {
            started(id, service);
        }
        endIfDone();
    }

    private void read(String id, String service, LogRange range) {
        if (!buffer.isOver()) {
            ContainerLog log = new ContainerLog(service, buffer, range.since(), (l, f) -> ended(id, l, f));
            open.put(id, log);
            engine.logs(id, range, log);
        }
    }

    private void endIfDone() {
        if (!query.follow() && open.isEmpty()) {
            buffer.end();
        }
    }

    private final class Starts extends EngineStream<Event> {
        @Override
        void piece(Event event) {
            ContainerEvent.of(event)
                    .filter(e -> e.action().equals("start") && query.which().includes(e.service()))
                    .ifPresent(e -> started(e.container(), e.service()));
        }

        @Override
        void over(@Nullable Throwable failure) {
            Throwable cause = failure == null ? new IllegalStateException("the engine ended the stream") : failure;
            buffer.fail(engine.failure("for events", cause));
        }
    }
}
