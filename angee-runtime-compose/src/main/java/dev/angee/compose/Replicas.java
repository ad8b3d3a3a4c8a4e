package dev.angee.compose;

import dev.angee.RuntimeKind;
import dev.angee.runtime.Health;
import dev.angee.runtime.WorkloadState;
import dev.angee.runtime.WorkloadStatus;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.OptionalInt;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/** The containers of one service, of which several may run: one service outside, as with local processes. */
final class Replicas {
    private final List<ProjectContainer> all;

    /**
     * The replicas.
     *
     * @param all at least one, in the order of their numbers
     */
    Replicas(List<ProjectContainer> all) {
        this.all = List.copyOf(all);
    }

    List<ProjectContainer> all() {
        return all;
    }

    WorkloadStatus status() {
        ProjectContainer first = all.get(0);
        if (all.size() == 1) {
            return first.status();
        }
        WorkloadState state = state();
        boolean ended = state == WorkloadState.EXITED || state == WorkloadState.RESTARTING;
        return new WorkloadStatus(
                first.service(),
                RuntimeKind.CONTAINER,
                state,
                state == WorkloadState.RUNNING ? health() : Health.NONE,
                ended ? code() : OptionalInt.empty(),
                all.stream().mapToInt(ProjectContainer::restarts).sum(),
                all.stream().flatMap(c -> c.status().startedAt().stream()).max(Comparator.naturalOrder()),
                first.status().image(),
                any(ProjectContainer::outOfMemory),
                all.stream().map(ProjectContainer::instance).collect(Collectors.joining(",")),
                reason());
    }

    /** One has ended when all have; it runs if some do, unless there is more to come of another. */
    private WorkloadState state() {
        if (all.stream().allMatch(c -> c.state() == WorkloadState.EXITED)) {
            return WorkloadState.EXITED;
        }
        for (WorkloadState state : List.of(WorkloadState.STOPPING, WorkloadState.CREATED, WorkloadState.RESTARTING)) {
            if (any(c -> c.state() == state)) {
                return state;
            }
        }
        return WorkloadState.RUNNING;
    }

    /** The worst of all; that one is missing is bad. */
    private Health health() {
        if (any(c -> c.state() != WorkloadState.RUNNING)) {
            return Health.UNHEALTHY;
        }
        for (Health health : List.of(Health.UNHEALTHY, Health.STARTING, Health.HEALTHY)) {
            if (any(c -> c.health() == health)) {
                return health;
            }
        }
        return Health.NONE;
    }

    /** That of the first failure, or else success. */
    private OptionalInt code() {
        return all.stream()
                .flatMap(c -> c.status().exitCode().stream().boxed())
                .filter(code -> code != 0)
                .findFirst()
                .map(OptionalInt::of)
                .orElse(OptionalInt.of(0));
    }

    private String reason() {
        long running =
                all.stream().filter(c -> c.state() == WorkloadState.RUNNING).count();
        List<String> reasons = new ArrayList<>();
        if (running < all.size()) {
            reasons.add(running + " of " + all.size() + " run");
        }
        for (ProjectContainer each : all) {
            boolean silent =
                    each.state() == WorkloadState.EXITED && each.reason().isEmpty();
            String why = silent ? "exit code " + each.exitCode() : each.reason();
            if (!why.isEmpty()) {
                reasons.add("#" + each.number() + ": " + why);
            }
        }
        return String.join("; ", reasons);
    }

    private boolean any(Predicate<ProjectContainer> what) {
        return all.stream().anyMatch(what);
    }
}
