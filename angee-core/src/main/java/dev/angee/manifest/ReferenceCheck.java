package dev.angee.manifest;

import dev.angee.internal.Suggestion;
import dev.angee.internal.yaml.Problems;
import dev.angee.workload.Condition;
import dev.angee.workload.RunOn;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
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
        for (Map<String, WorkloadSpec> specs : List.of(manifest.services(), manifest.jobs())) {
            for (WorkloadSpec spec : specs.values()) {
                checkDependencies(spec);
                checkMounts(spec);
                if (spec.lifecycle().runOn() == RunOn.UP && !spec.inputs().isEmpty()) {
                    report(
                            spec.path() + ".run_on",
                            "it takes inputs (" + String.join(", ", spec.inputs())
                                    + "), and nobody gives any when the stack goes up; remove them, or 'run_on: up'");
                }
                spec.workdir().ifPresent(workdir -> checkUri(spec.path() + ".workdir", workdir.text()));
                new ExpressionCheck(manifest, spec, problems).run();
            }
        }
        manifest.workspaces()
                .forEach((name, workspace) -> workspace
                        .slots()
                        .forEach((slot, filled) -> checkDeclared(
                                "workspaces." + name + ".sources." + slot + ".source",
                                "source",
                                filled.source(),
                                manifest.sources().keySet())));
        manifest.sources().values().forEach(this::checkAuth);
        findCycles();
    }

    private void checkAuth(SourceSpec source) {
        source.auth().ifPresent(auth -> {
            String key = auth.mode() == SourceAuth.Mode.SSH ? "ssh_key_secret" : "token_secret";
            checkDeclared(
                    "sources." + source.name() + ".auth." + key,
                    "secret",
                    auth.secret(),
                    manifest.secrets().keySet());
        });
    }

    private void checkMounts(WorkloadSpec spec) {
        for (int i = 0; i < spec.mounts().size(); i++) {
            String path = spec.path() + ".mounts[" + i + "]";
            if (spec.mounts().get(i) instanceof MountSpec.Line line) {
                checkUri(path, line.text().text());
            } else if (spec.mounts().get(i) instanceof MountSpec.Fields fields
                    && fields.type().equals("volume")) {
                String volume = fields.source().text();
                if (!volume.isEmpty() && !volume.contains("${")) {
                    checkDeclared(path, "volume", volume, manifest.volumes().keySet());
                }
            }
        }
    }

    private void checkDependencies(WorkloadSpec spec) {
        for (DependencySpec dependency : spec.dependencies()) {
            String path = dependency.path();
            WorkloadSpec target = workloads.get(dependency.name());
            if (target != null && !target.inputs().isEmpty()) {
                report(
                        path,
                        "'" + target.name() + "' takes inputs, so it runs only when it is asked for; nothing can depend"
                                + " on it");
            }
            if (target == null) {
                report(path, "'" + dependency.name() + "' is not declared" + others(spec, dependency.name()));
                continue;
            }
            boolean job = manifest.jobs().containsKey(dependency.name());
            dependency.condition().ifPresent(condition -> checkCondition(path, target, job, condition));
        }
    }

    /** What might have been meant; not looked for once so much is wrong that nobody will see it. */
    private String others(WorkloadSpec spec, String given) {
        if (problems.isFull()) {
            return "";
        }
        Set<String> others = new TreeSet<>(workloads.keySet());
        others.remove(spec.name());
        return Suggestion.among(others, "declared", given);
    }

    private void checkCondition(String path, WorkloadSpec target, boolean job, Condition condition) {
        if (job != (condition == Condition.COMPLETED)) {
            report(
                    path,
                    "'" + target.name() + "' is a "
                            + (job
                                    ? "job: its condition is 'completed'"
                                    : "service: its condition is 'started' or 'healthy'"));
        } else if (condition == Condition.HEALTHY && target.healthCheck().isEmpty()) {
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
        if (name.isEmpty() || name.contains("${")) {
            return; // a name that is missing is the mount parser's to report, one that a reference makes the resolver's
        }
        switch (uri.substring(0, scheme)) {
            case "source" ->
                checkDeclared(path, "source", name, manifest.sources().keySet());
            case "workspace" ->
                checkDeclared(path, "workspace", name, manifest.workspaces().keySet());
            case "volume" ->
                checkDeclared(path, "volume", name, manifest.volumes().keySet());
            case "persist" ->
                checkDeclared(
                        path, "persist", name, manifest.persist().entries().keySet());
            default -> {
                // bind:// names no declared thing, and an unknown scheme is the mount parser's to refuse
            }
        }
    }

    private void checkDeclared(String path, String kind, String name, Set<String> declared) {
        if (!declared.contains(name)) {
            String others = problems.isFull() ? "" : Suggestion.among(declared, "declared", name);
            report(path, kind + " '" + name + "' is not declared" + others);
        }
    }

    /** Strikes what depends on nothing that is left, again and again; what cannot be struck goes round in a circle. */
    private void findCycles() {
        Map<String, Integer> open = new TreeMap<>();
        Map<String, List<String>> dependents = new HashMap<>();
        workloads.forEach((name, spec) -> {
            List<String> known = dependencies(name);
            open.put(name, known.size());
            known.forEach(each ->
                    dependents.computeIfAbsent(each, n -> new ArrayList<>()).add(name));
        });
        Deque<String> free = new ArrayDeque<>();
        open.forEach((name, count) -> {
            if (count == 0) {
                free.add(name);
            }
        });
        strike(free, open, dependents);
        while (!open.isEmpty() && !problems.isFull()) {
            List<String> cycle = reportCycle(open.keySet());
            cycle.forEach(open::remove);
            strike(new ArrayDeque<>(cycle), open, dependents); // with what only leads to it
        }
    }

    private static void strike(Deque<String> free, Map<String, Integer> open, Map<String, List<String>> dependents) {
        while (!free.isEmpty()) {
            String struck = free.pop();
            open.remove(struck);
            for (String dependent : dependents.getOrDefault(struck, List.of())) {
                Integer left = open.computeIfPresent(dependent, (name, count) -> count - 1);
                if (left != null && left == 0) {
                    free.add(dependent);
                }
            }
        }
    }

    /** Among those that are left, each depends on another that is left: walking on must come round. */
    private List<String> reportCycle(Set<String> left) {
        List<String> path = new ArrayList<>();
        Set<String> seen = new HashSet<>();
        String at = left.iterator().next();
        while (seen.add(at)) {
            path.add(at);
            at = dependencies(at).stream().filter(left::contains).findFirst().orElseThrow();
        }
        List<String> cycle = new ArrayList<>(path.subList(path.indexOf(at), path.size()));
        String first = Collections.min(cycle);
        Collections.rotate(cycle, -cycle.indexOf(first));
        cycle.add(first);
        String second = cycle.get(1);
        String place = manifest.workload(first).orElseThrow().dependencies().stream()
                .filter(dependency -> dependency.name().equals(second))
                .map(DependencySpec::path)
                .findFirst()
                .orElseThrow();
        report(place, "goes round in a circle: " + String.join(" → ", cycle));
        return cycle.subList(1, cycle.size());
    }

    private List<String> dependencies(String name) {
        WorkloadSpec spec = workloads.get(name);
        return spec == null
                ? List.of()
                : spec.dependencies().stream()
                        .map(DependencySpec::name)
                        .filter(workloads::containsKey)
                        .distinct()
                        .toList();
    }

    private void report(String path, String message) {
        problems.add(manifest.problemAt(path, message));
    }
}
