package dev.angee.stack;

import dev.angee.RuntimeKind;
import dev.angee.document.InvalidDocumentException;
import dev.angee.document.Problem;
import dev.angee.plan.Provenance;
import dev.angee.plan.RuntimePlan;
import dev.angee.plan.Workload;
import dev.angee.runtime.BackendInfo;
import dev.angee.runtime.Feature;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Finds what workloads ask for and their backend does not do, before anything is started. */
final class FeatureCheck {
    private FeatureCheck() {}

    /**
     * Refuses what cannot be done.
     *
     * @param plan says where things were written
     * @param workloads those that are to be started
     * @param infos the backends
     * @throws InvalidDocumentException {@code UNSUPPORTED}, naming every field
     */
    static void check(RuntimePlan plan, Collection<Workload> workloads, Map<RuntimeKind, BackendInfo> infos) {
        List<Problem> problems = new ArrayList<>();
        for (Workload workload : workloads) {
            BackendInfo info = infos.get(workload.runtime());
            for (Feature feature : Feature.of(workload)) {
                if (info != null && !info.features().contains(feature)) {
                    problems.add(problem(plan, workload, feature, info));
                }
            }
        }
        if (!problems.isEmpty()) {
            throw new InvalidDocumentException(problems);
        }
    }

    private static Problem problem(RuntimePlan plan, Workload workload, Feature feature, BackendInfo info) {
        String path = workload.path() + "." + feature.field();
        Optional<Provenance> written = plan.explain(path);
        return new Problem(
                written.map(Provenance::file).orElse("plan"),
                written.map(Provenance::line).orElse(1),
                written.map(Provenance::column).orElse(1),
                path,
                "is not supported by " + info.name() + " yet; "
                        + written.filter(origin -> !origin.through().isEmpty())
                                .map(origin -> "it comes from " + String.join(", ", origin.through()))
                                .orElse("remove it"),
                Problem.Kind.UNSUPPORTED);
    }
}
