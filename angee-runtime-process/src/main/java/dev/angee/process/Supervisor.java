package dev.angee.process;

import dev.angee.AngeeException;
import dev.angee.ErrorCode;
import dev.angee.plan.HealthCheck;
import dev.angee.runtime.EventStream;
import dev.angee.runtime.Health;
import dev.angee.runtime.RuntimeEvent;
import dev.angee.runtime.WorkloadState;
import dev.angee.runtime.WorkloadStatus;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Watches the services of one stack for one backend object: tries their health checks, and tells its event streams what
 * has changed, also when another JVM changed it. Has threads only while there is something to watch. Thread-safe.
 */
final class Supervisor implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Supervisor.class);
    private static final Duration TICK = Duration.ofMillis(250);
    private static final Duration LONGEST_CLOSE = Duration.ofSeconds(5);
    private static final int PROBE_THREADS = 4;

    private final ProcessViews views;
    private final Prober prober;
    private final Clock clock;
    private final ThreadPoolExecutor probes;

    /** Held while looking and publishing, so that events come in the order of what they tell. */
    private final ReentrantLock looking = new ReentrantLock();

    private Map<String, WorkloadStatus> last = Map.of();

    /** All below is guarded by this object's monitor, which nobody holds while reading files or probing. */
    private final Map<Marker, HealthWatch> watches = new LinkedHashMap<>();

    private final List<EventQueue> streams = new ArrayList<>();
    private long changes;
    private String complaint = "";
    private @Nullable Thread thread;
    private boolean closed;

    Supervisor(ProcessViews views, Prober prober, Clock clock) {
        this.views = views;
        this.prober = prober;
        this.clock = clock;
        this.probes = new ThreadPoolExecutor(
                PROBE_THREADS,
                PROBE_THREADS,
                2,
                TimeUnit.SECONDS,
                new LinkedBlockingQueue<>(),
                work -> daemon(work, "angee-probe"));
        probes.allowCoreThreadTimeOut(true);
    }

    /** What is true of all services now, with what the health checks have found so far. */
    List<WorkloadStatus> statuses() {
        return views.services().stream().map(this::status).toList();
    }

    private WorkloadStatus status(ProcessView view) {
        Health health = health(view);
        return view.status(health, health == Health.UNHEALTHY ? healthProblem(view) : "");
    }

    /** What the health check of a service has found; from now on it is tried. */
    synchronized Health health(ProcessView view) {
        if (!view.isProbed()) {
            return Health.NONE;
        }
        HealthWatch watch = watches.get(view.record().marker());
        if (watch != null) {
            return watch.health();
        }
        if (!closed) {
            HealthCheck check = view.record().workload().health().orElseThrow();
            watches.put(view.record().marker(), new HealthWatch(view.record(), check));
            ensureThread();
        }
        return Health.STARTING;
    }

    /** Why the last probe of a service failed; empty when it did not. */
    synchronized String healthProblem(ProcessView view) {
        HealthWatch watch = watches.get(view.record().marker());
        return watch == null ? "" : watch.problem();
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

    /** Looks now, and publishes what has changed since the last look. */
    void look() {
        looking.lock();
        try {
            List<ProcessView> now = views.services();
            forgetOthers(now);
            Map<String, WorkloadStatus> current = new LinkedHashMap<>();
            now.forEach(view -> current.put(view.record().name(), status(view)));
            List<RuntimeEvent> events = differences(last, current);
            last = current;
            if (!events.isEmpty()) {
                publish(events);
            }
        } finally {
            looking.unlock();
        }
    }

    private synchronized void forgetOthers(List<ProcessView> now) {
        watches.keySet()
                .retainAll(now.stream()
                        .filter(ProcessView::isProbed)
                        .map(view -> view.record().marker())
                        .toList());
    }

    private static List<RuntimeEvent> differences(
            Map<String, WorkloadStatus> before, Map<String, WorkloadStatus> current) {
        List<RuntimeEvent> events = new ArrayList<>();
        before.values().stream()
                .filter(status -> !current.containsKey(status.name()) && status.state() != WorkloadState.EXITED)
                .forEach(status -> events.add(new RuntimeEvent(status.name(), WorkloadState.EXITED, Health.NONE)));
        for (WorkloadStatus status : current.values()) {
            WorkloadStatus old = before.get(status.name());
            if (old == null
                    || old.state() != status.state()
                    || old.health() != status.health()
                    || !old.instance().equals(status.instance())) {
                events.add(new RuntimeEvent(status.name(), status.state(), status.health()));
            }
        }
        return events;
    }

    private synchronized void publish(List<RuntimeEvent> events) {
        streams.forEach(stream -> events.forEach(stream::add));
        wake();
    }

    /** Something may have changed. */
    synchronized void wake() {
        changes++;
        notifyAll();
    }

    /**
     * Waits until something may have changed, but not for long.
     *
     * @throws AngeeException {@code UNAVAILABLE} if the backend is closed: health will not be found out any more
     */
    void awaitChange(Duration moment) throws InterruptedException {
        if (!pause(moment)) {
            throw closed();
        }
    }

    private synchronized boolean pause(Duration moment) throws InterruptedException {
        Deadline deadline = Deadline.in(moment);
        long seen = changes;
        while (changes == seen && !closed && !deadline.isOver()) {
            wait(Math.max(1, deadline.left().toMillis()));
        }
        return !closed;
    }

    /** Ends the threads and streams; what is watched goes on. */
    @Override
    public void close() {
        List<EventQueue> open;
        Thread running;
        synchronized (this) {
            closed = true;
            running = thread;
            open = List.copyOf(streams);
            notifyAll();
        }
        open.forEach(EventQueue::close);
        probes.shutdownNow();
        prober.close();
        boolean interrupted = Thread.interrupted();
        try {
            if (running != null) {
                running.join(LONGEST_CLOSE.toMillis());
            }
            if (!probes.awaitTermination(LONGEST_CLOSE.toMillis(), TimeUnit.MILLISECONDS)) {
                LOG.warn("a health probe has not ended when its backend was closed");
            }
        } catch (InterruptedException e) {
            interrupted = true;
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private synchronized void ensureThread() {
        if (thread == null) {
            thread = daemon(this::run, "angee-process-supervisor");
            thread.start();
        }
    }

    private void run() {
        try {
            while (isNeeded()) {
                lookQuietly();
                pause(startProbes());
            }
        } catch (InterruptedException e) {
            LOG.debug("the supervisor's thread was interrupted", e);
        }
    }

    private synchronized boolean isNeeded() {
        boolean needed = !closed && !(watches.isEmpty() && streams.isEmpty());
        if (!needed) {
            thread = null;
        }
        return needed;
    }

    /** A record that cannot be read must not end the watching of the others; it is complained about once. */
    private void lookQuietly() {
        String problem = "";
        try {
            look();
        } catch (AngeeException e) {
            problem = String.valueOf(e.getMessage());
        }
        synchronized (this) {
            if (!problem.isEmpty() && !problem.equals(complaint)) {
                LOG.warn("cannot watch local processes: {}", problem);
            }
            complaint = problem;
        }
    }

    /** Starts the probes that are due, and says how long nothing more will be. */
    private synchronized Duration startProbes() {
        Duration pause = TICK;
        for (HealthWatch watch : watches.values()) {
            if (!closed && watch.begin()) {
                probes.execute(() -> probe(watch));
            }
            Duration left = watch.next().map(Deadline::left).orElse(TICK);
            pause = left.compareTo(pause) < 0 ? left : pause;
        }
        return pause;
    }

    private void probe(HealthWatch watch) {
        Health before = watch.health();
        try {
            watch.end(prober.probe(watch.record(), watch.check()), clock.instant());
        } catch (InterruptedException e) {
            LOG.debug("the probe of {} was interrupted", watch.record().name(), e);
            return;
        } catch (RuntimeException e) {
            watch.end(Optional.of("the probe failed: " + e.getMessage()), clock.instant());
        }
        if (watch.health() != before) {
            wake();
        }
    }

    private static AngeeException closed() {
        return new AngeeException(ErrorCode.UNAVAILABLE, "the backend is closed; open another");
    }

    private static Thread daemon(Runnable work, String name) {
        Thread thread = new Thread(work, name);
        thread.setDaemon(true);
        return thread;
    }
}
