package dev.angee.compile;

import dev.angee.document.InvalidDocumentException;
import dev.angee.document.Place;
import dev.angee.document.Problem;
import dev.angee.expression.Expression;
import dev.angee.manifest.Manifest;
import dev.angee.manifest.VolumeSpec;
import dev.angee.manifest.WorkloadSpec;
import dev.angee.plan.PlannedMount;
import dev.angee.plan.PlannedVolume;
import dev.angee.plan.ProjectName;
import dev.angee.plan.Provenance;
import dev.angee.plan.PublishedPort;
import dev.angee.plan.RuntimePlan;
import dev.angee.plan.Workload;
import dev.angee.plan.WorkloadKind;
import dev.angee.resolve.Bindings;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Compiles a manifest to a plan. Pure: no files, clock, environment or network; equal arguments give equal plans.
 * Thread-safe.
 */
public final class PlanCompiler {

    /** A compiler; it has no state. */
    public PlanCompiler() {}

    /**
     * The plan for a manifest.
     *
     * @param manifest what is written
     * @param bindings what it names
     * @param transforms what is made of the plan then, in this order
     * @throws InvalidDocumentException with every value that cannot be planned
     */
    public RuntimePlan compile(Manifest manifest, Bindings bindings, List<PlanTransform> transforms) {
        List<Problem> problems = new ArrayList<>();
        List<Workload> workloads = new ArrayList<>();
        ServiceAddresses addresses = new ServiceAddresses(manifest, bindings.scope());
        for (WorkloadSpec spec : manifest.services().values()) {
            workloads.add(
                    new WorkloadPlanner(manifest, bindings, addresses, spec, problems).plan(WorkloadKind.SERVICE));
        }
        for (WorkloadSpec spec : manifest.jobs().values()) {
            workloads.add(new WorkloadPlanner(manifest, bindings, addresses, spec, problems).plan(WorkloadKind.JOB));
        }
        throwIfAny(problems);
        RuntimePlan plan = new RuntimePlan(
                project(manifest, bindings),
                bindings.root(),
                workloads,
                volumes(manifest, workloads),
                networks(workloads),
                provenance(manifest, bindings));
        for (PlanTransform transform : transforms) {
            plan = transform.apply(plan).changedBy("transform " + transform.name(), plan);
        }
        checkHostPorts(manifest, plan.workloads(), problems);
        throwIfAny(problems);
        return plan;
    }

    /**
     * By the root's path as the engine knows it: two containers may each have a stack of their own at one path, and the
     * engine outside must not take the one for the other.
     */
    private static ProjectName project(Manifest manifest, Bindings bindings) {
        Path root = bindings.hostPaths().find(bindings.root()).orElse(bindings.root());
        return ProjectName.of(manifest.name(), root);
    }

    private static void throwIfAny(List<Problem> problems) {
        if (!problems.isEmpty()) {
            throw new InvalidDocumentException(problems);
        }
    }

    /** Two workloads that publish one port of this host could never both run. */
    private static void checkHostPorts(Manifest manifest, List<Workload> workloads, List<Problem> problems) {
        Map<String, Map<String, String>> holders = new HashMap<>();
        for (Workload workload : workloads) {
            for (int i = 0; i < workload.ports().size(); i++) {
                PublishedPort port = workload.ports().get(i);
                String path = workload.path() + ".ports[" + i + "]";
                if (port.hostPort() > 0) {
                    Map<String, String> byAddress =
                            holders.computeIfAbsent(port.hostPort() + "/" + port.protocol(), key -> new TreeMap<>());
                    byAddress.forEach((address, other) -> {
                        if (address.equals(port.address()) || isAny(address) || isAny(port.address())) {
                            problems.add(manifest.problemAt(
                                    path,
                                    "host port " + port.hostPort() + " is published by " + other
                                            + " too; choose another, or lease one with ${alloc.<pool>}"));
                        }
                    });
                    byAddress.putIfAbsent(port.address(), path);
                }
            }
        }
    }

    private static boolean isAny(String address) {
        return address.equals("0.0.0.0") || address.equals("::");
    }

    private static List<PlannedVolume> volumes(Manifest manifest, List<Workload> workloads) {
        Set<String> names = new TreeSet<>();
        for (Workload workload : workloads) {
            for (PlannedMount mount : workload.mounts()) {
                if (mount instanceof PlannedMount.Volume volume) {
                    names.add(volume.name());
                }
            }
        }
        return names.stream()
                .map(name -> new PlannedVolume(name, driver(manifest, name)))
                .toList();
    }

    private static String driver(Manifest manifest, String volume) {
        return Optional.ofNullable(manifest.volumes().get(volume))
                .map(VolumeSpec::driver)
                .orElse("local");
    }

    private static List<String> networks(List<Workload> workloads) {
        Set<String> names = new TreeSet<>();
        workloads.forEach(workload -> names.addAll(workload.container().networks()));
        return List.copyOf(names);
    }

    private static Map<String, Provenance> provenance(Manifest manifest, Bindings bindings) {
        Map<String, Provenance> places = new TreeMap<>();
        manifest.places().forEach((path, place) -> {
            if (path.startsWith("services.") || path.startsWith("jobs.")) {
                places.put(path, Provenance.written(manifest.file(), place.line(), place.column()));
            }
        });
        List.of(manifest.services(), manifest.jobs())
                .forEach(specs -> specs.values().forEach(spec -> trace(manifest, bindings, spec, places)));
        return places;
    }

    /** Adds what the references in a workload's texts stand for, and its env files. */
    private static void trace(Manifest manifest, Bindings bindings, WorkloadSpec spec, Map<String, Provenance> places) {
        for (Map.Entry<String, Expression> each : spec.expressions().entrySet()) {
            for (String reference : each.getValue().references()) {
                String origin = bindings.origins().get(reference);
                Provenance written = places.get(each.getKey());
                if (origin != null && written != null) {
                    places.put(each.getKey(), written.through(reference + " from " + origin));
                }
            }
        }
        Place at = manifest.place(spec.path() + ".env_file");
        bindings.envFiles()
                .getOrDefault(spec.path(), Map.of())
                .keySet()
                .forEach(variable -> places.putIfAbsent(
                        spec.path() + ".env." + variable,
                        Provenance.written(manifest.file(), at.line(), at.column())
                                .through("env file")));
    }
}
