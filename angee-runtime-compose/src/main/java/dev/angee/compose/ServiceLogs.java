package dev.angee.compose;

import dev.angee.AngeeException;
import dev.angee.runtime.LogLine;
import dev.angee.runtime.LogQuery;
import dev.angee.runtime.LogStream;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** What a project's services have written so far. */
final class ServiceLogs implements LogStream, Severable {
    private final Engine engine;
    private final LineBuffer buffer = new LineBuffer();
    private final Set<ContainerLog> open = new HashSet<>();

    private ServiceLogs(Engine engine) {
        this.engine = engine;
    }

    /** @param containers the project's */
    static LogStream open(Engine engine, List<ProjectContainer> containers, LogQuery query) {
        ServiceLogs logs = new ServiceLogs(engine);
        engine.streams().adopt(logs);
        try {
            logs.begin(
                    containers.stream()
                            .filter(c -> !c.oneOff() && query.which().includes(c.service()))
                            .toList(),
                    LogRange.last(query.tail()));
        } catch (RuntimeException e) {
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
        free();
        engine.streams().release(this);
    }

    @Override
    public void sever(AngeeException why) {
        buffer.fail(why);
        free();
    }

    private void free() {
        List<ContainerLog> all;
        synchronized (this) {
            all = List.copyOf(open);
            open.clear();
        }
        all.forEach(ContainerLog::close);
    }

    private synchronized void begin(List<ProjectContainer> containers, LogRange range) {
        for (ProjectContainer each : containers) {
            if (!buffer.isOver()) {
                open.add(ContainerLog.read(engine.streams(), each, range, buffer, this::ended));
            }
        }
        endIfDone();
    }

    private synchronized void ended(ContainerLog log, Optional<Throwable> failure) {
        open.remove(log);
        failure.ifPresent(f -> buffer.fail(engine.failure("for a log", f)));
        endIfDone();
    }

    private void endIfDone() {
        if (open.isEmpty()) {
            buffer.end();
        }
    }
}
