package dev.angee.plan;

import dev.angee.RuntimeKind;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What is to run: the result of compiling a manifest, and all that a backend is given. A plain value; two compiles of
 * the same input are equal and print the same bytes.
 *
 * @param project the name that isolates this stack
 * @param root the absolute root of the stack
 * @param workloads services first, then jobs, each in name order
 * @param volumes the named volumes that containers mount, in name order
 * @param provenance where the values of the workloads were written, by manifest path such as {@code services.web.ports[0]}
 */
public record RuntimePlan(
        ProjectName project,
        Path root,
        List<Workload> workloads,
        List<String> volumes,
        Map<String, Provenance> provenance) {

    /** Copies the collections. */
    public RuntimePlan {
        workloads = List.copyOf(workloads);
        volumes = List.copyOf(volumes);
        provenance = Collections.unmodifiableMap(new LinkedHashMap<>(provenance));
    }

    /** The workload with this name, if the plan has one. */
    public Optional<Workload> workload(String name) {
        return workloads.stream().filter(w -> w.name().equals(name)).findFirst();
    }

    /** The part of this plan that one runtime runs; everything else stays as it is. */
    public RuntimePlan only(RuntimeKind runtime) {
        List<Workload> part =
                workloads.stream().filter(w -> w.runtime() == runtime).toList();
        return new RuntimePlan(project, root, part, runtime == RuntimeKind.CONTAINER ? volumes : List.of(), provenance);
    }

    /** Whether nothing is planned. */
    public boolean isEmpty() {
        return workloads.isEmpty();
    }

    /**
     * Where the value at a manifest path was written.
     *
     * @param path for example {@code services.web.ports[0]}
     */
    public Optional<Provenance> explain(String path) {
        return Optional.ofNullable(provenance.get(path));
    }
}
