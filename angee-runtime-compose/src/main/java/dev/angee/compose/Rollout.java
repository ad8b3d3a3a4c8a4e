package dev.angee.compose;

import dev.angee.AngeeException;
import dev.angee.ErrorCode;
import dev.angee.operation.ProgressListener;
import dev.angee.plan.Dependency;
import dev.angee.plan.RuntimePlan;
import dev.angee.plan.Workload;
import dev.angee.runtime.Artifact;
import dev.angee.runtime.Health;
import dev.angee.runtime.Selection;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** Makes what runs agree with a plan. The caller holds the project's lock. */
final class Rollout {
    private final ComposeProject project;
    private final Engine engine;
    private final DockerCli cli;
    private final ProjectNetworks networks;

    Rollout(ComposeProject project, Engine engine, DockerCli cli, ProjectNetworks networks) {
        this.project = project;
        this.engine = engine;
        this.cli = cli;
        this.networks = networks;
    }

    /**
     * @param artifact the compiled plan
     * @param secrets what the selected services and their dependencies need
     * @param progress is told of each service that is made or started
     * @throws AngeeException as {@link dev.angee.runtime.Backend#up} says
     */
    void apply(
            RuntimePlan plan,
            Artifact artifact,
            Selection which,
            SecretVariables secrets,
            Deadline deadline,
            ProgressListener progress)
            throws InterruptedException {
        Set<String> services = services(plan);
        Services before = Services.seen(engine); // first, so that nothing is written when there is no engine
        new ArtifactFile(project).write(artifact);
        remove(before.names(Selection.all(), c -> !services.contains(c.service())), deadline);
        List<String> wanted = services.stream().filter(which::includes).toList();
        if (!wanted.isEmpty()) {
            networks.make(plan.workloads(), deadline);
            StuckContainers.unpause(engine, before, names(needed(plan, which)));
            start(plan, which, secrets, before, deadline, progress);
            networks.removeOthers(plan.workloads());
        } else if (services.isEmpty() && engine.containers().isEmpty()) {
            cli.run(ComposeCommand.down(project, Duration.ZERO), deadline); // the network; nobody is on it
        }
    }

    static Set<String> services(RuntimePlan plan) {
        return plan.workloads().stream()
                .filter(w -> !w.isJob())
                .map(Workload::name)
                .collect(Collectors.toCollection(TreeSet::new));
    }

    /**
     * The selected services, and all services that they depend on, directly or not: Compose brings those up too, and
     * would make one anew whose secrets it were not given.
     */
    static List<Workload> needed(RuntimePlan plan, Selection which) {
        Set<String> services = services(plan);
        Deque<String> open =
                new ArrayDeque<>(services.stream().filter(which::includes).toList());
        Map<String, Workload> needed = new TreeMap<>();
        while (!open.isEmpty()) {
            String name = open.pop();
            plan.workload(name)
                    .filter(w -> needed.put(name, w) == null)
                    .ifPresent(w -> w.dependencies().stream()
                            .map(Dependency::name)
                            .filter(services::contains)
                            .forEach(open::add));
        }
        return List.copyOf(needed.values());
    }

    private void remove(List<String> unplanned, Deadline deadline) throws InterruptedException {
        if (!unplanned.isEmpty()) {
            ComposeCommand remove = ComposeCommand.remove(project, unplanned);
            CliResult result = cli.run(remove, deadline);
            if (result.wasKilled()) {
                throw late("these are still being removed: " + String.join(", ", unplanned), deadline);
            }
            if (!result.succeeded()) {
                throw CliFailure.of(project, remove, result);
            }
        }
    }

    private void start(
            RuntimePlan plan,
            Selection which,
            SecretVariables secrets,
            Services before,
            Deadline deadline,
            ProgressListener progress)
            throws InterruptedException {
        List<String> wanted = services(plan).stream().filter(which::includes).toList();
        ComposeCommand up = ComposeCommand.up(project, wanted).knowing(secrets);
        Errands errands = new Errands();
        CliResult result;
        Services after;
        try (Announcements announcements = Announcements.open(engine, progress, errands)) {
            result = cli.run(up, deadline, errands);
            if (StuckContainers.areToldOf(result)) {
                makeAnew(needed(plan, which), before, secrets, deadline, errands);
                result = cli.run(up, deadline, errands);
            }
            after = Services.seen(engine);
            errands.runAll();
            announcements.complete(before, after);
        }
        if (result.wasKilled()) {
            throw late(notReady(wanted, after), deadline);
        }
        if (!result.succeeded()) {
            throw CliFailure.of(project, up, result, service -> waiting(plan, after, service));
        }
        requireStarted(plan, wanted, after);
        new StartCheck(engine)
                .verify(after.all().stream().filter(c -> !before.includes(c)).toList());
    }

    /**
     * Makes containers anew that do not run. Not those of a service that has done what it was to in the meantime, nor the
     * replicas of one that run: of such a one, those that do not are removed, for Compose to make them again.
     */
    private void makeAnew(
            List<Workload> needed, Services before, SecretVariables secrets, Deadline deadline, Errands errands)
            throws InterruptedException {
        Services now = Services.seen(engine);
        List<String> anew = new ArrayList<>();
        for (String name : idle(needed, now)) {
            List<ProjectContainer> all = now.get(name).map(Replicas::all).orElse(List.of());
            List<ProjectContainer> stuck = all.stream()
                    .filter(c -> !c.isActive() && (before.includes(c) || !c.hasSucceeded()))
                    .toList();
            if (stuck.size() == all.size()) {
                anew.add(name);
            } else {
                for (ProjectContainer each : stuck) {
                    engine.remove(each.id());
                }
            }
        }
        if (!anew.isEmpty()) {
            CliResult unused = cli.run(ComposeCommand.upAnew(project, anew).knowing(secrets), deadline, errands);
        }
    }

    private static void requireStarted(RuntimePlan plan, List<String> wanted, Services after) {
        for (String name : wanted) {
            int many = plan.workload(name).map(w -> w.lifecycle().replicas()).orElse(1);
            if (!after.hasStarted(name, many)) {
                throw new AngeeException(
                        ErrorCode.FAILED,
                        "service '" + name + "': docker compose did not start it, and gave no reason");
            }
        }
    }

    private static List<String> names(List<Workload> workloads) {
        return workloads.stream().map(Workload::name).toList();
    }

    /** Those of which not all replicas run. */
    private static List<String> idle(List<Workload> workloads, Services now) {
        return workloads.stream()
                .filter(w -> !now.areActive(w.name(), w.lifecycle().replicas()))
                .map(Workload::name)
                .toList();
    }

    /** Who was not started for want of a service, in words. */
    private static String waiting(RuntimePlan plan, Services after, String service) {
        List<Workload> dependents = plan.workloads().stream()
                .filter(w -> !w.isJob()
                        && w.dependencies().stream().anyMatch(d -> d.name().equals(service)))
                .toList();
        List<String> idle = idle(dependents, after);
        return idle.isEmpty() ? "" : " (waiting for it: service '" + String.join("', service '", idle) + "')";
    }

    private static String notReady(List<String> wanted, Services after) {
        Set<String> missing = new TreeSet<>(wanted);
        after.all().forEach(c -> missing.remove(c.service()));
        String absent =
                missing.stream().map(m -> ", service '" + m + "' is not there").collect(Collectors.joining());
        String unfit = after.all().stream()
                .filter(c -> !c.status().isReady())
                .map(c -> ", service '" + c.service() + "' is " + c.phase()
                        + (c.health() == Health.NONE ? "" : " and " + c.health().id()))
                .collect(Collectors.joining());
        return (unfit + absent).replaceFirst("^, ", "");
    }

    private static AngeeException late(String what, Deadline deadline) {
        return new AngeeException(
                ErrorCode.FAILED,
                "not up within " + Deadline.spell(deadline.limit()) + ": " + what
                        + " (give it more time, or look at its log)");
    }
}
