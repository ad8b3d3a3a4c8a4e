package dev.angee.process;

import dev.angee.AngeeException;
import dev.angee.ErrorCode;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks after the logs of one stack for all who follow them: each file is looked at once a tick, however many follow it,
 * and only those are woken whose file has changed. Has a thread only while somebody follows. Thread-safe.
 */
final class LogWatch implements AutoCloseable {
    static final String THREAD = "angee-log-watch";

    private static final Logger LOG = LoggerFactory.getLogger(LogWatch.class);
    private static final Duration TICK = Duration.ofMillis(25);
    private static final int TICKS_A_LISTING = 10;
    private static final Duration LONGEST_CLOSE = Duration.ofSeconds(5);

    private final Supplier<List<ServiceLog>> logs;

    /** All below is guarded by this object's monitor, which nobody holds while looking at files. */
    private final Map<Path, Watched> watched = new LinkedHashMap<>();

    private final Set<FileLogStream> followers = new LinkedHashSet<>();
    private @Nullable List<ServiceLog> listed;
    private long arrivals;
    private @Nullable Thread thread;
    private boolean closed;

    /** A file, how large it was when it was last looked at, and who wants to know. */
    private static final class Watched {
        private long size = -1;
        private final Set<FileLogStream> readers = new LinkedHashSet<>();
    }

    /**
     * A watch without a thread.
     *
     * @param logs the logs of all services as they are now, in the order in which they are to be read; asked by any
     *     thread, a few times a second while somebody follows
     */
    LogWatch(Supplier<List<ServiceLog>> logs) {
        this.logs = logs;
    }

    /** All logs there are now. */
    List<ServiceLog> logs() {
        return logs.get();
    }

    /** From now on a stream is told what grows, and which logs there are. */
    synchronized void follow(FileLogStream stream, List<ServiceLog> files) {
        if (closed) {
            throw new AngeeException(ErrorCode.UNAVAILABLE, "the backend is closed; open another");
        }
        followers.add(stream);
        watch(stream, files);
        arrivals++;
        listed = null; // what this stream knows may be older, and must be compared
        if (thread == null) {
            thread = new Thread(this::run, THREAD);
            thread.setDaemon(true);
            thread.start();
        }
    }

    private void watch(FileLogStream stream, List<ServiceLog> files) {
        files.forEach(log -> watched.computeIfAbsent(log.file(), file -> new Watched())
                .readers
                .add(stream));
    }

    /** A stream is told nothing more; without any the thread ends. */
    synchronized void unfollow(FileLogStream stream) {
        if (followers.remove(stream)) {
            watched.values().forEach(each -> each.readers.remove(stream));
            watched.values().removeIf(each -> each.readers.isEmpty());
            notifyAll();
        }
    }

    private void run() {
        try {
            for (int tick = 0; isNeeded(); tick++) {
                if (tick % TICKS_A_LISTING == 0) {
                    list();
                }
                look();
                pause();
            }
        } catch (InterruptedException e) {
            LOG.debug("the thread that watches logs was interrupted", e);
        } finally {
            leave();
        }
    }

    private synchronized boolean isNeeded() {
        boolean needed = !closed && !followers.isEmpty();
        if (!needed) {
            thread = null;
        }
        return needed;
    }

    /** If the thread dies of something, those who wait shall know; the next who follows starts another. */
    private synchronized void leave() {
        if (thread == Thread.currentThread()) {
            thread = null;
            AngeeException death = new AngeeException(
                    ErrorCode.FAILED, "the thread that watches logs has ended; close this stream and open another");
            followers.forEach(stream -> stream.fail(death));
        }
    }

    private synchronized void pause() throws InterruptedException {
        Deadline tick = Deadline.in(TICK);
        while (!closed && !followers.isEmpty() && !tick.isOver()) {
            wait(Math.max(1, tick.left().toMillis()));
        }
    }

    /** What fails here must reach those who wait, and must not end the watching. */
    private void list() {
        long before = arrivals();
        try {
            offer(logs.get(), before);
        } catch (RuntimeException e) {
            synchronized (this) {
                followers.forEach(stream -> stream.fail(e));
            }
        }
    }

    private synchronized long arrivals() {
        return arrivals;
    }

    /** A list that is older than what a stream has begun with would take from it what it has: then the next one will do. */
    private synchronized void offer(List<ServiceLog> found, long before) {
        if (arrivals != before || found.equals(listed)) {
            return;
        }
        listed = found;
        watched.keySet().retainAll(found.stream().map(ServiceLog::file).collect(Collectors.toSet()));
        for (FileLogStream stream : followers) {
            List<ServiceLog> wanted = stream.wanted(found);
            watch(stream, wanted);
            stream.offer(wanted);
        }
    }

    private void look() {
        List<Path> files;
        synchronized (this) {
            files = List.copyOf(watched.keySet());
        }
        for (Path file : files) {
            long size = file.toFile().length();
            synchronized (this) {
                Watched each = watched.get(file);
                if (each != null && each.size != size) {
                    each.size = size;
                    each.readers.forEach(stream -> stream.grow(file));
                }
            }
        }
    }

    /** Ends the thread, and closes the streams of all who follow: they would wait for ever. */
    @Override
    public void close() {
        Thread running;
        List<FileLogStream> left;
        synchronized (this) {
            closed = true;
            running = thread;
            left = List.copyOf(followers);
            notifyAll();
        }
        left.forEach(FileLogStream::close); // not under our monitor: a stream has its own
        boolean interrupted = Thread.interrupted();
        try {
            if (running != null) {
                running.join(LONGEST_CLOSE.toMillis());
            }
        } catch (InterruptedException e) {
            interrupted = true;
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
