package dev.angee.compose;

import dev.angee.NotFoundException;
import dev.angee.runtime.Selection;
import dev.angee.runtime.WorkloadState;
import dev.angee.runtime.WorkloadStatus;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Predicate;

/** The services of a project that have a container, by name, each with all its replicas. A snapshot. */
final class Services {
    private final Map<String, Replicas> byName = new TreeMap<>();

    private Services() {}

    static Services seen(Engine engine) throws InterruptedException {
        return of(engine.containers());
    }

    /** The services among these; not the runs of jobs. */
    static Services of(Collection<ProjectContainer> containers) {
        Map<String, Map<Integer, ProjectContainer>> byNumber = new TreeMap<>();
        for (ProjectContainer each : containers) {
            if (!each.oneOff()) {
                byNumber.computeIfAbsent(each.service(), name -> new TreeMap<>())
                        .merge(each.number(), each, (a, b) -> ProjectContainer.MOST_ALIVE.compare(a, b) < 0 ? b : a);
            }
        }
        Services services = new Services();
        byNumber.forEach((name, all) -> services.byName.put(name, new Replicas(List.copyOf(all.values()))));
        return services;
    }

    /** In the order of their names and numbers. */
    List<ProjectContainer> all() {
        return byName.values().stream().flatMap(each -> each.all().stream()).toList();
    }

    /** One of each service, in name order. */
    List<WorkloadStatus> statuses() {
        return byName.values().stream().map(Replicas::status).toList();
    }

    /** A service; empty if it has no container. */
    Optional<Replicas> get(String name) {
        return Optional.ofNullable(byName.get(name));
    }

    /** Whether so many of a service have been started, whatever became of them. */
    boolean hasStarted(String name, int many) {
        return count(name, c -> c.state() != WorkloadState.CREATED) >= many;
    }

    /** Whether so many of a service run, or are about to run again by themselves. */
    boolean areActive(String name, int many) {
        return count(name, ProjectContainer::isActive) >= many;
    }

    private long count(String name, Predicate<ProjectContainer> as) {
        return get(name).stream()
                .flatMap(each -> each.all().stream())
                .filter(as)
                .count();
    }

    /** Those of the selected ones of which a container is as asked, by name. */
    List<String> names(Selection which, Predicate<ProjectContainer> as) {
        requireKnown(which, byName.keySet());
        return all().stream()
                .filter(c -> which.includes(c.service()) && as.test(c))
                .map(ProjectContainer::service)
                .distinct()
                .toList();
    }

    /** Whether this very run of the container was seen. */
    boolean includes(ProjectContainer container) {
        return get(container.service()).stream()
                .flatMap(each -> each.all().stream())
                .anyMatch(c -> c.instance().equals(container.instance()));
    }

    /** @throws NotFoundException for the first selected name that is not among the known ones */
    static void requireKnown(Selection which, Collection<String> known) {
        for (String name : which.names()) {
            if (!known.contains(name)) {
                String hint = known.isEmpty() ? "there is none" : "known: " + String.join(", ", known);
                throw new NotFoundException("service", name, hint);
            }
        }
    }
}
