package dev.angee.stack;

import dev.angee.NotFoundException;
import dev.angee.RuntimeKind;
import dev.angee.plan.ProjectName;
import dev.angee.plan.RuntimePlan;
import dev.angee.plan.Workload;
import dev.angee.resolve.StackLayout;
import dev.angee.runtime.Backend;
import dev.angee.runtime.BackendInfo;
import dev.angee.runtime.DownOptions;
import dev.angee.runtime.Selection;
import dev.angee.runtime.WorkloadStatus;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** What of a stack was ever brought up and not taken down: known from its record, not from today's manifest. */
final class BroughtUp {
    private final StackLayout layout;
    private final Backends backends;

    BroughtUp(StackLayout layout, Backends backends) {
        this.layout = layout;
        this.backends = backends;
    }

    boolean isAnything() {
        return StackRecord.read(layout).isPresent();
    }

    /** The backends that may have something of this stack. */
    List<Backend> backends() {
        return StackRecord.read(layout)
                .map(record -> record.kinds().stream()
                        .map(kind -> backends.get(kind, record.projectName()))
                        .toList())
                .orElse(List.of());
    }

    /** The project that it is brought up as, or would be. */
    ProjectName project(RuntimePlan plan) {
        return StackRecord.read(layout).map(StackRecord::projectName).orElse(plan.project());
    }

    /** The backends for what is to be started, and for what may hold something that the plan no longer names. */
    Map<RuntimeKind, Backend> needed(List<Workload> started, ProjectName project) {
        EnumSet<RuntimeKind> runtimes = EnumSet.noneOf(RuntimeKind.class);
        started.forEach(workload -> runtimes.add(workload.runtime()));
        StackRecord.read(layout).ifPresent(record -> runtimes.addAll(record.kinds()));
        Map<RuntimeKind, Backend> needed = new EnumMap<>(RuntimeKind.class);
        runtimes.forEach(runtime -> needed.put(runtime, backends.get(runtime, project)));
        return needed;
    }

    /**
     * What is said of these backends.
     *
     * @throws AngeeException {@code UNAVAILABLE} if one cannot work here
     */
    static Map<RuntimeKind, BackendInfo> usable(Map<RuntimeKind, Backend> needed) {
        Map<RuntimeKind, BackendInfo> infos = new EnumMap<>(RuntimeKind.class);
        needed.forEach((runtime, backend) -> infos.put(runtime, Backends.usable(backend)));
        return infos;
    }

    /**
     * Takes down what is there of a stack whose record was lost, as far as its runtimes know it by its project.
     *
     * @return whether there was anything
     */
    boolean takeDownUnrecorded(ProjectName project, DownOptions options) throws InterruptedException {
        boolean any = false;
        for (RuntimeKind runtime : backends.kinds()) {
            Backend backend = backends.get(runtime, project);
            if (backend.describe().usable() && !backend.status().isEmpty()) {
                backend.down(options);
                any = true;
            }
        }
        return any;
    }

    /** Which backend has which of the selected services. */
    Map<Backend, Selection> split(Selection which) {
        Map<Backend, Selection> parts = new LinkedHashMap<>();
        Set<String> missing = new HashSet<>(which.names());
        for (Backend backend : backends()) {
            List<String> own = backend.status().stream()
                    .map(WorkloadStatus::name)
                    .filter(which::includes)
                    .toList();
            missing.removeAll(own);
            if (!own.isEmpty()) {
                parts.put(backend, Selection.of(own));
            }
        }
        if (!missing.isEmpty()) {
            throw new NotFoundException(
                    "service", missing.stream().sorted().toList().get(0), "bring it up first");
        }
        return parts;
    }

    /** Takes everything down before it reports what failed; only if nothing did, it is forgotten. */
    void takeDown(DownOptions options) throws InterruptedException {
        Optional<StackRecord> record = StackRecord.read(layout);
        if (record.isEmpty()) {
            return;
        }
        List<RuntimeException> failures = new ArrayList<>();
        for (RuntimeKind runtime : record.get().kinds()) {
            try {
                backends.get(runtime, record.get().projectName()).down(options);
            } catch (RuntimeException e) {
                failures.add(e);
            }
        }
        if (!failures.isEmpty()) {
            RuntimeException first = failures.remove(0);
            failures.forEach(first::addSuppressed);
            throw first;
        }
        StackRecord.forget(layout);
        backends.reset();
    }
}
