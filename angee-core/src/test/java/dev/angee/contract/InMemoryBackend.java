package dev.angee.contract;

import dev.angee.AngeeException;
import dev.angee.ErrorCode;
import dev.angee.NotFoundException;
import dev.angee.RuntimeKind;
import dev.angee.operation.Progress;
import dev.angee.plan.Dependency;
import dev.angee.plan.RuntimePlan;
import dev.angee.plan.Workload;
import dev.angee.runtime.Artifact;
import dev.angee.runtime.Backend;
import dev.angee.runtime.BackendInfo;
import dev.angee.runtime.DownOptions;
import dev.angee.runtime.EventStream;
import dev.angee.runtime.ExitStatus;
import dev.angee.runtime.Feature;
import dev.angee.runtime.Health;
import dev.angee.runtime.JobRuns;
import dev.angee.runtime.LogQuery;
import dev.angee.runtime.LogStream;
import dev.angee.runtime.RunOptions;
import dev.angee.runtime.Selection;
import dev.angee.runtime.StartOptions;
import dev.angee.runtime.StopOptions;
import dev.angee.runtime.UpOptions;
import dev.angee.runtime.WorkloadState;
import dev.angee.runtime.WorkloadStatus;
import dev.angee.workload.Condition;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** A backend of an {@link InMemoryEngine}. What is above the seam is tested with it; it passes {@link BackendContract}. */
public final class InMemoryBackend implements Backend {
    /** It starts nothing again; what else it does not do leaves no trace. */
    private static final Set<Feature> FEATURES = EnumSet.complementOf(EnumSet.of(Feature.RESTART, Feature.REPLICAS));

    private static final Duration LOOK_AGAIN = Duration.ofMillis(10);

    private final RuntimeKind runtime;
    private final InMemoryProject project;
    private volatile boolean closed;

    InMemoryBackend(RuntimeKind runtime, InMemoryProject project) {
        this.runtime = runtime;
        this.project = project;
    }

    @Override
    public BackendInfo describe() {
        return BackendInfo.usable(runtime, "in memory").features(FEATURES);
    }

    @Override
    public Artifact compile(RuntimePlan plan) {
        String text = plan.isEmpty() ? "" : plan.workloads().toString() + "\n";
        return new Artifact("in-memory-" + runtime.id() + ".txt", text);
    }

    @Override
    public void up(RuntimePlan plan, UpOptions options) throws InterruptedException {
        List<Workload> planned =
                plan.workloads().stream().filter(w -> !w.isJob()).toList();
        Set<String> names = new TreeSet<>(planned.stream().map(Workload::name).toList());
        requireKnown(options.which(), names);
        project.changes().lockInterruptibly();
        try {
            for (String name : Set.copyOf(project.services().keySet())) {
                if (!names.contains(name)) {
                    project.services().get(name).stop(Duration.ZERO);
                    project.forget(name);
                }
            }
            Deque<Workload> waiting = new ArrayDeque<>(planned.stream()
                    .filter(w -> options.which().includes(w.name()))
                    .toList());
            long deadline = System.nanoTime() + options.timeout().toNanos();
            while (!waiting.isEmpty()) {
                Workload next = waiting.pop();
                if (dependenciesReached(next, names)) {
                    bringUp(next, options);
                } else if (System.nanoTime() > deadline) {
                    throw new AngeeException(ErrorCode.FAILED, "'" + next.name() + "' waits too long");
                } else {
                    waiting.addLast(next);
                    project.services().values().iterator().next().awaitEnd(LOOK_AGAIN);
                }
            }
        } finally {
            project.changes().unlock();
        }
    }

    private boolean dependenciesReached(Workload workload, Set<String> planned) {
        for (Dependency dependency : workload.dependencies()) {
            InMemoryProcess process = project.services().get(dependency.name());
            if (planned.contains(dependency.name())
                    && (process == null
                            || process.state() != WorkloadState.RUNNING
                            || (dependency.condition() == Condition.HEALTHY && process.health() != Health.HEALTHY))) {
                return false;
            }
        }
        return true;
    }

    private void bringUp(Workload workload, UpOptions options) throws InterruptedException {
        if (!InMemoryProcess.exists(workload.command())) {
            throw new AngeeException(ErrorCode.FAILED, "'" + workload.name() + "' has no such program");
        }
        InMemoryProcess process = project.services().get(workload.name());
        if (process != null && process.state() == WorkloadState.RUNNING) {
            if (!process.workload().needsRestartFor(workload)) {
                return;
            }
            process.stop(Duration.ZERO);
        }
        options.progress().on(new Progress.Starting(workload.name()));
        project.start(workload, options.secrets());
    }

    @Override
    public void start(Selection which, StartOptions options) throws InterruptedException {
        requireKnown(which, project.services().keySet());
        project.changes().lockInterruptibly();
        try {
            for (InMemoryProcess process : List.copyOf(project.services().values())) {
                if (which.includes(process.workload().name()) && process.state() == WorkloadState.EXITED) {
                    project.start(process.workload(), options.secrets());
                }
            }
        } finally {
            project.changes().unlock();
        }
    }

    @Override
    public void stop(Selection which, StopOptions options) throws InterruptedException {
        requireKnown(which, project.services().keySet());
        project.changes().lockInterruptibly();
        try {
            for (InMemoryProcess process : project.services().values()) {
                if (which.includes(process.workload().name())) {
                    process.stop(options.grace());
                }
            }
        } finally {
            project.changes().unlock();
        }
    }

    @Override
    public void down(DownOptions options) throws InterruptedException {
        project.changes().lockInterruptibly();
        try {
            for (InMemoryProcess process : List.copyOf(project.services().values())) {
                process.stop(options.grace());
                project.forget(process.workload().name());
            }
            project.jobs().endAndForgetAll(options.grace());
        } finally {
            project.changes().unlock();
        }
    }

    @Override
    public ExitStatus run(Workload job, RunOptions options) throws InterruptedException {
        return project.jobs().run(job, options);
    }

    @Override
    public Optional<JobRuns> jobRuns() {
        return Optional.of(project.jobs());
    }

    @Override
    public List<WorkloadStatus> status() {
        return project.status();
    }

    @Override
    public LogStream logs(LogQuery query) {
        requireKnown(query.which(), project.services().keySet());
        return new InMemoryStreams.Logs(project, query, () -> closed);
    }

    @Override
    public EventStream events() {
        return new InMemoryStreams.Events(project, () -> closed);
    }

    @Override
    public void close() {
        closed = true; // the engine keeps everything
    }

    private static void requireKnown(Selection which, Set<String> known) {
        for (String name : which.names()) {
            if (!known.contains(name)) {
                throw new NotFoundException("service", name, "known: " + known);
            }
        }
    }
}
