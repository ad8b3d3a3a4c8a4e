package dev.angee.compose;

import dev.angee.runtime.LogLine;
import java.time.Instant;
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

    /** Whether no more lines will come; some may still be there. */
    boolean isOver() {
        return buffer.isOver();
    }

    /** When the last entry was written that has been read; the beginning of time if there was none. */
    Instant last() {
        return log.last();
    }

    @Override
    public void close() {
        buffer.close();
        log.close();
    }
}
