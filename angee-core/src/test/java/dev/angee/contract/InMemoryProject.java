package dev.angee.contract;

import dev.angee.RuntimeKind;
import dev.angee.plan.Workload;
import dev.angee.runtime.LogLine;
import dev.angee.runtime.RuntimeEvent;
import dev.angee.runtime.WorkloadStatus;
import dev.angee.secret.ResolvedSecrets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;

/** What an engine holds of one root: the processes, their logs, and who wants to hear of changes. */
final class InMemoryProject {
    private static final AtomicInteger INSTANCES = new AtomicInteger();

    private final RuntimeKind runtime;
    private final Map<String, InMemoryProcess> services = new ConcurrentHashMap<>();
    private final Map<String, List<LogLine>> logs = new ConcurrentHashMap<>();
    private final List<Consumer<RuntimeEvent>> listeners = new CopyOnWriteArrayList<>();
    private final InMemoryJobRuns jobs = new InMemoryJobRuns();
    private final ReentrantLock changes = new ReentrantLock();

    InMemoryProject(RuntimeKind runtime) {
        this.runtime = runtime;
    }

    ReentrantLock changes() {
        return changes;
    }

    Map<String, InMemoryProcess> services() {
        return services;
    }

    InMemoryJobRuns jobs() {
        return jobs;
    }

    void listen(Consumer<RuntimeEvent> listener) {
        listeners.add(listener);
    }

    void forgetListener(Consumer<RuntimeEvent> listener) {
        listeners.remove(listener);
    }

    void start(Workload workload, ResolvedSecrets secrets) {
        List<LogLine> log = logs.computeIfAbsent(workload.name(), name -> new CopyOnWriteArrayList<>());
        String instance = "memory-" + INSTANCES.incrementAndGet();
        services.put(
                workload.name(),
                InMemoryProcess.start(
                        workload,
                        secrets,
                        instance,
                        line -> log.add(new LogLine(workload.name(), line)),
                        () -> tell(workload.name())));
        tell(workload.name());
    }

    void forget(String name) {
        services.remove(name);
        logs.remove(name);
    }

    List<LogLine> log(String name) {
        return logs.getOrDefault(name, List.of());
    }

    List<WorkloadStatus> status() {
        List<WorkloadStatus> result = new ArrayList<>();
        new TreeMap<>(services).forEach((name, process) -> result.add(status(name, process)));
        return result;
    }

    private WorkloadStatus status(String name, InMemoryProcess process) {
        return new WorkloadStatus(
                name,
                runtime,
                process.state(),
                process.health(),
                process.exitCode(),
                0,
                Optional.of(process.startedAt()),
                Optional.empty(),
                false,
                process.instance(),
                "");
    }

    private void tell(String name) {
        InMemoryProcess process = services.get(name);
        if (process != null) {
            RuntimeEvent event = RuntimeEvent.of(status(name, process));
            listeners.forEach(listener -> listener.accept(event));
        }
    }
}
