package dev.angee.process;

import dev.angee.InvalidInputException;
import dev.angee.RuntimeKind;
import dev.angee.plan.Dependency;
import dev.angee.plan.Workload;
import dev.angee.plan.WorkloadBuilder;
import dev.angee.runtime.Health;
import dev.angee.runtime.WorkloadState;
import dev.angee.runtime.WorkloadStatus;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * Services of which several run. In here each of them is a service of its own, so that it is started, checked, started again
 * and ended like any other: the first has the name that all have outside, the second is called {@code NAME#2}. A service
 * that has just one more or less changes nothing for the others.
 */
final class Replicas {
    private static final String SEPARATOR = "#";

    private Replicas() {}

    /** The services with each replica as one of its own; what depends on one of several depends on all of them. */
    static List<Workload> each(Collection<Workload> services) {
        Map<String, Integer> many = new HashMap<>();
        for (Workload service : services) {
            if (service.name().contains(SEPARATOR)) {
                throw new InvalidInputException(
                        "name", "'" + service.name() + "' holds a '#', which numbers the replicas of a service");
            }
            if (service.lifecycle().replicas() < 1) {
                throw new InvalidInputException(
                        "replicas", "'" + service.name() + "' is to have none; do not bring it up instead");
            }
            many.put(service.name(), service.lifecycle().replicas());
        }
        List<Workload> all = new ArrayList<>();
        for (Workload service : services) {
            for (int number = 1; number <= service.lifecycle().replicas(); number++) {
                WorkloadBuilder replica = service.toBuilder()
                        .name(name(service.name(), number))
                        .lifecycle(service.lifecycle().replicas(1));
                service.dependencies().forEach(each -> others(each, many).forEach(replica::dependsOn));
                all.add(replica.build());
            }
        }
        return all;
    }

    private static List<Dependency> others(Dependency on, Map<String, Integer> many) {
        List<Dependency> others = new ArrayList<>();
        for (int number = 2; number <= many.getOrDefault(on.name(), 1); number++) {
            others.add(new Dependency(name(on.name(), number), on.condition()));
        }
        return others;
    }

    private static String name(String service, int number) {
        return number == 1 ? service : service + SEPARATOR + number;
    }

    /** The name of the service that one is a replica of. */
    static String service(String name) {
        int end = name.indexOf(SEPARATOR);
        return end < 0 ? name : name.substring(0, end);
    }

    /** Which of its service's replicas one is; counts from 1. */
    static int number(String name) {
        int end = name.indexOf(SEPARATOR);
        return end < 0 ? 1 : Integer.parseInt(name.substring(end + 1));
    }

    /** One status a service, in name order. */
    static List<WorkloadStatus> statuses(List<ProcessView> views) {
        Map<String, List<ProcessView>> services = new LinkedHashMap<>();
        views.forEach(view -> services.computeIfAbsent(service(view.name()), name -> new ArrayList<>())
                .add(view));
        return services.entrySet().stream()
                .map(each -> status(each.getKey(), each.getValue()))
                .toList();
    }

    private static WorkloadStatus status(String service, List<ProcessView> replicas) {
        if (replicas.size() == 1) {
            return replicas.get(0).status();
        }
        WorkloadState state = state(replicas);
        int restarts = replicas.stream()
                .mapToInt(v -> v.record().attempts().restarts())
                .sum();
        String instance =
                replicas.stream().map(v -> v.record().marker().value()).collect(Collectors.joining(","));
        boolean ended = state == WorkloadState.EXITED || state == WorkloadState.RESTARTING;
        return new WorkloadStatus(
                service,
                RuntimeKind.LOCAL,
                state,
                state == WorkloadState.RUNNING ? health(replicas) : Health.NONE,
                ended ? code(replicas) : OptionalInt.empty(),
                restarts,
                replicas.stream().flatMap(v -> v.status().startedAt().stream()).max(Comparator.naturalOrder()),
                Optional.empty(),
                false,
                instance,
                reason(replicas));
    }

    /** One has ended when all have; it runs if some do, unless there is more to come of another. */
    private static WorkloadState state(List<ProcessView> replicas) {
        if (replicas.stream().allMatch(view -> view.state() == WorkloadState.EXITED)) {
            return WorkloadState.EXITED;
        }
        for (WorkloadState state : List.of(WorkloadState.STOPPING, WorkloadState.CREATED, WorkloadState.RESTARTING)) {
            if (any(replicas, view -> view.state() == state)) {
                return state;
            }
        }
        return WorkloadState.RUNNING;
    }

    /** The worst of all; that one is missing is bad. */
    private static Health health(List<ProcessView> replicas) {
        if (any(replicas, view -> view.state() != WorkloadState.RUNNING)) {
            return Health.UNHEALTHY;
        }
        for (Health health : List.of(Health.UNHEALTHY, Health.STARTING, Health.HEALTHY)) {
            if (any(replicas, view -> view.health() == health)) {
                return health;
            }
        }
        return Health.NONE;
    }

    /** That of the first failure, or else success; unknown if one is not known. */
    private static OptionalInt code(List<ProcessView> replicas) {
        List<ProcessView> ended =
                replicas.stream().filter(ProcessView::hasEnded).toList();
        return ended.stream()
                .filter(view -> view.exitCode().isEmpty()
                        || !RestartRule.isSuccess(view.record(), view.exitCode().getAsInt()))
                .findFirst()
                .orElse(ended.get(0))
                .exitCode();
    }

    private static String reason(List<ProcessView> replicas) {
        long running = replicas.stream()
                .filter(view -> view.state() == WorkloadState.RUNNING)
                .count();
        List<String> reasons = new ArrayList<>();
        if (running < replicas.size()) {
            reasons.add(running + " of " + replicas.size() + " run");
        }
        for (ProcessView view : replicas) {
            String why = view.hasEnded()
                            && view.exitCode().isPresent()
                            && view.reason().isEmpty()
                    ? ProcessViews.ending(view.exitCode())
                    : view.status().reason();
            if (!why.isEmpty()) {
                reasons.add(SEPARATOR + number(view.name()) + ": " + why);
            }
        }
        return String.join("; ", reasons);
    }

    private static boolean any(List<ProcessView> replicas, Predicate<ProcessView> what) {
        return replicas.stream().anyMatch(what);
    }
}
