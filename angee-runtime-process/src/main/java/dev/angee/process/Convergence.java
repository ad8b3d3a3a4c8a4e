package dev.angee.process;

import dev.angee.AngeeException;
import dev.angee.ErrorCode;
import dev.angee.plan.Dependency;
import dev.angee.plan.Workload;
import dev.angee.runtime.Health;
import dev.angee.runtime.WorkloadState;
import dev.angee.secret.ResolvedSecrets;
import dev.angee.workload.Condition;
import java.time.Clock;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** Makes services run as they are wanted, each as soon as what it depends on has come far enough. */
final class Convergence {
    private static final Duration GRACE = Duration.ofSeconds(10);
    private static final Duration POLL = Duration.ofMillis(100);
    private static final int LAST_LINES = 10;

    private final RecordStore store;
    private final ProcessViews views;
    private final Launcher launcher;
    private final Preflight preflight;
    private final Shutdown shutdown;
    private final Supervisor supervisor;
    private final Marker stack;
    private final Clock clock;

    Convergence(
            RecordStore store,
            ProcessViews views,
            Launcher launcher,
            Preflight preflight,
            Shutdown shutdown,
            Supervisor supervisor,
            Marker stack,
            Clock clock) {
        this.store = store;
        this.views = views;
        this.launcher = launcher;
        this.preflight = preflight;
        this.shutdown = shutdown;
        this.supervisor = supervisor;
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
     * @throws AngeeException {@code FAILED} if one cannot be started, a dependency can no longer reach its condition, or
     *     the time is up
     */
    void run(DependencyGraph wanted, ResolvedSecrets secrets, Deadline deadline) throws InterruptedException {
        Map<String, Workload> pending = new TreeMap<>();
        wanted.services().forEach(service -> pending.put(service.name(), service));
        while (!pending.isEmpty()) {
            if (startReady(wanted, pending, secrets, deadline)) {
                continue;
            }
            if (deadline.isOver()) {
                throw tooLate(pending, wanted);
            }
            supervisor.awaitChange(POLL);
        }
    }

    /** Starts those of the pending that need not wait, and takes them out. */
    private boolean startReady(
            DependencyGraph wanted, Map<String, Workload> pending, ResolvedSecrets secrets, Deadline deadline)
            throws InterruptedException {
        Map<String, ProcessView> now = look();
        boolean progress = false;
        for (Workload service : List.copyOf(pending.values())) {
            if (isReady(service, wanted, pending, now, secrets)) {
                ensureRunning(service, Optional.ofNullable(now.get(service.name())), secrets, deadline);
                pending.remove(service.name());
                now.remove(service.name()); // what was seen of it is of its start before
                progress = true;
            }
        }
        return progress;
    }

    private Map<String, ProcessView> look() {
        Map<String, ProcessView> byName = new LinkedHashMap<>();
        views.services().forEach(view -> byName.put(view.record().name(), view));
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
        boolean ended = dependency.state() == WorkloadState.EXITED;
        if (ended && !isSuccess(dependency)) {
            throw hopeless(dependent, dependency, "ended with " + code(dependency), secrets);
        }
        return ended;
    }

    private static boolean isSuccess(ProcessView ended) {
        OptionalInt code = ended.exitCode();
        Set<Integer> more = ended.record().workload().lifecycle().successExitCodes();
        return code.isPresent() && (code.getAsInt() == 0 || more.contains(code.getAsInt()));
    }

    private boolean isHealthy(Workload dependent, ProcessView dependency, ResolvedSecrets secrets) {
        if (dependency.state() == WorkloadState.EXITED) {
            throw hopeless(dependent, dependency, "ended with " + code(dependency) + " before it was healthy", secrets);
        }
        Health health = supervisor.health(dependency);
        if (health == Health.UNHEALTHY) {
            throw hopeless(
                    dependent, dependency, "is unhealthy (" + supervisor.healthProblem(dependency) + ")", secrets);
        }
        return health != Health.STARTING;
    }

    private static boolean runsAsWanted(Workload service, Optional<ProcessView> view) {
        return view.filter(v -> v.state() == WorkloadState.RUNNING)
                .filter(v -> !v.record().workload().needsRestartFor(service))
                .isPresent();
    }

    private void ensureRunning(Workload service, Optional<ProcessView> view, ResolvedSecrets secrets, Deadline deadline)
            throws InterruptedException {
        if (runsAsWanted(service, view)) {
            view.ifPresent(running -> store.write(running.record().planned(service)));
            return;
        }
        preflight.checkVariables(service, secrets); // it may have run as wanted when all were checked
        if (view.isPresent()) {
            Duration left = deadline.left();
            shutdown.end(List.of(view.get().record()), left.compareTo(GRACE) < 0 ? left : GRACE);
        }
        ProcessRecord fresh = ProcessRecord.intent(service, stack.part(), clock.instant());
        ProcessRecord intent = view.map(before -> fresh.after(before.record())).orElse(fresh);
        store.write(intent);
        view.ifPresent(before -> store.clearExit(before.record()));
        Process process = launcher.launch(intent, secrets).process();
        var unused = process.onExit().thenRun(supervisor::wake);
        supervisor.look();
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
        return view.exitCode().isPresent()
                ? "exit code " + view.exitCode().getAsInt()
                : "an unknown exit code (" + view.reason() + ")";
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
