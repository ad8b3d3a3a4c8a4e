package dev.angee.process;

import dev.angee.AngeeException;
import dev.angee.runtime.Health;
import dev.angee.runtime.WorkloadState;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
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
    private static final int THREADS = 16;

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

        Watched(ProcessView view, Path log, Instant now) {
            ProcessRecord record = view.record();
            Duration ran = Duration.between(record.startedAt(), now);
            this.findings = view.findings();
            this.readiness = record.workload()
                    .health()
                    .map(check -> new HealthWatch(record, check, findings.health(), log, ran));
            this.liveness = record.workload()
                    .liveness()
                    .map(check -> new HealthWatch(record, check, Health.STARTING, log, ran));
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
        Set<Marker> running = new HashSet<>();
        for (ProcessView view : views) {
            if (view.state() == WorkloadState.RUNNING) {
                running.add(view.record().marker());
                watched.computeIfAbsent(
                        view.record().marker(), marker -> new Watched(view, store.log(view.record()), clock.instant()));
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
        Optional<String> found = Optional.of("the probe was not finished");
        try {
            found = prober.probe(watch);
        } catch (InterruptedException e) {
            LOG.debug("the probe of {} was interrupted", watch.record().name(), e);
            return;
        } catch (RuntimeException | StackOverflowError e) { // a regular expression may need too much of the stack
            LOG.debug("the probe of {} failed", watch.record().name(), e);
            found = Optional.of("the probe failed: " + (e.getMessage() == null ? e.toString() : e.getMessage()));
        } finally {
            watch.end(found);
        }
        keep(whose, watch);
    }

    /** An interrupt means that another one will supervise from now on, and find it out again. */
    private void keep(Watched whose, HealthWatch watch) {
        synchronized (this) {
            boolean isStillWatched = watched.get(watch.record().marker()) == whose;
            Findings before = whose.findings;
            whose.findings = found(whose, watch);
            if (whose.findings.equals(before) || !isStillWatched || workers.isShutdown()) {
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

    /** That one shows no life stays so: what follows has begun. */
    private static Findings found(Watched whose, HealthWatch watch) {
        Findings before = whose.findings;
        if (whose.liveness.filter(watch::equals).isEmpty()) {
            return before.found(watch.health(), watch.problem());
        }
        boolean lifeless =
                watch.health() == Health.UNHEALTHY && before.lifeless().isEmpty();
        return lifeless ? before.lifeless("lifeless: " + watch.problem()) : before;
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
