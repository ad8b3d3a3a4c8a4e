package dev.angee.compose;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * Ends services, dependents before what they depend on: one that has a time of its own to end in within that, the others
 * within the caller's. The caller holds the project's lock.
 */
final class Halt {
    /** What a container has that was made without a time of its own. */
    private static final Duration ENGINES_OWN = Duration.ofSeconds(10);

    /** Calls Compose and fails if it does. */
    interface Act {
        void on(ComposeCommand command) throws InterruptedException;
    }

    private final ComposeProject project;
    private final Duration grace;
    private final Act act;

    Halt(ComposeProject project, Duration grace, Act act) {
        this.project = project;
        this.grace = grace;
        this.act = act;
    }

    /** How long it may take to end these one after another. */
    static Duration longest(List<ProjectContainer> running, Duration grace) {
        return running.stream().map(c -> c.grace().orElse(grace)).reduce(Duration.ZERO, Duration::plus);
    }

    void apply(List<ProjectContainer> running) throws InterruptedException {
        boolean none = running.stream().allMatch(c -> c.grace().isEmpty());
        boolean all = running.stream().noneMatch(c -> c.grace().isEmpty());
        if (none || all || grace.equals(ENGINES_OWN)) {
            end(running, !none); // Compose sees to the order
            return;
        }
        List<ProjectContainer> left = new ArrayList<>(running);
        while (!left.isEmpty()) {
            Set<String> needed =
                    left.stream().flatMap(c -> c.dependencies().stream()).collect(Collectors.toSet());
            Predicate<ProjectContainer> free = c -> !needed.contains(c.service());
            List<ProjectContainer> next = left.stream().filter(free).toList();
            if (next.isEmpty()) {
                next = List.copyOf(left); // a circle, which no plan of ours has
            }
            end(next.stream().filter(c -> c.grace().isPresent()).toList(), true);
            end(next.stream().filter(c -> c.grace().isEmpty()).toList(), false);
            left.removeAll(next);
        }
    }

    private void end(List<ProjectContainer> containers, boolean withinTheirOwn) throws InterruptedException {
        List<String> names =
                containers.stream().map(ProjectContainer::service).distinct().toList();
        if (!names.isEmpty()) {
            act.on(withinTheirOwn ? ComposeCommand.stop(project, names) : ComposeCommand.stop(project, grace, names));
        }
    }
}
