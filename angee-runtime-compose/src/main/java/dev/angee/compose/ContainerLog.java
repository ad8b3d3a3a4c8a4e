package dev.angee.compose;

import com.github.dockerjava.api.model.Frame;
import com.github.dockerjava.api.model.StreamType;
import dev.angee.runtime.LogLine;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Optional;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * The log of one container on its way into a buffer. The engine sends a frame per entry, which is a line or 16 KiB of
 * it, with its time in front.
 */
final class ContainerLog extends EngineStream<Frame> {
    private final Optional<Instant> since;
    private final LineSplitter stdout;
    private final LineSplitter stderr;
    private final BiConsumer<ContainerLog, Optional<Throwable>> end;
    private volatile @Nullable Instant last;

    /**
     * @param since what was written up to this moment is left out; the engine itself only knows whole seconds
     * @param end is told of the end, and of what went wrong
     */
    ContainerLog(
            String workload,
            LineBuffer into,
            Optional<Instant> since,
            BiConsumer<ContainerLog, Optional<Throwable>> end) {
        this.since = since;
        this.stdout = new LineSplitter(text -> into.put(new LogLine(workload, text)));
        this.stderr = new LineSplitter(text -> into.put(new LogLine(workload, text)));
        this.end = end;
    }

    /** When the last entry was written that has been read. */
    Optional<Instant> last() {
        return Optional.ofNullable(last);
    }

    @Override
    void piece(Frame frame) throws InterruptedException {
        byte[] entry = frame.getPayload();
        int text = 0;
        while (text < entry.length && entry[text] != ' ') {
            text++;
        }
        Instant time = Instant.parse(new String(entry, 0, text, StandardCharsets.US_ASCII));
        if (since.isPresent() && !time.isAfter(since.get())) {
            return;
        }
        last = time;
        (frame.getStreamType() == StreamType.STDERR ? stderr : stdout).feed(entry, Math.min(text + 1, entry.length));
    }

    @Override
    void over(@Nullable Throwable failure) throws InterruptedException {
        stdout.finish();
        stderr.finish();
        end.accept(this, Optional.ofNullable(failure));
    }
}
