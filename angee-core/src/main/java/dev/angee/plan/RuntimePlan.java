package dev.angee.plan;

import dev.angee.RuntimeKind;
import dev.angee.secret.SecretName;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * What is to run: the result of compiling a manifest, and all that a backend is given. A plain value; two compiles of
 * the same input are equal and print the same bytes. Secrets are in it by name only.
 *
 * @param project the name that isolates this stack
 * @param root the absolute root of the stack
 * @param workloads services first, then jobs, each in name order
 * @param volumes the named volumes that containers mount, in name order
 * @param networks the networks that containers are on beside the stack's own, in name order
 * @param provenance where the values of the workloads were written, by manifest path such as {@code services.web.ports[0]}
 */
public record RuntimePlan(
        ProjectName project,
        Path root,
        List<Workload> workloads,
        List<PlannedVolume> volumes,
        List<String> networks,
        Map<String, Provenance> provenance) {

    /** Copies the collections. */
    public RuntimePlan {
        workloads = List.copyOf(workloads);
        Set<String> names = new HashSet<>();
        for (Workload workload : workloads) {
            if (!names.add(workload.name())) {
                throw new IllegalArgumentException("two workloads are called '" + workload.name() + "'");
            }
        }
        volumes = List.copyOf(volumes);
        networks = List.copyOf(networks);
        provenance = Collections.unmodifiableMap(new LinkedHashMap<>(provenance));
    }

    /** A plan of these workloads, with the volumes and networks that they name, and nothing known of where from. */
    public static RuntimePlan of(ProjectName project, Path root, List<Workload> workloads) {
        Set<String> volumes = new TreeSet<>();
        Set<String> networks = new TreeSet<>();
        for (Workload workload : workloads) {
            networks.addAll(workload.container().networks());
            for (PlannedMount mount : workload.mounts()) {
                if (mount instanceof PlannedMount.Volume volume) {
                    volumes.add(volume.name());
                }
            }
        }
        return new RuntimePlan(
                project,
                root,
                workloads,
                volumes.stream().map(name -> new PlannedVolume(name, "local")).toList(),
                List.copyOf(networks),
                Map.of());
    }

    /** The workload with this name, if the plan has one. */
    public Optional<Workload> workload(String name) {
        return workloads.stream().filter(w -> w.name().equals(name)).findFirst();
    }

    /** The part of this plan that one runtime runs; everything else stays as it is. */
    public RuntimePlan only(RuntimeKind runtime) {
        List<Workload> part =
                workloads.stream().filter(w -> w.runtime() == runtime).toList();
        boolean container = runtime == RuntimeKind.CONTAINER;
        return new RuntimePlan(
                project, root, part, container ? volumes : List.of(), container ? networks : List.of(), provenance);
    }

    /** The same plan under another project name. */
    public RuntimePlan as(ProjectName other) {
        return new RuntimePlan(other, root, workloads, volumes, networks, provenance);
    }

    /** The same plan with other workloads in place of its own. */
    public RuntimePlan with(List<Workload> others) {
        return new RuntimePlan(project, root, others, volumes, networks, provenance);
    }

    /** The same plan, in which every value that differs from an earlier plan's says what has changed it. */
    public RuntimePlan changedBy(String what, RuntimePlan earlier) {
        return new RuntimePlan(
                project, root, workloads, volumes, networks, PlanComparison.provenance(earlier, this, what));
    }

    /** Whether nothing is planned. */
    public boolean isEmpty() {
        return workloads.isEmpty();
    }

    /** The secrets that its workloads need, in name order. */
    public Set<SecretName> secrets() {
        Set<SecretName> names = new TreeSet<>();
        workloads.forEach(workload -> names.addAll(workload.secrets()));
        return names;
    }

    /**
     * Where the value at a manifest path was written, and what else had a say in it; for a path inside a value that was
     * written as a whole, where that was.
     *
     * @param path for example {@code services.web.ports[0]}
     */
    public Optional<Provenance> explain(String path) {
        String at = path;
        while (!provenance.containsKey(at)) {
            int cut = Math.max(at.lastIndexOf('.'), at.lastIndexOf('['));
            if (cut < 0) {
                return Optional.empty();
            }
            at = at.substring(0, cut);
        }
        return Optional.of(provenance.get(at));
    }

    /** The plan as text for people and for comparing: the same bytes for equal plans. */
    public String print() {
        return new PlanPrinter(this).print();
    }

    /** What bringing up another plan in place of this one would change, and why. */
    public List<PlanChange> diff(RuntimePlan next) {
        return new PlanComparison(this, next).changes();
    }

    /** All that needs a workload's own line in a list: its services, then its jobs. */
    List<Workload> ordered() {
        List<Workload> all = new ArrayList<>();
        workloads.stream().filter(w -> !w.isJob()).forEach(all::add);
        workloads.stream().filter(Workload::isJob).forEach(all::add);
        return all;
    }
}
