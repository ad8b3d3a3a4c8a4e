package dev.angee.plan;

import dev.angee.plan.PlanChange.Effect;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** Compares two plans workload by workload, by the lines that they print as. */
final class PlanComparison {
    /** What is heeded when a workload is started next: it says nothing of one that runs. */
    private static final Set<String> NOT_OF_A_RUNNING_ONE = Set.of("depends_on", "profiles", "run_on", "timeout");

    private final RuntimePlan before;
    private final RuntimePlan after;

    PlanComparison(RuntimePlan before, RuntimePlan after) {
        this.before = before;
        this.after = after;
    }

    List<PlanChange> changes() {
        Map<String, Workload> old = byPath(before);
        Map<String, Workload> now = byPath(after);
        Set<String> paths = new TreeSet<>(old.keySet());
        paths.addAll(now.keySet());
        List<PlanChange> changes = new ArrayList<>();
        for (String path : paths) {
            Workload was = old.get(path);
            Workload is = now.get(path);
            if (was == null && is != null) {
                changes.add(new PlanChange(is.name(), Effect.ADDED, List.of()));
            } else if (was != null && is == null) {
                changes.add(new PlanChange(was.name(), Effect.REMOVED, List.of()));
            } else if (was != null && is != null) {
                PlanChange change = change(was, is);
                if (!change.reasons().isEmpty()) {
                    changes.add(change);
                }
            }
        }
        return changes;
    }

    private static Map<String, Workload> byPath(RuntimePlan plan) {
        Map<String, Workload> workloads = new TreeMap<>();
        plan.workloads().forEach(workload -> workloads.put(workload.path(), workload));
        return workloads;
    }

    private PlanChange change(Workload was, Workload is) {
        Map<String, String> old = WorkloadText.of(was);
        Map<String, String> now = WorkloadText.of(is);
        Set<String> fields = new LinkedHashSet<>(now.keySet());
        fields.addAll(old.keySet());
        List<String> reasons = new ArrayList<>();
        boolean restarts = was.runtime() != is.runtime();
        if (restarts) {
            reasons.add("runtime: " + was.runtime().id() + " → " + is.runtime().id() + place(is, "runtime"));
        }
        for (String field : fields) {
            String from = old.getOrDefault(field, "nothing");
            String to = now.getOrDefault(field, "nothing");
            if (!from.equals(to)) {
                reasons.add(field + ": " + from + " → " + to + place(is, field));
                restarts |= !is.isJob() && isOfARunningOne(field);
            }
        }
        return new PlanChange(is.name(), restarts ? Effect.RESTARTED : Effect.UPDATED, reasons);
    }

    /** The provenance of a plan, in which what differs from an earlier one has gone through something. */
    static Map<String, Provenance> provenance(RuntimePlan before, RuntimePlan after, String what) {
        Map<String, Workload> old = byPath(before);
        Map<String, Provenance> all = new TreeMap<>(after.provenance());
        for (Workload is : after.workloads()) {
            Workload was = old.get(is.path());
            if (was == null || was.equals(is)) {
                continue;
            }
            Map<String, String> lines = WorkloadText.of(was);
            WorkloadText.of(is).forEach((field, value) -> {
                String path = is.path() + "." + field;
                if (!value.equals(lines.get(field))) {
                    after.explain(path).ifPresent(origin -> all.put(path, origin.through(what)));
                }
            });
        }
        return all;
    }

    /** Whether a service that runs as it was would have to be started anew to be as it is now. */
    static boolean restarts(Workload was, Workload is) {
        return was.runtime() != is.runtime() || !ofARunningOne(was).equals(ofARunningOne(is));
    }

    private static Map<String, String> ofARunningOne(Workload workload) {
        Map<String, String> lines = new TreeMap<>(WorkloadText.of(workload));
        lines.keySet().removeIf(field -> !isOfARunningOne(field));
        return lines;
    }

    private static boolean isOfARunningOne(String field) {
        return !NOT_OF_A_RUNNING_ONE.contains(field.split("[.\\[]", 2)[0]);
    }

    private String place(Workload workload, String field) {
        return after.explain(workload.path() + "." + field)
                .map(origin -> "  # " + origin)
                .orElse("");
    }
}
