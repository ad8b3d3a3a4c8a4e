package dev.angee.stack;

import dev.angee.AngeeException;
import dev.angee.ErrorCode;
import dev.angee.RuntimeKind;
import dev.angee.operation.Progress;
import dev.angee.operation.ProgressListener;
import dev.angee.plan.RuntimePlan;
import dev.angee.plan.Workload;
import dev.angee.runtime.Backend;
import dev.angee.runtime.EventStream;
import dev.angee.runtime.Health;
import dev.angee.runtime.JobState;
import dev.angee.runtime.LogLine;
import dev.angee.runtime.LogQuery;
import dev.angee.runtime.LogStream;
import dev.angee.runtime.Selection;
import dev.angee.runtime.WorkloadState;
import dev.angee.runtime.WorkloadStatus;
import dev.angee.secret.ResolvedSecrets;
import dev.angee.workload.Condition;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** Waits until services are ready, and says with their own last words why they are not. */
final class Readiness {
    private static final Duration LOOK_AGAIN = Duration.ofSeconds(1);
    private static final int LAST_LINES = 10;

    private final RuntimePlan plan;
    private final Map<String, Workload> workloads = new HashMap<>();
    private final Map<RuntimeKind, Backend> backends;
    private final ResolvedSecrets secrets;
    private final Deadline deadline;
    private final ProgressListener listener;
    private final Set<String> told = new TreeSet<>();

    Readiness(
            RuntimePlan plan,
            Map<RuntimeKind, Backend> backends,
            ResolvedSecrets secrets,
            Deadline deadline,
            ProgressListener listener) {
        this.secrets = secrets;
        this.plan = plan;
        plan.workloads().forEach(workload -> workloads.put(workload.name(), workload));
        this.backends = backends;
        this.deadline = deadline;
        this.listener = listener;
    }

    /** Returns when all of them run and are healthy, or have done what they were to; fails as soon as one failed, or the time is over. */
    void await(Set<String> names) throws InterruptedException {
        for (Map.Entry<RuntimeKind, Backend> each : backends.entrySet()) {
            Set<String> own = new TreeSet<>(names);
            own.removeIf(name ->
                    workload(name).filter(w -> w.runtime() == each.getKey()).isEmpty());
            if (!own.isEmpty()) {
                await(each.getValue(), own);
            }
        }
    }

    private void await(Backend backend, Set<String> names) throws InterruptedException {
        Set<String> waiting = new TreeSet<>(names);
        strikeReady(backend, waiting);
        if (waiting.isEmpty()) {
            return;
        }
        try (EventStream events = backend.events()) {
            while (true) {
                strikeReady(backend, waiting);
                if (waiting.isEmpty()) {
                    return;
                }
                if (deadline.isOver()) {
                    String name = waiting.iterator().next();
                    throw failure(backend, name, "did not become healthy in time");
                }
                Duration left = deadline.left();
                boolean happened = events.poll(left.compareTo(LOOK_AGAIN) < 0 ? left : LOOK_AGAIN)
                        .isPresent();
                while (happened) { // one look for all that has happened
                    happened = events.poll(Duration.ZERO).isPresent();
                }
            }
        }
    }

    private void strikeReady(Backend backend, Set<String> waiting) throws InterruptedException {
        for (WorkloadStatus status : backend.status()) {
            String name = status.name();
            if (!waiting.contains(name)) {
                continue;
            }
            if (hasCompleted(status)) {
                waiting.remove(name);
                listener.on(new Progress.Ready(name));
                continue;
            }
            if (status.state() == WorkloadState.EXITED) {
                String code = status.exitCode().isPresent()
                        ? "exit " + status.exitCode().getAsInt()
                        : "";
                String why = code.isEmpty() || status.reason().isEmpty() ? "" : "; ";
                throw failure(backend, name, "has ended: " + code + why + status.reason());
            }
            if (status.health() == Health.UNHEALTHY) {
                throw failure(backend, name, "is unhealthy");
            }
            if (isThere(status)) {
                waiting.remove(name);
                listener.on(new Progress.Ready(name));
            } else if (told.add(name)) {
                listener.on(new Progress.WaitingFor(name, Condition.HEALTHY));
            }
        }
    }

    /** A service that is to do something once, as a job does: it has, unless it was to become healthy. */
    private boolean hasCompleted(WorkloadStatus status) {
        return status.state() == WorkloadState.EXITED
                && status.exitCode().isPresent()
                && workload(status.name())
                        .filter(w -> w.health().isEmpty())
                        .filter(w -> JobState.ofExit(w, status.exitCode().getAsInt()) == JobState.SUCCEEDED)
                        .isPresent();
    }

    /** A backend may not have taken notice of a health check yet; then no verdict is not a good one. */
    private boolean isThere(WorkloadStatus status) {
        boolean checked = workload(status.name()).flatMap(Workload::health).isPresent();
        return status.isReady() && (!checked || status.health() == Health.HEALTHY);
    }

    private Optional<Workload> workload(String name) {
        return Optional.ofNullable(workloads.get(name));
    }

    private AngeeException failure(Backend backend, String name, String what) throws InterruptedException {
        String origin = plan.explain("services." + name)
                .map(place -> " It is declared at " + place + ".")
                .orElse("");
        return new AngeeException(
                ErrorCode.FAILED,
                "service '" + name + "' " + secrets.mask(what) + "." + origin + " Its last lines:\n"
                        + indent(secrets.mask(lastLines(backend, name))));
    }

    private static String lastLines(Backend backend, String name) throws InterruptedException {
        List<String> lines = new ArrayList<>();
        try (LogStream logs =
                backend.logs(LogQuery.all().only(Selection.of(name)).tail(LAST_LINES))) {
            for (Optional<LogLine> line = logs.next(); line.isPresent(); line = logs.next()) {
                lines.add(line.get().text());
            }
        }
        return String.join("\n", lines);
    }

    static String indent(String text) {
        return text.isBlank() ? "  (none)" : "  " + text.stripTrailing().replace("\n", "\n  ");
    }
}
