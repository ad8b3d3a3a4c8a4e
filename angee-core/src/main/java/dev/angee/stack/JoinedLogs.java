package dev.angee.stack;

import dev.angee.runtime.LogLine;
import dev.angee.runtime.LogStream;
import java.util.List;
import java.util.Optional;

/** Several streams, one after the other. */
final class JoinedLogs implements LogStream {
    private final List<LogStream> streams;
    private int at;

    JoinedLogs(List<LogStream> streams) {
        this.streams = List.copyOf(streams);
    }

    @Override
    public Optional<LogLine> next() throws InterruptedException {
        while (at < streams.size()) {
            Optional<LogLine> line = streams.get(at).next();
            if (line.isPresent()) {
                return line;
            }
            at++;
        }
        return Optional.empty();
    }

    @Override
    public void close() {
        streams.forEach(LogStream::close);
    }
}
