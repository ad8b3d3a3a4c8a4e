package dev.angee.process;

import dev.angee.AngeeException;
import dev.angee.runtime.Health;
import dev.angee.runtime.WorkloadState;
import java.nio.file.Path;
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
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tries the checks of all services that run, and keeps what they find where everybody can read it. Has threads only while
 * there is something to try. Thread-safe.
 */
final class Probes implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Probes.class);
    private static final Duration LONGEST_CLOSE = Duration.ofSeconds(5);
    private static final int THREADS = 4;

    private final RecordStore store;
    private final Prober prober;
    private final Clock clock;
    private final Runnable onChange;
    private final ThreadPoolExecutor workers;
    private final Map<Marker, Watched> watched = new LinkedHashMap<>();

    /** What is tried of one start, and what was found so far. */
    private static final class Watched {
        private final Optional<HealthWatch> readiness;
        private final Optional<HealthWatch> liveness;
        private Findings findings;

        Watched(ProcessView view, Path log) {
            ProcessRecord record = view.record();
            this.findings = view.findings();
            this.readiness =
                    record.workload().health().map(check -> new HealthWatch(record, check, findings.health(), log));
            this.liveness =
                    record.workload().liveness().map(check -> new HealthWatch(record, check, Health.STARTING, log));
        }

        Stream<HealthWatch> watches() {
            return Stream.concat(readiness.stream(), liveness.stream());
        }
    }

    Probes(RecordStore store, Prober prober, Clock clock, Runnable onChange) {
        this.store = store;
        this.prober = prober;
        this.clock = clock;
        this.onChange = onChange;
        this.workers = new ThreadPoolExecutor(
                THREADS,
                THREADS,
                2,
                TimeUnit.SECONDS,
                new LinkedBlockingQueue<>(),
                work -> daemon(work, "angee-probe"));
        workers.allowCoreThreadTimeOut(true);
    }

    static Thread daemon(Runnable work, String name) {
        Thread thread = new Thread(work, name);
        thread.setDaemon(true);
        return thread;
    }

    /** Watches those that run, and nobody else any more. */
    synchronized void watch(List<ProcessView> views) {
        List<Marker> running = new ArrayList<>();
        for (ProcessView view : views) {
            if (view.state() == WorkloadState.RUNNING) {
                running.add(view.record().marker());
                watched.computeIfAbsent(view.record().marker(), marker -> new Watched(view, store.log(view.record())));
            }
        }
        watched.keySet().retainAll(running);
    }

    /** Starts the probes that are due, and says how long none will be. */
    synchronized Duration startDue(Duration longest) {
        Duration pause = longest;
        for (Watched each : watched.values()) {
            for (HealthWatch watch : each.watches().toList()) {
                if (!workers.isShutdown() && watch.begin()) {
                    workers.execute(() -> probe(each, watch));
                }
                Duration left = watch.next().map(Deadline::left).orElse(longest);
                pause = left.compareTo(pause) < 0 ? left : pause;
            }
        }
        return pause;
    }

    private void probe(Watched whose, HealthWatch watch) {
        Optional<String> found;
        try {
            found = prober.probe(watch);
        } catch (InterruptedException e) {
            LOG.debug("the probe of {} was interrupted", watch.record().name(), e);
            return;
        } catch (RuntimeException e) {
            found = Optional.of("the probe failed: " + e.getMessage());
        }
        watch.end(found, clock.instant());
        keep(whose, watch);
    }

    /** An interrupt means that another one will supervise from now on, and find it out again. */
    private void keep(Watched whose, HealthWatch watch) {
        Health health = watch.health();
        synchronized (this) {
            Findings before = whose.findings;
            whose.findings = whose.liveness.filter(watch::equals).isPresent()
                    ? before.lifeless(health == Health.UNHEALTHY ? "lifeless: " + watch.problem() : "")
                    : before.found(health, watch.problem());
            if (whose.findings.equals(before) || workers.isShutdown()) {
                return;
            }
            try {
                store.write(watch.record(), whose.findings);
            } catch (AngeeException e) {
                whose.findings = before;
                LOG.warn(
                        "cannot keep what was found out about '{}': {}",
                        watch.record().name(),
                        e.getMessage());
            }
        }
        onChange.run();
    }

    /** Ends what is tried now, and tries nothing more. */
    @Override
    public void close() {
        workers.shutdownNow();
        prober.close();
        boolean interrupted = Thread.interrupted();
        try {
            if (!workers.awaitTermination(LONGEST_CLOSE.toMillis(), TimeUnit.MILLISECONDS)) {
                LOG.warn("a health probe has not ended when its backend was closed");
            }
        } catch (InterruptedException e) {
            interrupted = true;
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
