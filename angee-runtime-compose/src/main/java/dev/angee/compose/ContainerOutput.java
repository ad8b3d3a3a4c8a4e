package dev.angee.compose;

import dev.angee.runtime.LogLine;
import java.util.Optional;

/** What one container writes, until it ends. For one reader. */
final class ContainerOutput implements AutoCloseable {
    private final LineBuffer buffer = new LineBuffer();
    private final ContainerLog log;

    private ContainerOutput(Engine engine, String workload, LogRange range) {
        this.log = new ContainerLog(
                workload,
                buffer,
                range.since(),
                (l, failure) -> failure.ifPresentOrElse(f -> buffer.fail(engine.failure("for a log", f)), buffer::end));
    }

    static ContainerOutput open(Engine engine, ProjectContainer container, LogRange range) {
        ContainerOutput output = new ContainerOutput(engine, container.service(), range);
        engine.logs(container.id(), range, output.log);
        return output;
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
