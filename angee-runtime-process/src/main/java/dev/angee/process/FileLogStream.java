package dev.angee.process;

import dev.angee.runtime.LogLine;
import dev.angee.runtime.LogStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * The log files of some services as one stream. Without following, one file after the other up to where it reached when
 * the stream was opened; following, a few KiB of each in turn. Holds no file open.
 */
final class FileLogStream implements LogStream {
    private static final Duration POLL = Duration.ofMillis(100);

    private final Supplier<Map<String, Path>> files;
    private final Mode mode;
    private final Consumer<FileLogStream> onClose;
    private final Map<String, Source> sources = new TreeMap<>();
    private final Deque<LogLine> ready = new ArrayDeque<>();
    private final CountDownLatch closed = new CountDownLatch(1);

    /** Whether to wait for further lines. */
    enum Mode {
        ONCE,
        FOLLOW
    }

    /** One of the files. */
    private record Source(Path file, LogReader reader, long end) {}

    /**
     * Opens a stream.
     *
     * @param files the files by service; asked again from time to time if the stream follows
     * @param tail how many last lines of each to begin with; negative means all
     * @param mode whether to follow
     * @param onClose told once the stream is closed
     */
    FileLogStream(Supplier<Map<String, Path>> files, int tail, Mode mode, Consumer<FileLogStream> onClose) {
        this.files = files;
        this.mode = mode;
        this.onClose = onClose;
        files.get().forEach((name, file) -> sources.put(name, source(file, tail)));
    }

    private Source source(Path file, int tail) {
        long end = mode == Mode.FOLLOW ? Long.MAX_VALUE : LogReader.size(file);
        return new Source(file, new LogReader(file, LogTail.start(file, tail, mode, end)), end);
    }

    @Override
    public Optional<LogLine> next() throws InterruptedException {
        while (!isClosed()) {
            LogLine line = ready.poll();
            if (line != null) {
                return Optional.of(line);
            }
            if (mode == Mode.ONCE) {
                if (!readNext()) {
                    return Optional.empty();
                }
            } else if (!readEach()) {
                files.get().forEach(this::followAlso);
                if (closed.await(POLL.toMillis(), TimeUnit.MILLISECONDS)) {
                    break;
                }
            }
        }
        return Optional.empty();
    }

    /** A service that is new, or was forgotten and brought up again, has a file of another name. */
    private void followAlso(String name, Path file) {
        Source known = sources.get(name);
        if (known == null || !known.file().equals(file)) {
            sources.put(name, source(file, -1));
        }
    }

    /** Reads on in the first file that is not at its end. */
    private boolean readNext() {
        while (!sources.isEmpty()) {
            String name = sources.keySet().iterator().next();
            Source source = sources.get(name);
            Consumer<String> lines = text -> ready.add(new LogLine(name, text));
            if (source != null && source.reader().read(source.end(), lines)) {
                return true;
            }
            if (source != null) {
                source.reader().finish(lines);
            }
            sources.remove(name);
            if (!ready.isEmpty()) {
                return true;
            }
        }
        return false;
    }

    private boolean readEach() {
        boolean any = false;
        for (Map.Entry<String, Source> each : sources.entrySet()) {
            Consumer<String> lines = text -> ready.add(new LogLine(each.getKey(), text));
            any |= each.getValue().reader().read(each.getValue().end(), lines);
        }
        return any;
    }

    private boolean isClosed() {
        return closed.getCount() == 0;
    }

    @Override
    public void close() {
        closed.countDown();
        onClose.accept(this);
    }
}
