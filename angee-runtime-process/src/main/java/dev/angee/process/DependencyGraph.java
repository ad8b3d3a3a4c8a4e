package dev.angee.process;

import dev.angee.InvalidInputException;
import dev.angee.NotFoundException;
import dev.angee.plan.Dependency;
import dev.angee.plan.Workload;
import dev.angee.runtime.Selection;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** Some services, and which of them depend on which. Dependencies on anything else are not looked at. */
final class DependencyGraph {
    private final Map<String, Workload> services = new TreeMap<>();

    DependencyGraph(Collection<Workload> services) {
        services.forEach(service -> this.services.put(service.name(), service));
    }

    /**
     * Those that are selected.
     *
     * @throws NotFoundException for a name that is not among them
     */
    DependencyGraph select(Selection which) {
        for (String name : which.names()) {
            if (!services.containsKey(name) || !name.equals(Replicas.service(name))) {
                String known = services.isEmpty() ? "there is none" : "known: " + String.join(", ", services.keySet());
                throw new NotFoundException("service", name, known);
            }
        }
        return new DependencyGraph(services.values().stream()
                .filter(service -> which.includes(Replicas.service(service.name())))
                .toList());
    }

    /** Those that are selected, with all they depend on. */
    DependencyGraph selectWithDependencies(Selection which) {
        Map<String, Workload> found = new LinkedHashMap<>();
        List<Workload> todo = new ArrayList<>(select(which).services.values());
        while (!todo.isEmpty()) {
            Workload service = todo.remove(todo.size() - 1);
            if (found.put(service.name(), service) == null) {
                dependencies(service).forEach(each -> todo.add(service(each)));
            }
        }
        return new DependencyGraph(found.values());
    }

    /** All of them, in name order. */
    Collection<Workload> services() {
        return services.values();
    }

    /** What a service depends on, of those that are here. */
    List<Dependency> dependencies(Workload service) {
        return service.dependencies().stream()
                .filter(each -> services.containsKey(each.name()))
                .toList();
    }

    /**
     * Checks that each can be started.
     *
     * @throws InvalidInputException if some wait for each other in a circle
     */
    void requireNoCycle() {
        Set<String> started = new LinkedHashSet<>();
        boolean progress = true;
        while (progress) {
            progress = false;
            for (Workload service : services.values()) {
                boolean ready = dependencies(service).stream().allMatch(each -> started.contains(each.name()));
                progress |= ready && started.add(service.name());
            }
        }
        if (started.size() < services.size()) {
            Set<String> circle = new LinkedHashSet<>(services.keySet());
            circle.removeAll(started);
            throw new InvalidInputException("depends_on", String.join(", ", circle) + " wait for each other");
        }
    }

    /**
     * Groups of names that can be ended together, dependents before what they depend on. Services that were brought up
     * at different times may depend on each other in a circle; those end together.
     */
    List<Set<String>> dependentsFirst() {
        List<Set<String>> groups = new ArrayList<>();
        Map<String, Workload> left = new TreeMap<>(services);
        while (!left.isEmpty()) {
            Set<String> group = new LinkedHashSet<>(left.keySet());
            left.values().forEach(service -> service.dependencies().forEach(each -> group.remove(each.name())));
            if (group.isEmpty()) {
                group.addAll(left.keySet());
            }
            left.keySet().removeAll(group);
            groups.add(group);
        }
        return groups;
    }

    private Workload service(Dependency dependency) {
        Workload service = services.get(dependency.name());
        if (service == null) {
            throw new IllegalStateException("not here: " + dependency);
        }
        return service;
    }
}
