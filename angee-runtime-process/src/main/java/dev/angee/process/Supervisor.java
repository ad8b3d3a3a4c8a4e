package dev.angee.process;

import dev.angee.AngeeException;
import dev.angee.internal.FileLocks;
import dev.angee.process.ProcessRecord.Asked;
import dev.angee.workload.RestartPolicy;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Does what is to be done for the services of one stack while they run: tries their checks, starts them again, keeps their
 * logs bounded, and ends what somebody else has begun to end. Of all objects in all JVMs that look at the stack, one does it:
 * the one that has the lock. Its end frees the lock, and another takes over.
 */
final class Supervisor implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Supervisor.class);
    private static final Duration HESITATION = Duration.ofMillis(250);
    private static final Duration LONGEST_CLOSE = Duration.ofSeconds(15);
    private static final int WORKERS = 4;

    private final RecordStore store;
    private final Probes probes;
    private final Keeper keeper;
    private final Repair repair;
    private final BoundLogs logs;
    private final Clock clock;
    private final ThreadPoolExecutor workers;
    private final Set<String> busy = ConcurrentHashMap.newKeySet();
    private final Runnable onChange;

    /** All below is guarded by this object's monitor. */
    private Deadline hesitation = Deadline.in(Duration.ZERO);

    private FileLocks.@Nullable Held seat;
    private boolean wanted;
    private boolean closed;

    Supervisor(
            RecordStore store,
            Probes probes,
            Keeper keeper,
            Repair repair,
            BoundLogs logs,
            Clock clock,
            Runnable onChange) {
        this.store = store;
        this.probes = probes;
        this.keeper = keeper;
        this.repair = repair;
        this.logs = logs;
        this.clock = clock;
        this.onChange = onChange;
        this.workers = new ThreadPoolExecutor(
                WORKERS,
                WORKERS,
                2,
                TimeUnit.SECONDS,
                new LinkedBlockingQueue<>(),
                work -> Probes.daemon(work, "angee-process-repair"));
        workers.allowCoreThreadTimeOut(true);
    }

    /** One of the things to do for a service. */
    private interface Work {
        void run() throws InterruptedException;
    }

    /**
     * Takes over now, if nobody supervises: who changes something does not hesitate, while one who only looks may be gone in
     * a moment.
     */
    synchronized void takeOver() {
        hesitation = Deadline.in(Duration.ZERO);
        wanted = true;
        if (seat == null && !closed) {
            seat = FileLocks.tryTake(store.supervisorFile(), "supervise").orElse(null);
            if (seat != null) {
                keeper.begin();
            }
        }
    }

    private synchronized boolean hasTakenOver() {
        if (!wanted) {
            wanted = true;
            hesitation = Deadline.in(HESITATION);
        }
        if (hesitation.isOver()) {
            takeOver();
        }
        return seat != null && !closed;
    }

    /**
     * Does what is to be done now, if it is this one who supervises.
     *
     * @param views what is true now
     * @param longest the time after which to call again at the latest
     * @return the time after which to call again
     */
    Duration attend(List<ProcessView> views, Duration longest) throws InterruptedException {
        if (views.isEmpty()) {
            retire();
            return longest;
        }
        if (!hasTakenOver()) {
            return longest;
        }
        keeper.ensure();
        logs.list(views);
        work("every log", () -> logs.bound(views));
        probes.watch(views);
        Duration pause = probes.startDue(longest);
        for (ProcessView view : views) {
            Duration left = attend(view).orElse(longest);
            pause = left.compareTo(pause) < 0 ? left : pause;
        }
        return pause;
    }

    /** What there is to do for one service; when to look at it again, if that is known. */
    private Optional<Duration> attend(ProcessView view) {
        return switch (view.state()) {
            case RUNNING -> attendRunning(view);
            case RESTARTING -> attendEnded(view);
            case CREATED -> attendUnstarted(view);
            case STOPPING -> {
                work(view.name(), () -> repair.finishStop(view));
                yield Optional.empty();
            }
            case EXITED -> Optional.empty();
        };
    }

    private Optional<Duration> attendRunning(ProcessView view) {
        if (!view.findings().lifeless().isEmpty() || keeper.hasLostOwner(view.record())) {
            work(view.name(), () -> repair.end(view));
        }
        return Optional.empty();
    }

    private Optional<Duration> attendEnded(ProcessView view) {
        Duration left = view.restart().map(rule -> rule.left(clock.instant())).orElse(Duration.ZERO);
        if (left.isZero()) {
            work(view.name(), () -> repair.startAgain(view));
            return Optional.empty();
        }
        return Optional.of(left);
    }

    /** Somebody died between the intent and the start; if it is to run whatever happens, it is started now. */
    private Optional<Duration> attendUnstarted(ProcessView view) {
        RestartPolicy.Mode mode = view.record().workload().lifecycle().restart().mode();
        if (mode != RestartPolicy.Mode.NO && view.record().asked() == Asked.NOTHING) {
            work(view.name(), () -> repair.startAgain(view));
        }
        return Optional.empty();
    }

    /** Does it beside all else, once at a time for each service. */
    private void work(String what, Work work) {
        if (!busy.add(what)) {
            return;
        }
        try {
            workers.execute(() -> {
                try {
                    work.run();
                } catch (InterruptedException e) {
                    LOG.debug("interrupted at '{}'", what, e);
                } catch (AngeeException e) {
                    LOG.warn("cannot do what is due for '{}': {}", what, e.getMessage());
                } finally {
                    busy.remove(what);
                    onChange.run();
                }
            });
        } catch (RejectedExecutionException e) {
            busy.remove(what); // it was closed: the next one sees to it
        }
    }

    /** There is nothing to supervise any more. */
    private synchronized void retire() {
        if (seat != null) {
            keeper.end();
            seat.close();
            seat = null;
        }
        wanted = false;
    }

    /** Lets another one supervise. */
    @Override
    public void close() {
        synchronized (this) {
            closed = true;
        }
        probes.close();
        workers.shutdownNow();
        boolean interrupted = Thread.interrupted();
        try {
            if (!workers.awaitTermination(LONGEST_CLOSE.toMillis(), TimeUnit.MILLISECONDS)) {
                LOG.warn("what was due for a service was not done when its backend was closed");
            }
        } catch (InterruptedException e) {
            interrupted = true;
        }
        retire();
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /** Since when nobody supervises, as far as that is known; empty if somebody does. */
    Optional<String> unsupervisedSince() {
        synchronized (this) {
            if (seat != null) {
                return Optional.empty();
            }
        }
        return store.unsupervisedSince();
    }
}
