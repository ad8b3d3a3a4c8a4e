package dev.angee.manifest;

import dev.angee.internal.yaml.Problems;
import dev.angee.internal.yaml.Suggestion;
import dev.angee.manifest.DependencySpec.DependencyCondition;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** Finds names that nothing has, names that two things have, and cycles. */
final class ReferenceCheck {
    private final Manifest manifest;
    private final Problems problems;
    private final TreeMap<String, WorkloadSpec> workloads = new TreeMap<>();

    ReferenceCheck(Manifest manifest, Problems problems) {
        this.manifest = manifest;
        this.problems = problems;
        workloads.putAll(manifest.jobs());
        workloads.putAll(manifest.services());
    }

    void run() {
        for (WorkloadSpec job : manifest.jobs().values()) {
            if (manifest.services().containsKey(job.name())) {
                report(job.path(), "a service has this name too; a job needs another");
            }
        }
        List.of(manifest.services(), manifest.jobs())
                .forEach(map -> map.values().forEach(spec -> {
                    checkDependencies(spec);
                    for (int i = 0; i < spec.mounts().size(); i++) {
                        checkUri(
                                spec.path() + ".mounts[" + i + "]",
                                spec.mounts().get(i).text());
                    }
                    spec.workdir().ifPresent(workdir -> checkUri(spec.path() + ".workdir", workdir.text()));
                }));
        for (WorkspaceSpec workspace : manifest.workspaces().values()) {
            for (SlotSpec slot : workspace.sources().values()) {
                checkDeclared(
                        "workspaces." + workspace.name() + ".sources." + slot.slot() + ".source",
                        "source",
                        slot.source(),
                        manifest.sources().keySet());
            }
        }
        findCycles();
    }

    private void checkDependencies(WorkloadSpec spec) {
        for (DependencySpec dependency : spec.dependencies()) {
            String path = spec.path() + ".depends_on";
            WorkloadSpec target = workloads.get(dependency.name());
            if (target == null) {
                Set<String> others = new TreeSet<>(workloads.keySet());
                others.remove(spec.name());
                report(
                        path,
                        "'" + dependency.name() + "' is not declared"
                                + Suggestion.among(others, "declared", dependency.name()));
                continue;
            }
            boolean job = manifest.jobs().containsKey(dependency.name());
            dependency.condition().ifPresent(condition -> checkCondition(path, target, job, condition));
        }
    }

    private void checkCondition(String path, WorkloadSpec target, boolean job, DependencyCondition condition) {
        if (job != (condition == DependencyCondition.COMPLETED)) {
            report(
                    path,
                    "'" + target.name() + "' is a "
                            + (job
                                    ? "job: its condition is 'completed'"
                                    : "service: its condition is 'started' or 'healthy'"));
        } else if (condition == DependencyCondition.HEALTHY
                && target.healthCheck().isEmpty()) {
            report(path, "'" + target.name() + "' has no healthcheck that could make it healthy");
        }
    }

    /** The name in {@code source://name…}, {@code workspace://name…}, {@code volume://name…} must be declared. */
    private void checkUri(String path, String uri) {
        int scheme = uri.indexOf("://");
        if (scheme < 0) {
            return;
        }
        String rest = uri.substring(scheme + 3);
        String name = rest.split("[/:]", 2)[0];
        if (name.contains("${")) {
            return;
        }
        switch (uri.substring(0, scheme)) {
            case "source" ->
                checkDeclared(path, "source", name, manifest.sources().keySet());
            case "workspace" ->
                checkDeclared(path, "workspace", name, manifest.workspaces().keySet());
            case "volume" -> checkDeclared(path, "volume", name, manifest.volumes());
            default -> {
                // bind:// names no declared thing, and an unknown scheme is the mount parser's to refuse
            }
        }
    }

    private void checkDeclared(String path, String kind, String name, Set<String> declared) {
        if (!declared.contains(name)) {
            report(path, kind + " '" + name + "' is not declared" + Suggestion.among(declared, "declared", name));
        }
    }

    private void findCycles() {
        Set<String> done = new HashSet<>();
        for (String name : workloads.keySet()) {
            walk(name, new ArrayDeque<>(), done).ifPresent(this::reportCycle);
        }
    }

    private void reportCycle(List<String> cycle) {
        String place = manifest.workload(cycle.get(0)).orElseThrow().path() + ".depends_on";
        report(place, "goes round in a circle: " + String.join(" → ", cycle));
    }

    private Optional<List<String>> walk(String name, Deque<String> path, Set<String> done) {
        if (path.contains(name)) {
            List<String> cycle = new ArrayList<>(path);
            cycle = new ArrayList<>(cycle.subList(cycle.indexOf(name), cycle.size()));
            cycle.add(name);
            return Optional.of(cycle);
        }
        WorkloadSpec spec = workloads.get(name);
        if (spec == null || !done.add(name)) {
            return Optional.empty();
        }
        path.addLast(name);
        for (DependencySpec dependency : spec.dependencies()) {
            Optional<List<String>> cycle = walk(dependency.name(), path, done);
            if (cycle.isPresent()) {
                return cycle;
            }
        }
        path.removeLast();
        return Optional.empty();
    }

    private void report(String path, String message) {
        problems.add(manifest.problemAt(path, message));
    }
}
