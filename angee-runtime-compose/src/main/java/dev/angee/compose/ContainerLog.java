package dev.angee.compose;

import com.github.dockerjava.api.exception.DockerException;
import dev.angee.runtime.LogLine;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.Future;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * The log of one container on its way into a buffer. The engine sends a frame per entry, which is a line or 16 KiB of
 * it, with its time in front. Read by a worker; may be closed from any thread.
 */
final class ContainerLog implements AutoCloseable {
    /** Is told of the end of a log that was not closed, and of what went wrong; called by the worker. */
    interface End extends BiConsumer<ContainerLog, Optional<Throwable>> {}

    private static final int STDERR = 2;
    private static final int LARGEST_FRAME = 1 << 24;

    private final EngineStreams streams;
    private final ProjectContainer container;
    private final LogRange range;
    private final LineSplitter stdout;
    private final LineSplitter stderr;
    private final End end;
    private @Nullable Future<?> worker;
    private volatile Instant last;
    private volatile boolean closed;

    private ContainerLog(EngineStreams streams, ProjectContainer container, LogRange range, LineBuffer into, End end) {
        this.streams = streams;
        this.container = container;
        this.range = range;
        this.last = range.opened();
        this.stdout = new LineSplitter(text -> into.put(new LogLine(container.service(), text)));
        this.stderr = new LineSplitter(text -> into.put(new LogLine(container.service(), text)));
        this.end = end;
    }

    /** Begins to read. */
    static ContainerLog read(
            EngineStreams streams, ProjectContainer container, LogRange range, LineBuffer into, End end) {
        ContainerLog log = new ContainerLog(streams, container, range, into, end);
        synchronized (log) {
            log.worker = streams.background(log::run);
        }
        return log;
    }

    /** When the last entry was written that has been read; when it was opened if there was none. */
    Instant last() {
        return last;
    }

    @Override
    public synchronized void close() {
        closed = true;
        if (worker != null) {
            worker.cancel(true); // frees a read from the socket at once
        }
    }

    private void run() {
        Optional<Throwable> failure = Optional.empty();
        try {
            read(range);
            if (range.follow()) {
                read(LogRange.rest(last)); // an engine may end a followed log before the last entries (20.10, 1 of 25)
            }
            stdout.finish();
            stderr.finish();
        } catch (InterruptedException e) {
            return; // closed
        } catch (IOException | RuntimeException e) {
            failure = Optional.of(e);
        }
        if (!closed) {
            end.accept(this, failure);
        }
    }

    private void read(LogRange part) throws IOException, InterruptedException {
        try (EngineResponse response = streams.log(container.id(), part)) {
            readAll(response, part.since());
        }
    }

    private void readAll(EngineResponse response, Optional<Instant> since) throws IOException, InterruptedException {
        int status = response.status();
        if (status == 404 || status == 409) {
            return; // removed, or being removed
        }
        InputStream body = response.body();
        if (status != 200) {
            throw new DockerException(new String(body.readNBytes(1000), StandardCharsets.UTF_8), status);
        }
        DataInputStream in = new DataInputStream(body);
        for (int stream = in.read(); stream >= 0; stream = in.read()) {
            in.skipNBytes(3);
            int size = in.readInt();
            if (size < 0 || size > LARGEST_FRAME) {
                throw new IOException("not a log: a frame of " + size + " bytes");
            }
            byte[] entry = new byte[size];
            in.readFully(entry);
            take(stream, entry, since);
        }
    }

    private void take(int stream, byte[] entry, Optional<Instant> since) throws InterruptedException {
        int text = 0;
        while (text < entry.length && entry[text] != ' ') {
            text++;
        }
        Instant time = Instant.parse(new String(entry, 0, text, StandardCharsets.US_ASCII));
        if (since.isPresent() && !time.isAfter(since.get())) {
            return; // the engine includes the moment itself
        }
        last = time;
        (stream == STDERR ? stderr : stdout).feed(entry, Math.min(text + 1, entry.length));
    }
}
