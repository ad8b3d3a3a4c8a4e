package dev.angee.process;

import dev.angee.AngeeException;
import dev.angee.runtime.LogLine;
import dev.angee.runtime.LogStream;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The log files of some services as one stream. Without following, one file after the other up to where it reached when
 * the stream was opened; following, a few KiB of each in turn, whenever {@link LogWatch} says that it has grown. Holds no
 * file open, and of what it has read only the latest piece: the file is the buffer.
 */
final class FileLogStream implements LogStream {
    private final LogWatch watch;
    private final Predicate<String> which;
    private final Mode mode;
    private final Consumer<FileLogStream> onClose;

    /** These three are the reader's alone. */
    private final Map<Path, Source> sources = new LinkedHashMap<>();

    private final Map<Path, ServiceLog> unread = new LinkedHashMap<>();
    private final Deque<LogLine> ready = new ArrayDeque<>();

    /** All below is guarded by this object's monitor, which nobody holds while reading files. */
    private final Set<Path> grown = new LinkedHashSet<>();

    private List<ServiceLog> offered = List.of();
    private boolean offeredNew;
    private @Nullable RuntimeException failure;
    private @Nullable AngeeException end;
    private boolean closed;

    /** Whether to wait for further lines. */
    enum Mode {
        ONCE,
        FOLLOW
    }

    /** One of the files. */
    private record Source(String workload, LogReader reader, long end) {}

    private FileLogStream(LogWatch watch, Predicate<String> which, Mode mode, Consumer<FileLogStream> onClose) {
        this.watch = watch;
        this.which = which;
        this.mode = mode;
        this.onClose = onClose;
    }

    /**
     * Opens a stream.
     *
     * @param watch what knows the files; asked again from time to time if the stream follows
     * @param which the workloads wanted
     * @param tail how many last lines of each file to begin with; negative means all
     * @param mode whether to follow
     * @param onClose told once the stream is closed
     */
    static FileLogStream open(
            LogWatch watch, Predicate<String> which, int tail, Mode mode, Consumer<FileLogStream> onClose) {
        FileLogStream stream = new FileLogStream(watch, which, mode, onClose);
        List<ServiceLog> logs = stream.wanted(watch.logs());
        logs.forEach(log -> stream.add(log, tail));
        stream.know(logs);
        if (mode == Mode.FOLLOW) {
            watch.follow(stream, logs);
        }
        return stream;
    }

    /** Those of the logs that this stream is about. */
    List<ServiceLog> wanted(List<ServiceLog> logs) {
        return logs.stream().filter(log -> which.test(log.workload())).toList();
    }

    private void add(ServiceLog log, int tail) {
        long end = mode == Mode.FOLLOW ? Long.MAX_VALUE : LogReader.size(log.file());
        sources.put(log.file(), new Source(log.workload(), LogReader.ofLast(log.file(), tail, mode, end), end));
        grow(log.file());
    }

    @Override
    public Optional<LogLine> next() throws InterruptedException {
        while (!isClosed()) {
            LogLine line = ready.poll();
            if (line != null) {
                return Optional.of(line);
            }
            if (mode == Mode.FOLLOW) {
                awaitGrown().ifPresent(this::readSome);
            } else {
                requireNoEnd();
                if (!readNext()) {
                    return Optional.empty();
                }
            }
        }
        return Optional.empty();
    }

    /** Reads on in the first file that is not at its end. */
    private boolean readNext() {
        while (!sources.isEmpty()) {
            Map.Entry<Path, Source> first = sources.entrySet().iterator().next();
            Source source = first.getValue();
            if (source.reader().read(source.end(), lines(source))) {
                return true;
            }
            source.reader().finish(lines(source));
            sources.remove(first.getKey());
            if (!ready.isEmpty()) {
                return true;
            }
        }
        return false;
    }

    /** Others have their turn before this one is read again. */
    private void readSome(Path file) {
        ServiceLog missing = unread.get(file);
        if (missing != null) {
            add(missing, -1);
            unread.remove(file);
        }
        Source source = sources.get(file);
        if (source != null && source.reader().read(source.end(), lines(source))) {
            grow(file);
        }
    }

    private Consumer<String> lines(Source source) {
        return text -> ready.add(new LogLine(source.workload(), text));
    }

    /** Waits for a file to have grown; nothing if there is something else to see to. */
    private Optional<Path> awaitGrown() throws InterruptedException {
        List<ServiceLog> logs;
        synchronized (this) {
            while (!closed && end == null && failure == null && !offeredNew && grown.isEmpty()) {
                wait();
            }
            requireNoEnd();
            if (failure != null) {
                RuntimeException thrown = failure;
                failure = null;
                throw thrown;
            }
            if (!offeredNew) {
                Optional<Path> first = grown.stream().findFirst();
                first.ifPresent(grown::remove);
                return first;
            }
            offeredNew = false;
            logs = offered;
        }
        replaceSources(logs);
        return Optional.empty();
    }

    /** A service that is new, or was forgotten and brought up again, has a file of another name. One that cannot be read keeps no other away; it is tried again when it has grown. */
    private void replaceSources(List<ServiceLog> logs) {
        sources.keySet().retainAll(logs.stream().map(ServiceLog::file).collect(Collectors.toSet()));
        unread.clear();
        RuntimeException first = null;
        for (ServiceLog log : logs) {
            try {
                if (!sources.containsKey(log.file())) {
                    add(log, -1);
                }
            } catch (RuntimeException e) {
                unread.put(log.file(), log);
                first = join(first, e);
            }
        }
        if (first != null) {
            throw first;
        }
    }

    private static RuntimeException join(@Nullable RuntimeException first, RuntimeException next) {
        if (first == null) {
            return next;
        }
        first.addSuppressed(next);
        return first;
    }

    private synchronized void know(List<ServiceLog> logs) {
        offered = logs;
    }

    /** These are the logs now. */
    synchronized void offer(List<ServiceLog> logs) {
        if (!logs.equals(offered)) {
            offered = logs;
            offeredNew = true;
            notifyAll();
        }
    }

    /** A log may hold more now. */
    synchronized void grow(Path file) {
        grown.add(file);
        notifyAll();
    }

    /** The logs cannot be found; who reads shall know. */
    synchronized void fail(RuntimeException problem) {
        failure = problem;
        notifyAll();
    }

    /** There is nobody any more to tell what the files hold; who reads is told why. */
    void end(AngeeException why) {
        synchronized (this) {
            end = why;
            notifyAll();
        }
        watch.unfollow(this);
        onClose.accept(this);
    }

    private synchronized void requireNoEnd() {
        if (end != null && !closed) {
            throw end;
        }
    }

    private synchronized boolean isClosed() {
        return closed;
    }

    @Override
    public void close() {
        synchronized (this) {
            closed = true;
            notifyAll();
        }
        watch.unfollow(this);
        onClose.accept(this);
    }
}
