package dev.angee.compose;

import com.github.dockerjava.api.exception.DockerException;
import java.io.Closeable;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Optional;
import java.util.Queue;

/** One answer with a container's log: a frame per entry, with its time in front. For one thread. */
final class LogAnswer implements Closeable {
    private static final int LARGEST_FRAME = 1 << 24;

    private final EngineResponse response;
    private final DataInputStream in;
    private final boolean gone;
    private final Queue<LogEntry> ahead = new ArrayDeque<>();
    private final Instant[] times = {Instant.MIN, Instant.MIN};
    private final int[] ordinals = new int[2];
    private boolean ended;

    private LogAnswer(EngineResponse response) throws IOException {
        this.response = response;
        this.gone = response.status() == 404 || response.status() == 409; // removed, or being removed
        this.ended = gone;
        InputStream body = response.body();
        if (!gone && response.status() != 200) {
            throw new DockerException(new String(body.readNBytes(1000), StandardCharsets.UTF_8), response.status());
        }
        this.in = new DataInputStream(body);
    }

    /** @throws DockerException if the engine refuses, for instance because it keeps no logs */
    static LogAnswer open(EngineStreams streams, String container, LogRange range) throws IOException {
        EngineResponse response = streams.log(container, range);
        try {
            return new LogAnswer(response);
        } catch (IOException | RuntimeException e) {
            response.close();
            throw e;
        }
    }

    /** The next one, waiting for it if the log is followed; empty at the end. */
    Optional<LogEntry> next() throws IOException {
        LogEntry known = ahead.poll();
        return known != null ? Optional.of(known) : read();
    }

    /** Reads some of them already now: all, if they are not many bytes, and then the connection is closed. */
    void readAhead(int bytes) throws IOException {
        int size = 0;
        while (size < bytes && !ended) {
            Optional<LogEntry> next = read();
            next.ifPresent(ahead::add);
            size += next.map(LogEntry::size).orElse(0);
        }
        if (ended) {
            close();
        }
    }

    @Override
    public void close() throws IOException {
        response.close();
    }

    private Optional<LogEntry> read() throws IOException {
        int stream = ended ? -1 : in.read();
        if (stream < 0) {
            ended = true;
            return Optional.empty();
        }
        in.skipNBytes(3);
        int size = in.readInt();
        if (size < 0 || size > LARGEST_FRAME) {
            throw new IOException("not a log: a frame of " + size + " bytes");
        }
        byte[] frame = new byte[size];
        in.readFully(frame);
        return Optional.of(entry(stream, frame));
    }

    private LogEntry entry(int stream, byte[] frame) {
        int text = 0;
        while (text < frame.length && frame[text] != ' ') {
            text++;
        }
        Instant time = Instant.parse(new String(frame, 0, text, StandardCharsets.US_ASCII));
        int index = stream == LogEntry.STDERR ? 1 : 0;
        ordinals[index] = time.equals(times[index]) ? ordinals[index] + 1 : 1;
        times[index] = time;
        return new LogEntry(stream, time, ordinals[index], frame, Math.min(text + 1, frame.length));
    }
}
