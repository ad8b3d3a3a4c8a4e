package dev.angee.process;

import dev.angee.AngeeException;
import dev.angee.internal.FileLocks;
import dev.angee.process.ProcessRecord.Asked;
import dev.angee.workload.RestartPolicy;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
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
 * the one that has the seat, a lock. Its end frees the lock, and another takes over. Thread-safe.
 */
final class Supervisor implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Supervisor.class);
    private static final Duration HESITATION = Duration.ofMillis(250);
    private static final Duration LONGEST_CLOSE = Duration.ofSeconds(15);
    private static final Duration AFTER_NOTHING = Duration.ofMillis(500);
    private static final Duration AFTER_FAILURE = Duration.ofSeconds(2);
    private static final Duration BETWEEN_BOUNDS = Duration.ofMillis(250);
    private static final int WORKERS = 16;
    private static final String LOGS = "the logs";
    private static final String KEEPER = "the keeper";
    private static final String JOBS = "the jobs whose callers died";

    private final RecordStore store;
    private final Probes probes;
    private final Keeper keeper;
    private final Repair repair;
    private final BoundLogs logs;
    private final OrphanedJobs orphans;
    private final Clock clock;
    private final Runnable onChange;
    private final ThreadPoolExecutor workers;

    /** Beside the others, as those may wait long for services that do not want to end. */
    private final ThreadPoolExecutor logWorker;

    private final Set<String> busy = ConcurrentHashMap.newKeySet();
    private final Map<String, Deadline> pauses = new ConcurrentHashMap<>();
    private final Map<String, String> complaints = new ConcurrentHashMap<>();

    /** All below is guarded by this object's monitor. */
    private Deadline hesitation = Deadline.in(Duration.ZERO);

    private FileLocks.@Nullable Held seat;
    private boolean wanted;
    private int holds;
    private long terms;
    private boolean closed;

    Supervisor(
            RecordStore store,
            Probes probes,
            Keeper keeper,
            Repair repair,
            BoundLogs logs,
            OrphanedJobs orphans,
            Clock clock,
            Runnable onChange) {
        this.store = store;
        this.probes = probes;
        this.keeper = keeper;
        this.repair = repair;
        this.logs = logs;
        this.orphans = orphans;
        this.clock = clock;
        this.onChange = onChange;
        this.workers = pool(WORKERS, "angee-process-repair");
        this.logWorker = pool(1, "angee-process-logs");
    }

    private static ThreadPoolExecutor pool(int threads, String name) {
        ThreadPoolExecutor pool = new ThreadPoolExecutor(
                threads, threads, 2, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), work -> Probes.daemon(work, name));
        pool.allowCoreThreadTimeOut(true);
        return pool;
    }

    /** One of the things to do for a service. */
    private interface Work {
        /** Whether there was anything to do. */
        boolean run() throws InterruptedException;
    }

    /** While somebody changes services, the one who supervises stays, although there may be none to see at the moment. */
    final class Hold {
        private Hold() {
            holds++;
            terms++;
        }

        void close() {
            synchronized (Supervisor.this) {
                holds--;
            }
        }
    }

    /**
     * Takes over now, if nobody supervises: who changes something does not hesitate, while one who only looks may be gone in
     * a moment.
     *
     * @throws AngeeException {@code UNAVAILABLE} if what is to outlive this JVM cannot be started, or this was closed
     */
    synchronized Hold takeOver() {
        keeper.ensure();
        takeSeat();
        return new Hold();
    }

    private void takeSeat() {
        wanted = true;
        if (seat != null || closed) {
            return;
        }
        FileLocks.Held taken =
                FileLocks.tryTake(store.supervisorFile(), "supervise").orElse(null);
        if (taken == null) {
            return;
        }
        try {
            store.supervisedBy(keeper.ensure());
            seat = taken;
        } finally {
            if (seat == null) {
                taken.close();
            }
        }
    }

    private synchronized boolean hasTakenOver() {
        if (!wanted) {
            wanted = true;
            hesitation = Deadline.in(HESITATION);
        }
        if (hesitation.isOver()) {
            takeSeat();
        }
        return seat != null && !closed;
    }

    /** How often somebody has begun to change services. */
    synchronized long terms() {
        return terms;
    }

    /**
     * Does what is to be done now, if it is this one who supervises.
     *
     * @param views what is true now
     * @param terms those of before it was looked at
     * @param longest the time after which to call again at the latest
     * @return the time after which to call again
     */
    Duration attend(List<ProcessView> views, long terms, Duration longest) {
        List<Path> orphaned = orphans.logs();
        if (views.isEmpty() && orphaned.isEmpty()) {
            retire(terms);
            return longest;
        }
        if (!hasTakenOver()) {
            return longest;
        }
        work(workers, KEEPER, () -> {
            keeper.ensure();
            return false;
        });
        probes.watch(views);
        Duration pause = probes.startDue(longest);
        for (ProcessView view : views) {
            Duration left = attend(view).orElse(longest);
            pause = left.compareTo(pause) < 0 ? left : pause;
        }
        work(logWorker, LOGS, () -> {
            logs.keepBounded(views, orphaned);
            return false;
        });
        if (!orphaned.isEmpty()) {
            work(workers, JOBS, () -> {
                orphans.endOverdue(clock.instant());
                return false;
            });
        }
        return pause.compareTo(BETWEEN_BOUNDS) < 0 ? pause : BETWEEN_BOUNDS;
    }

    /** What there is to do for one service; when to look at it again, if that is known. */
    private Optional<Duration> attend(ProcessView view) {
        return switch (view.state()) {
            case RUNNING -> attendRunning(view);
            case RESTARTING -> attendEnded(view);
            case CREATED -> attendUnstarted(view);
            case STOPPING -> {
                boolean lifeless = view.record().asked() == Asked.LIFELESS;
                work(view, () -> lifeless ? repair.end(view) : repair.finishStop(view));
                yield Optional.empty();
            }
            case EXITED -> Optional.empty();
        };
    }

    private Optional<Duration> attendRunning(ProcessView view) {
        if (!view.findings().lifeless().isEmpty()) {
            work(view, () -> repair.end(view));
        } else if (store.hasLostOwner(view.record())) {
            work(view, () -> repair.endForGood(view));
        } else if (repair.hasSettled(view)) {
            work(view, () -> repair.settle(view));
        }
        return Optional.empty();
    }

    private Optional<Duration> attendEnded(ProcessView view) {
        Duration left = view.restart().map(rule -> rule.left(clock.instant())).orElse(Duration.ZERO);
        if (left.isZero()) {
            work(view, () -> repair.startAgain(view));
            return Optional.empty();
        }
        return Optional.of(left);
    }

    /** Somebody died between the intent and the start; if it is to run whatever happens, it is started now. */
    private Optional<Duration> attendUnstarted(ProcessView view) {
        RestartPolicy.Mode mode = view.record().workload().lifecycle().restart().mode();
        if (mode != RestartPolicy.Mode.NO) {
            work(view, () -> repair.completeStart(view));
        }
        return Optional.empty();
    }

    private void work(ProcessView view, Work work) {
        work(workers, view.name(), work);
    }

    /** Does it beside all else, once at a time for each service; not at once again what came to nothing. */
    private void work(ThreadPoolExecutor pool, String what, Work work) {
        Deadline pause = pauses.get(what);
        if ((pause != null && !pause.isOver()) || !busy.add(what)) {
            return;
        }
        pauses.remove(what);
        try {
            pool.execute(() -> {
                boolean done = false;
                try {
                    done = attempt(what, work);
                } finally {
                    busy.remove(what);
                    if (done) {
                        onChange.run();
                    }
                }
            });
        } catch (RejectedExecutionException e) {
            busy.remove(what); // it was closed: the next one sees to it
        }
    }

    private boolean attempt(String what, Work work) {
        Duration pause = AFTER_FAILURE;
        try {
            boolean done = work.run();
            complaints.remove(what);
            pause = done ? Duration.ZERO : what.equals(LOGS) ? BETWEEN_BOUNDS : AFTER_NOTHING;
            return done;
        } catch (InterruptedException e) {
            LOG.debug("interrupted at '{}'", what, e);
            return false;
        } catch (RuntimeException e) {
            if (Thread.currentThread().isInterrupted()) {
                LOG.debug("interrupted at '{}'", what, e); // files report it as a failure to write
                return false;
            }
            String problem = String.valueOf(e.getMessage());
            if (!problem.equals(complaints.put(what, problem))) {
                LOG.warn("cannot do what is due for {}, and try again: {}", what, problem);
                LOG.debug("cannot do what is due for {}", what, e);
            }
            return false;
        } finally {
            pauses.put(what, Deadline.in(pause));
        }
    }

    /** There is nothing to supervise any more, unless somebody has begun to change that since it was looked at. */
    private synchronized void retire(long seen) {
        if (holds == 0 && terms == seen) {
            leaveSeat();
            keeper.end();
            pauses.clear();
            complaints.clear();
            wanted = false;
        }
    }

    /** Whether anything has to be watched: services, or jobs that nobody else watches. */
    boolean isNeededFor(List<ProcessView> views) {
        return !views.isEmpty() || !orphans.logs().isEmpty();
    }

    private void leaveSeat() {
        if (seat != null) {
            seat.close();
            seat = null;
        }
    }

    /** Does nothing more from now on; what is under way is interrupted and waited for. */
    void stopWorking() {
        synchronized (this) {
            closed = true;
        }
        probes.close();
        workers.shutdownNow();
        logWorker.shutdownNow();
        boolean interrupted = Thread.interrupted();
        try {
            Deadline longest = Deadline.in(LONGEST_CLOSE);
            if (!workers.awaitTermination(longest.left().toMillis(), TimeUnit.MILLISECONDS)
                    || !logWorker.awaitTermination(longest.left().toMillis(), TimeUnit.MILLISECONDS)) {
                LOG.warn("what was due for a service was not done when its backend was closed");
            }
        } catch (InterruptedException e) {
            interrupted = true;
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /** Lets another one supervise. */
    @Override
    public synchronized void close() {
        keeper.close();
        leaveSeat();
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
