package dev.angee.compose;

import dev.angee.NotFoundException;
import dev.angee.runtime.Selection;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Predicate;

/** The services of a project that have a container, by name. A snapshot. */
final class Services {
    private final Map<String, ProjectContainer> byName = new TreeMap<>();

    private Services() {}

    static Services seen(Engine engine) throws InterruptedException {
        Services services = new Services();
        for (ProjectContainer each : engine.containers()) {
            if (!each.oneOff()) {
                services.byName.merge(
                        each.service(), each, (a, b) -> ProjectContainer.MOST_ALIVE.compare(a, b) < 0 ? b : a);
            }
        }
        return services;
    }

    /** In name order. */
    Collection<ProjectContainer> all() {
        return byName.values();
    }

    Optional<ProjectContainer> get(String name) {
        return Optional.ofNullable(byName.get(name));
    }

    /** Those of the selected ones that are as asked, by name. */
    List<String> names(Selection which, Predicate<ProjectContainer> as) {
        requireKnown(which, byName.keySet());
        return byName.values().stream()
                .filter(c -> which.includes(c.service()) && as.test(c))
                .map(ProjectContainer::service)
                .toList();
    }

    /** Whether this very run of the container was seen. */
    boolean includes(ProjectContainer container) {
        return get(container.service())
                .filter(c -> c.instance().equals(container.instance()))
                .isPresent();
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
