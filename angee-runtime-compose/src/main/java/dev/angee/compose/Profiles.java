package dev.angee.compose;

import dev.angee.plan.Dependency;
import dev.angee.plan.RuntimePlan;
import dev.angee.plan.Workload;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * In which profiles the entries of a Compose file are. Compose starts a service only if all it depends on is in an
 * active profile too, and does not even read a file in which that cannot be (2.26): so what others depend on is in the
 * profiles of those as well, and in none at all, which is always active, if one of those is in none. Jobs are in one of
 * their own, so that {@code up} passes them by.
 */
final class Profiles {
    private static final String JOB = "job";

    private final Map<String, Set<String>> byName = new TreeMap<>();

    private Profiles(RuntimePlan plan) {
        for (Workload workload : plan.workloads()) {
            Set<String> own = new TreeSet<>(workload.lifecycle().profiles());
            if (workload.isJob()) {
                own.add(JOB);
            }
            byName.put(workload.name(), own);
        }
        boolean changed = true;
        while (changed) {
            changed = false;
            for (Workload workload : plan.workloads()) {
                for (Dependency on : workload.dependencies()) {
                    changed |= plan.workload(on.name())
                            .filter(needed -> !needed.isJob() && spread(of(workload), of(needed)))
                            .isPresent();
                }
            }
        }
    }

    static Profiles of(RuntimePlan plan) {
        return new Profiles(plan);
    }

    private static boolean spread(Set<String> ofDependent, Set<String> ofNeeded) {
        if (ofNeeded.isEmpty()) {
            return false;
        }
        if (ofDependent.isEmpty()) {
            ofNeeded.clear();
            return true;
        }
        return ofNeeded.addAll(ofDependent);
    }

    /** Empty for what is always active. */
    Set<String> of(Workload workload) {
        return byName.getOrDefault(workload.name(), Set.of());
    }
}
