package dev.angee.process;

import dev.angee.AngeeException;
import dev.angee.ErrorCode;
import dev.angee.internal.FileLocks;
import dev.angee.operation.Progress;
import dev.angee.operation.ProgressListener;
import dev.angee.plan.Dependency;
import dev.angee.plan.Workload;
import dev.angee.runtime.Health;
import dev.angee.runtime.WorkloadState;
import dev.angee.secret.ResolvedSecrets;
import dev.angee.workload.Condition;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.TreeMap;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/** Makes services run as they are wanted, each as soon as what it depends on has come far enough. */
final class Convergence {
    private static final Duration GRACE = Duration.ofSeconds(10);
    private static final Duration POLL = Duration.ofMillis(100);
    private static final int LAST_LINES = 10;

    private final RecordStore store;
    private final Launcher launcher;
    private final Preflight preflight;
    private final Shutdown shutdown;
    private final Watcher watcher;
    private final Marker stack;
    private final Clock clock;

    Convergence(
            RecordStore store,
            Launcher launcher,
            Preflight preflight,
            Shutdown shutdown,
            Watcher watcher,
            Marker stack,
            Clock clock) {
        this.store = store;
        this.launcher = launcher;
        this.preflight = preflight;
        this.shutdown = shutdown;
        this.watcher = watcher;
        this.stack = stack;
        this.clock = clock;
    }

    /**
     * Checks those that do not run as wanted, before anything is changed.
     *
     * @param secrets the values of those that the services name
     * @throws AngeeException if one could not be started
     */
    void check(DependencyGraph wanted, ResolvedSecrets secrets) {
        Map<String, ProcessView> now = look();
        wanted.services().stream()
                .filter(service -> !runsAsWanted(service, Optional.ofNullable(now.get(service.name()))))
                .forEach(service -> preflight.checkService(service, secrets));
    }

    /**
     * Starts those that do not run as wanted, and returns when all are started.
     *
     * @param progress is told of each that is started, before it is
     * @throws AngeeException {@code FAILED} if one cannot be started, a dependency can no longer reach its condition, or
     *     the time is up
     */
    void run(DependencyGraph wanted, ResolvedSecrets secrets, Deadline deadline, ProgressListener progress)
            throws InterruptedException {
        Map<String, Workload> pending = new TreeMap<>();
        wanted.services().forEach(service -> pending.put(service.name(), service));
        while (!pending.isEmpty()) {
            long seen = watcher.changes();
            if (startReady(wanted, pending, secrets, deadline, progress)) {
                continue;
            }
            if (deadline.isOver()) {
                throw tooLate(pending, wanted);
            }
            watcher.awaitChange(seen, POLL);
        }
    }

    /** Starts those of the pending that need not wait, and takes them out. */
    private boolean startReady(
            DependencyGraph wanted,
            Map<String, Workload> pending,
            ResolvedSecrets secrets,
            Deadline deadline,
            ProgressListener progress)
            throws InterruptedException {
        Map<String, ProcessView> now = look();
        List<Workload> ready = pending.values().stream()
                .filter(service -> isReady(service, wanted, pending, now, secrets))
                .toList();
        List<Workload> anew = new ArrayList<>();
        for (Workload service : ready) {
            Optional<ProcessView> view = Optional.ofNullable(now.get(service.name()));
            if (!runsAsWanted(service, view)) {
                preflight.checkVariables(service, secrets); // it may have run as wanted when all were checked
                anew.add(service);
            } else {
                keep(view.orElseThrow().record(), service);
            }
        }
        anew.forEach(service -> progress.on(new Progress.Starting(service.name())));
        List<Workload> started = startAnew(anew, now, secrets, deadline);
        ready.stream()
                .filter(service -> !anew.contains(service) || started.contains(service))
                .forEach(service -> pending.remove(service.name()));
        return !ready.isEmpty();
    }

    /** Writes down what has changed of one that runs, unless it was started again meanwhile. */
    private void keep(ProcessRecord seen, Workload planned) throws InterruptedException {
        if (store.latest(seen).filter(seen.planned(planned)::equals).isPresent()) {
            return;
        }
        try (FileLocks.Held held = store.step("keep '" + seen.name() + "'")) {
            held.check();
            store.latest(seen)
                    .filter(now -> now.marker().equals(seen.marker()))
                    .ifPresent(now ->
                            store.write(seen.planned(planned).asked(now.asked()).attempts(now.attempts())));
        }
    }

    /**
     * Ends what is left of them, and starts them all at the same time; those excepted that somebody else has just started.
     *
     * @return those that were started
     */
    private List<Workload> startAnew(
            List<Workload> services, Map<String, ProcessView> now, ResolvedSecrets secrets, Deadline deadline)
            throws InterruptedException {
        if (services.isEmpty()) {
            return List.of();
        }
        Map<String, ProcessRecord> before = new TreeMap<>();
        services.forEach(service -> Optional.ofNullable(now.get(service.name()))
                .ifPresent(view -> before.put(service.name(), view.record())));
        Duration left = deadline.left();
        shutdown.end(List.copyOf(before.values()), left.compareTo(GRACE) < 0 ? left : GRACE, Shutdown.Until.REPLACED);
        try (FileLocks.Held held = store.step("start services")) {
            held.check();
            List<Workload> still = services.stream()
                    .filter(service -> isStillTheLatest(service, Optional.ofNullable(before.get(service.name()))))
                    .toList();
            List<Supplier<Process>> starts = new ArrayList<>();
            for (Workload service : still) {
                Optional<ProcessRecord> old = Optional.ofNullable(before.get(service.name()));
                starts.add(() -> start(service, old, secrets));
            }
            Starts.all(starts).forEach(this::wakeAtEnd);
            return still;
        } finally {
            watcher.begin();
        }
    }

    private boolean isStillTheLatest(Workload service, Optional<ProcessRecord> seen) {
        return store.service(service.name()).map(ProcessRecord::marker).equals(seen.map(ProcessRecord::marker));
    }

    private void wakeAtEnd(Process process) {
        var unused = process.onExit().thenRun(watcher::wake);
    }

    private Process start(Workload service, Optional<ProcessRecord> old, ResolvedSecrets secrets) {
        ProcessRecord fresh = ProcessRecord.intent(service, stack.part(), clock.instant());
        ProcessRecord intent = old.map(before -> fresh.after(before, LogReader.size(store.log(before))))
                .orElse(fresh);
        store.write(intent);
        old.ifPresent(store::clear);
        return launcher.launch(intent, secrets).process();
    }

    private Map<String, ProcessView> look() {
        Map<String, ProcessView> byName = new LinkedHashMap<>();
        watcher.look().forEach(view -> byName.put(view.name(), view));
        return byName;
    }

    /** What runs as wanted has nothing to wait for. */
    private boolean isReady(
            Workload service,
            DependencyGraph wanted,
            Map<String, Workload> pending,
            Map<String, ProcessView> now,
            ResolvedSecrets secrets) {
        if (runsAsWanted(service, Optional.ofNullable(now.get(service.name())))) {
            return true;
        }
        for (Dependency dependency : wanted.dependencies(service)) {
            ProcessView view = now.get(dependency.name());
            if (pending.containsKey(dependency.name())
                    || view == null
                    || !hasReached(dependency.condition(), service, view, secrets)) {
                return false;
            }
        }
        return true;
    }

    private boolean hasReached(
            Condition condition, Workload dependent, ProcessView dependency, ResolvedSecrets secrets) {
        return switch (condition) {
            case STARTED -> true;
            case COMPLETED -> hasCompleted(dependent, dependency, secrets);
            case HEALTHY -> isHealthy(dependent, dependency, secrets);
        };
    }

    private boolean hasCompleted(Workload dependent, ProcessView dependency, ResolvedSecrets secrets) {
        OptionalInt code = dependency.exitCode();
        boolean succeeded = code.isPresent() && RestartRule.isSuccess(dependency.record(), code.getAsInt());
        if (dependency.state() == WorkloadState.EXITED && !succeeded) {
            throw hopeless(dependent, dependency, "ended with " + code(dependency), secrets);
        }
        return dependency.hasEnded() && succeeded;
    }

    private boolean isHealthy(Workload dependent, ProcessView dependency, ResolvedSecrets secrets) {
        if (dependency.state() == WorkloadState.EXITED) {
            throw hopeless(dependent, dependency, "ended with " + code(dependency) + " before it was healthy", secrets);
        }
        if (dependency.health() == Health.UNHEALTHY) {
            throw hopeless(
                    dependent,
                    dependency,
                    "is unhealthy (" + dependency.findings().problem() + ")",
                    secrets);
        }
        return dependency.state() == WorkloadState.RUNNING && dependency.health() != Health.STARTING;
    }

    private static boolean runsAsWanted(Workload service, Optional<ProcessView> view) {
        return view.filter(v -> v.state() == WorkloadState.RUNNING)
                .filter(v -> !v.record().workload().needsRestartFor(service))
                .isPresent();
    }

    private AngeeException hopeless(Workload dependent, ProcessView dependency, String what, ResolvedSecrets secrets) {
        String name = dependency.record().name();
        String log = secrets.mask(LogTail.last(store.log(dependency.record()), LAST_LINES));
        return new AngeeException(
                ErrorCode.FAILED,
                "service '" + dependent.name() + "' cannot be started: '" + name + "', on which it depends, "
                        + secrets.mask(what) + (log.isEmpty() ? "; it wrote nothing" : "; it last wrote:\n" + log));
    }

    private static String code(ProcessView view) {
        return ProcessViews.ending(view.exitCode()) + (view.reason().isEmpty() ? "" : " (" + view.reason() + ")");
    }

    private AngeeException tooLate(Map<String, Workload> pending, DependencyGraph wanted) {
        List<String> waiting = pending.values().stream()
                .map(service -> "'" + service.name() + "' waits for "
                        + wanted.dependencies(service).stream()
                                .map(each -> each.name() + " " + each.condition())
                                .collect(Collectors.joining(", ")))
                .toList();
        return new AngeeException(
                ErrorCode.FAILED, "not all services could be started in time: " + String.join("; ", waiting));
    }
}
