package dev.angee.plan;

import java.util.Map;

/** Prints a plan: one line a value, and behind it where it comes from. */
final class PlanPrinter {
    private final RuntimePlan plan;
    private final StringBuilder text = new StringBuilder();

    PlanPrinter(RuntimePlan plan) {
        this.plan = plan;
    }

    String print() {
        text.append("stack ")
                .append(plan.project())
                .append(" at ")
                .append(plan.root())
                .append('\n');
        for (PlannedVolume volume : plan.volumes()) {
            text.append("volume ")
                    .append(volume.name())
                    .append(" by ")
                    .append(WorkloadText.name(volume.driver()))
                    .append('\n');
        }
        plan.networks().forEach(name -> text.append("network ").append(name).append('\n'));
        plan.secrets().forEach(name -> text.append("secret ").append(name).append('\n'));
        plan.ordered().forEach(this::print);
        return text.toString();
    }

    private void print(Workload workload) {
        text.append(workload.isJob() ? "job " : "service ").append(workload.name());
        text.append(" (").append(workload.runtime().id()).append(')');
        origin(workload.path());
        for (Map.Entry<String, String> line : WorkloadText.of(workload).entrySet()) {
            text.append("  ").append(line.getKey()).append(": ").append(line.getValue());
            origin(workload.path() + "." + line.getKey());
        }
    }

    private void origin(String path) {
        plan.explain(path).ifPresent(origin -> text.append("  # ").append(origin));
        text.append('\n');
    }
}
