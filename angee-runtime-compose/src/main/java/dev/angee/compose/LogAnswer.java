package dev.angee.compose;

import com.github.dockerjava.api.exception.DockerException;
import dev.angee.AngeeException;
import dev.angee.ErrorCode;
import java.io.Closeable;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Optional;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/** One answer with a container's log: a frame per entry, with its time in front. For one thread. */
final class LogAnswer implements Closeable {
    private static final int LARGEST_FRAME = 1 << 24;
    private static final int LONGEST_REASON = 300;

    /** What is neither standard output nor standard error: the engine's own words, without a time. */
    private static final int ENGINE = 3;

    private static final String GRABBING = "Error grabbing logs";

    private final String container;
    private final EngineResponse response;
    private final DataInputStream in;
    private final boolean gone;
    private final Queue<LogEntry> ahead = new ArrayDeque<>();
    private final Instant[] times = {Instant.MIN, Instant.MIN};
    private final int[] ordinals = new int[2];
    private boolean ended;

    private LogAnswer(String container, EngineResponse response) throws IOException {
        this.container = container;
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
            return new LogAnswer(container, response);
        } catch (IOException | RuntimeException e) {
            response.close();
            throw e;
        }
    }

    /**
     * The next one, waiting for it if the log is followed; empty at the end.
     *
     * @throws AngeeException {@code FAILED} if the engine cannot read what it has kept
     */
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

    private static @Nullable Instant time(byte[] frame, int end) {
        try {
            return Instant.parse(new String(frame, 0, end, StandardCharsets.US_ASCII));
        } catch (DateTimeException e) {
            return null; // it is the engine's own word then, whatever the frame says
        }
    }

    /** The engine's own words are told, but not those of a container, which may be secret. */
    private AngeeException unreadable(byte[] frame) {
        String words = new String(frame, 0, Math.min(frame.length, LONGEST_REASON), StandardCharsets.UTF_8);
        String why = words.startsWith(GRABBING) ? words.strip() : "an entry has no time";
        return new AngeeException(
                ErrorCode.FAILED,
                "the Docker engine cannot read the log of container " + container + " (" + why
                        + "): its file is damaged; make the container anew to begin another");
    }

    private LogEntry entry(int stream, byte[] frame) {
        int text = 0;
        while (text < frame.length && frame[text] != ' ') {
            text++;
        }
        Instant time = stream == ENGINE ? null : time(frame, text);
        if (time == null) {
            throw unreadable(frame);
        }
        int index = stream == LogEntry.STDERR ? 1 : 0;
        ordinals[index] = time.equals(times[index]) ? ordinals[index] + 1 : 1;
        times[index] = time;
        return new LogEntry(stream, time, ordinals[index], frame, Math.min(text + 1, frame.length));
    }
}
