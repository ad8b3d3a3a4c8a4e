package dev.angee.process;

import dev.angee.AngeeException;
import dev.angee.ErrorCode;
import dev.angee.runtime.EventStream;
import dev.angee.runtime.RuntimeEvent;
import dev.angee.runtime.WorkloadState;
import dev.angee.runtime.WorkloadStatus;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks at the services of one stack for one backend object: tells its event streams what has changed, also when another
 * JVM changed it, and lets the {@link Supervisor} do what is to be done about it. Has a thread only while there is something
 * to watch. Thread-safe.
 */
final class Watcher implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Watcher.class);
    private static final Duration TICK = Duration.ofMillis(250);
    private static final Duration LONGEST_TICK = Duration.ofSeconds(2);
    private static final Duration LONGEST_CLOSE = Duration.ofSeconds(5);

    /** Looking takes one part in so many of a processor, at the most. */
    private static final int SHARE = 50;

    private final ProcessViews views;
    private final Supervisor supervisor;
    private final Changes changes;

    /** Held while looking and publishing, so that events come in the order of what they tell. */
    private final ReentrantLock looking = new ReentrantLock();

    private Map<String, WorkloadStatus> last = Map.of();

    /** All below is guarded by this object's monitor, which nobody holds while reading files. */
    private final List<EventQueue> streams = new ArrayList<>();

    private String complaint = "";
    private boolean somethingToWatch;
    private @Nullable Thread thread;
    private boolean closed;

    Watcher(ProcessViews views, Supervisor supervisor, Changes changes) {
        this.views = views;
        this.supervisor = supervisor;
        this.changes = changes;
    }

    /** What is true of all services now. */
    List<WorkloadStatus> statuses() {
        List<ProcessView> now = views.services(failure -> {
            throw failure;
        });
        if (!now.isEmpty()) {
            begin();
        }
        List<WorkloadStatus> statuses = Replicas.statuses(now);
        Optional<String> since = supervisor.unsupervisedSince();
        return since.isEmpty()
                ? statuses
                : statuses.stream()
                        .map(status -> unsupervised(status, since.get()))
                        .toList();
    }

    /** It runs on, but nobody tries its checks or starts it again. */
    private static WorkloadStatus unsupervised(WorkloadStatus status, String since) {
        if (status.state() != WorkloadState.RUNNING && status.state() != WorkloadState.RESTARTING) {
            return status;
        }
        String reason = (status.reason().isEmpty() ? "" : status.reason() + "; ") + "unsupervised since " + since;
        return status.because(reason);
    }

    /** There is something to watch from now on. */
    synchronized void begin() {
        somethingToWatch = true;
        ensureThread();
        changes.add();
    }

    /** A stream of all changes from now on. */
    EventStream events() {
        looking.lock();
        try {
            look();
            EventQueue stream = new EventQueue(this::remove);
            synchronized (this) {
                if (closed) {
                    throw closed();
                }
                streams.add(stream);
                ensureThread();
            }
            return stream;
        } finally {
            looking.unlock();
        }
    }

    private synchronized void remove(EventQueue stream) {
        streams.remove(stream);
    }

    /**
     * Looks now, and publishes what has changed since the last look.
     *
     * @throws AngeeException {@code UNAVAILABLE} if a record cannot be read
     */
    List<ProcessView> look() {
        return look(failure -> {
            throw failure;
        });
    }

    private List<ProcessView> look(Consumer<AngeeException> damaged) {
        looking.lock();
        try {
            List<ProcessView> now = views.services(damaged);
            Map<String, WorkloadStatus> current = new LinkedHashMap<>();
            Replicas.statuses(now).forEach(status -> current.put(status.name(), status));
            List<RuntimeEvent> events = differences(last, current);
            last = current;
            if (!events.isEmpty()) {
                publish(events);
            }
            return now;
        } finally {
            looking.unlock();
        }
    }

    private static List<RuntimeEvent> differences(
            Map<String, WorkloadStatus> before, Map<String, WorkloadStatus> current) {
        List<RuntimeEvent> events = new ArrayList<>();
        before.values().stream()
                .filter(status -> !current.containsKey(status.name()) && status.state() != WorkloadState.EXITED)
                .forEach(status -> events.add(RuntimeEvent.ended(status.name())));
        for (WorkloadStatus status : current.values()) {
            WorkloadStatus old = before.get(status.name());
            if (old == null
                    || old.state() != status.state()
                    || old.health() != status.health()
                    || !old.instance().equals(status.instance())) {
                events.add(RuntimeEvent.of(status));
            }
        }
        return events;
    }

    private synchronized void publish(List<RuntimeEvent> events) {
        streams.forEach(stream -> events.forEach(stream::add));
        wake();
    }

    /** Something may have changed. */
    void wake() {
        changes.add();
    }

    /**
     * Waits until something may have changed, but not for long.
     *
     * @throws AngeeException {@code UNAVAILABLE} if the backend is closed: health will not be found out any more
     */
    void awaitChange(long seen, Duration moment) throws InterruptedException {
        if (!changes.await(seen, moment)) {
            throw closed();
        }
    }

    /** How many changes there were so far. */
    long changes() {
        return changes.count();
    }

    /** Ends the thread and the streams; what is watched goes on, and others may supervise it. */
    @Override
    public void close() {
        List<EventQueue> open;
        Thread running;
        synchronized (this) {
            closed = true;
            running = thread;
            open = List.copyOf(streams);
            streams.clear();
        }
        changes.close();
        open.forEach(each -> each.end(closed()));
        supervisor.stopWorking();
        boolean interrupted = Thread.interrupted();
        try {
            if (running != null) {
                running.join(LONGEST_CLOSE.toMillis());
            }
        } catch (InterruptedException e) {
            interrupted = true;
        }
        supervisor.close();
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private void ensureThread() {
        if (thread == null && !closed) {
            thread = Probes.daemon(this::run, "angee-process-supervisor");
            thread.start();
        }
    }

    private void run() {
        try {
            while (isNeeded()) {
                long seen = changes.count();
                long begin = System.nanoTime();
                Duration pause = attend();
                Duration effort = Duration.ofNanos(System.nanoTime() - begin);
                Duration share = effort.multipliedBy(SHARE);
                Duration most = share.compareTo(LONGEST_TICK) > 0 ? LONGEST_TICK : share;
                Duration tick = most.compareTo(TICK) > 0 ? most : TICK;
                changes.await(seen, pause.compareTo(tick) < 0 ? pause : tick);
                Deadline.in(effort).pause(effort); // however much happens, half of a processor is enough
            }
        } catch (InterruptedException e) {
            LOG.debug("the supervisor's thread was interrupted", e);
        }
    }

    private synchronized boolean isNeeded() {
        boolean needed = !closed && (somethingToWatch || !streams.isEmpty());
        if (!needed) {
            thread = null;
        }
        return needed;
    }

    /** What fails for one must not end the watching of the others; it is complained about once. */
    private Duration attend() throws InterruptedException {
        List<String> problems = new ArrayList<>();
        Duration pause = LONGEST_TICK;
        try {
            long before = changes.count();
            long terms = supervisor.terms();
            List<ProcessView> now = look(damaged -> problems.add(String.valueOf(damaged.getMessage())));
            if (problems.isEmpty() || !now.isEmpty()) {
                pause = supervisor.attend(now, terms, LONGEST_TICK);
            }
            if (problems.isEmpty() && !supervisor.isNeededFor(now)) {
                stopWatching(before);
            }
        } catch (AngeeException e) {
            problems.add(String.valueOf(e.getMessage()));
        }
        complain(String.join("; ", problems));
        return pause;
    }

    private synchronized void complain(String problem) {
        if (!problem.isEmpty() && !problem.equals(complaint)) {
            LOG.warn("cannot watch local processes: {}", problem);
        }
        complaint = problem;
    }

    private synchronized void stopWatching(long seen) {
        if (changes.count() == seen) {
            somethingToWatch = false;
        }
    }

    /** Fails if this was closed. */
    synchronized void requireOpen() {
        if (closed) {
            throw closed();
        }
    }

    static AngeeException closed() {
        return new AngeeException(ErrorCode.UNAVAILABLE, "the backend is closed; open another");
    }
}
