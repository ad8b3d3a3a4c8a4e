package dev.angee.stack;

import dev.angee.AngeeException;
import dev.angee.ErrorCode;
import dev.angee.RuntimeKind;
import dev.angee.operation.Progress;
import dev.angee.operation.ProgressListener;
import dev.angee.plan.Dependency;
import dev.angee.plan.RuntimePlan;
import dev.angee.plan.Workload;
import dev.angee.runtime.Backend;
import dev.angee.runtime.ExitStatus;
import dev.angee.runtime.RunOptions;
import dev.angee.runtime.Selection;
import dev.angee.runtime.UpOptions;
import dev.angee.secret.ResolvedSecrets;
import dev.angee.workload.Condition;
import dev.angee.workload.RunOn;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * One way up through the dependency graph of both runtimes. It goes in stages: as many services of one runtime as have
 * their dependencies in place or in the same stage go to their backend in one call, which orders them among
 * themselves; a job that something depends on is run when its turn comes.
 */
final class Ascent {
    private final Map<String, Workload> workloads;
    private final Map<RuntimeKind, RuntimePlan> parts = new EnumMap<>(RuntimeKind.class);
    private final Map<RuntimeKind, Backend> backends;
    private final Readiness readiness;
    private final Deadline deadline;
    private final ProgressListener listener;
    private final ResolvedSecrets secrets;
    private final Set<String> wanted;
    private final Set<String> done = new TreeSet<>();

    Ascent(
            RuntimePlan plan,
            Map<RuntimeKind, Backend> backends,
            Set<String> wanted,
            ResolvedSecrets secrets,
            Deadline deadline,
            ProgressListener listener) {
        this.workloads = byName(plan);
        this.backends = new EnumMap<>(backends);
        backends.keySet().forEach(runtime -> parts.put(runtime, plan.only(runtime)));
        this.readiness = new Readiness(plan, backends, secrets, deadline, listener);
        this.deadline = deadline;
        this.listener = listener;
        this.secrets = secrets;
        this.wanted = new TreeSet<>(wanted);
    }

    /**
     * The workloads that bringing up a selection starts: the selected services, with everything the jobs that run at each
     * {@code up}, and all they depend on. A workload with profiles is not selected by everything, unless one is active.
     */
    static Set<String> wanted(RuntimePlan plan, Selection which) {
        Map<String, Workload> workloads = byName(plan);
        Set<String> wanted = new TreeSet<>();
        Deque<String> open = new ArrayDeque<>();
        for (Workload workload : plan.workloads()) {
            if (isSelected(workload, which)) {
                open.add(workload.name());
            }
        }
        while (!open.isEmpty()) {
            String name = open.pop();
            if (wanted.add(name)) {
                dependencies(workloads, name).forEach(d -> open.add(d.name()));
            }
        }
        return wanted;
    }

    private static Map<String, Workload> byName(RuntimePlan plan) {
        Map<String, Workload> workloads = new LinkedHashMap<>();
        plan.workloads().forEach(workload -> workloads.put(workload.name(), workload));
        return workloads;
    }

    private static List<Dependency> dependencies(Map<String, Workload> workloads, String name) {
        return Optional.ofNullable(workloads.get(name))
                .map(Workload::dependencies)
                .orElse(List.of());
    }

    private static boolean isSelected(Workload workload, Selection which) {
        if (!which.isAll()) {
            return !workload.isJob() && which.includes(workload.name());
        }
        List<String> profiles = workload.lifecycle().profiles();
        boolean active = profiles.isEmpty() || profiles.stream().anyMatch(which.profiles()::contains);
        return active && (!workload.isJob() || workload.lifecycle().runOn() == RunOn.UP);
    }

    void run() throws InterruptedException {
        converge();
        while (!done.containsAll(wanted)) {
            if (!runNextJob() && !raiseNextStage()) {
                throw new IllegalStateException("no way on from " + done + " to " + wanted);
            }
        }
        readiness.await(services(wanted));
    }

    /**
     * Every backend hears of the whole plan first, also one with nothing to start: it removes what is not planned, which may
     * have what a job or another runtime's service needs. Where there is neither, the only stage says it all.
     */
    private void converge() throws InterruptedException {
        boolean oneStage = backends.size() == 1
                && !wanted.isEmpty()
                && wanted.stream().map(workloads::get).noneMatch(w -> w == null || w.isJob());
        if (oneStage) {
            return;
        }
        for (Map.Entry<RuntimeKind, Backend> each : backends.entrySet()) {
            UpOptions nothing =
                    UpOptions.defaults().only(Selection.of(Set.of())).within(deadline.left());
            each.getValue().up(part(each.getKey()), nothing);
        }
    }

    private boolean runNextJob() throws InterruptedException {
        for (Workload workload : workloads.values()) {
            if (workload.isJob() && isNext(workload) && done.containsAll(names(workload.dependencies()))) {
                awaitDependencies(Set.of(workload.name()));
                listener.on(new Progress.Starting(workload.name()));
                ExitStatus status = backend(workload.runtime()).run(workload, options(workload));
                if (!status.succeeded()) {
                    throw new AngeeException(
                            ErrorCode.FAILED,
                            "job '" + workload.name()
                                    + "' must complete before the rest can start, but ended with exit " + status.code()
                                    + ". Its last lines:\n" + Readiness.indent(secrets.mask(status.output())));
                }
                done.add(workload.name());
                return true;
            }
        }
        return false;
    }

    /** Within the job's own limit, and no longer than is left in all. */
    private RunOptions options(Workload job) {
        Duration left = deadline.left();
        Duration limit =
                job.lifecycle().timeout().filter(own -> own.compareTo(left) < 0).orElse(left);
        return RunOptions.defaults().within(limit).secrets(secrets);
    }

    private boolean raiseNextStage() throws InterruptedException {
        for (RuntimeKind runtime : RuntimeKind.values()) {
            Set<String> stage = stage(runtime);
            if (!stage.isEmpty()) {
                awaitDependencies(stage);
                UpOptions options = UpOptions.defaults()
                        .only(Selection.of(stage))
                        .within(deadline.left())
                        .secrets(secrets)
                        .telling(listener);
                backend(runtime).up(part(runtime), options);
                done.addAll(stage);
                return true;
            }
        }
        return false;
    }

    /** The services of a runtime that need only what is done and each other: what remains when all others are struck. */
    private Set<String> stage(RuntimeKind runtime) {
        Set<String> stage = workloads.values().stream()
                .filter(w -> !w.isJob() && w.runtime() == runtime && isNext(w))
                .map(Workload::name)
                .collect(Collectors.toCollection(TreeSet::new));
        Map<String, List<String>> dependents = new HashMap<>();
        Deque<String> struck = new ArrayDeque<>();
        for (String name : stage) {
            for (Dependency dependency : dependencies(workloads, name)) {
                if (stage.contains(dependency.name())) {
                    dependents
                            .computeIfAbsent(dependency.name(), each -> new ArrayList<>())
                            .add(name);
                } else if (!done.contains(dependency.name())) {
                    struck.add(name);
                }
            }
        }
        while (!struck.isEmpty()) {
            String name = struck.pop();
            if (stage.remove(name)) {
                struck.addAll(dependents.getOrDefault(name, List.of())); // what depends on it goes too
            }
        }
        return stage;
    }

    /** What lies outside the stage must have reached its condition; within it, the backend sees to that. */
    private void awaitDependencies(Set<String> stage) throws InterruptedException {
        Set<String> healthy = new TreeSet<>();
        for (String name : stage) {
            for (Dependency dependency : dependencies(workloads, name)) {
                if (dependency.condition() == Condition.HEALTHY && !stage.contains(dependency.name())) {
                    healthy.add(dependency.name());
                }
            }
        }
        readiness.await(healthy);
    }

    private boolean isNext(Workload workload) {
        return wanted.contains(workload.name()) && !done.contains(workload.name());
    }

    private Set<String> services(Set<String> names) {
        return names.stream()
                .filter(name -> Optional.ofNullable(workloads.get(name))
                        .filter(w -> !w.isJob())
                        .isPresent())
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static List<String> names(List<Dependency> dependencies) {
        return dependencies.stream().map(Dependency::name).toList();
    }

    private RuntimePlan part(RuntimeKind runtime) {
        return Objects.requireNonNull(parts.get(runtime), () -> "no backend for " + runtime);
    }

    private Backend backend(RuntimeKind runtime) {
        Backend backend = backends.get(runtime);
        if (backend == null) {
            throw new IllegalStateException("no backend for " + runtime);
        }
        return backend;
    }
}
