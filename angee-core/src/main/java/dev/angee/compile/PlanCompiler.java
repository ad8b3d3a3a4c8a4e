package dev.angee.compile;

import dev.angee.document.InvalidDocumentException;
import dev.angee.document.Problem;
import dev.angee.manifest.Manifest;
import dev.angee.manifest.WorkloadSpec;
import dev.angee.plan.PlannedMount;
import dev.angee.plan.ProjectName;
import dev.angee.plan.Provenance;
import dev.angee.plan.RuntimePlan;
import dev.angee.plan.Workload;
import dev.angee.plan.WorkloadKind;
import dev.angee.resolve.Bindings;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
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
     * @throws InvalidDocumentException with every value that cannot be planned
     */
    public RuntimePlan compile(Manifest manifest, Bindings bindings) {
        List<Problem> problems = new ArrayList<>();
        List<Workload> workloads = new ArrayList<>();
        for (WorkloadSpec spec : manifest.services().values()) {
            workloads.add(new WorkloadPlanner(manifest, bindings, spec, problems).plan(WorkloadKind.SERVICE));
        }
        for (WorkloadSpec spec : manifest.jobs().values()) {
            workloads.add(new WorkloadPlanner(manifest, bindings, spec, problems).plan(WorkloadKind.JOB));
        }
        if (!problems.isEmpty()) {
            throw new InvalidDocumentException(problems);
        }
        return new RuntimePlan(
                ProjectName.of(manifest.name(), bindings.root()),
                bindings.root(),
                workloads,
                List.copyOf(volumes(workloads)),
                provenance(manifest));
    }

    private static Set<String> volumes(List<Workload> workloads) {
        Set<String> names = new TreeSet<>();
        for (Workload workload : workloads) {
            for (PlannedMount mount : workload.mounts()) {
                if (mount instanceof PlannedMount.Volume volume) {
                    names.add(volume.name());
                }
            }
        }
        return names;
    }

    private static Map<String, Provenance> provenance(Manifest manifest) {
        Map<String, Provenance> places = new TreeMap<>();
        manifest.places().forEach((path, place) -> {
            if (path.startsWith("services.") || path.startsWith("jobs.")) {
                places.put(path, new Provenance(manifest.file(), place.line(), place.column()));
            }
        });
        return places;
    }
}
