package dev.angee.compose;

import dev.angee.runtime.LogLine;
import java.util.Optional;

/** What one container writes, until it ends. For one reader. */
final class ContainerOutput implements AutoCloseable {
    private final LineBuffer buffer = new LineBuffer();
    private final ContainerLog log;

    private ContainerOutput(Engine engine, ProjectContainer container, LogRange range) {
        this.log = ContainerLog.read(
                engine.streams(),
                container,
                range,
                buffer,
                (l, failure) -> failure.ifPresentOrElse(f -> buffer.fail(engine.failure("for a log", f)), buffer::end));
    }

    static ContainerOutput open(Engine engine, ProjectContainer container, LogRange range) {
        return new ContainerOutput(engine, container, range);
    }

    /** The next line; empty at the end, or at the deadline. */
    Optional<LogLine> next(Deadline deadline) throws InterruptedException {
        return buffer.next(deadline);
    }

    @Override
    public void close() {
        buffer.close();
        log.close();
    }
}
