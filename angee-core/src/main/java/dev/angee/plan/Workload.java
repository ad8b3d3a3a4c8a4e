package dev.angee.plan;

import dev.angee.RuntimeKind;
import dev.angee.secret.SecretName;
import dev.angee.secret.Text;
import dev.angee.workload.ContainerOptions;
import dev.angee.workload.Lifecycle;
import dev.angee.workload.Limits;
import dev.angee.workload.Route;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * One thing that runs: everything a backend needs to start it. All text is final; nothing in it is expanded again.
 *
 * @param name its name, unique in the plan among services and jobs together
 * @param kind service or job
 * @param launch what it is started from, and so which runtime runs it
 * @param entrypoint what the image's own entry point is replaced with; empty means it is kept
 * @param command the program and its arguments; empty means the image's own command
 * @param shutdown the command that asks it to end; empty means a signal does
 * @param environment the variables declared for it, in name order; the only place of a plan where secrets may be
 * @param ports the container ports to publish
 * @param mounts what a container sees of the host
 * @param workdir the working directory: an absolute host path for a process, a path inside for a container
 * @param user who it runs as; the runtime's own choice if absent
 * @param dependencies what must be there first
 * @param health how to find out whether it is ready
 * @param liveness how to find out whether it still works: a service that fails it is ended, and its restart policy
 *     applies as if it had failed; no {@link HealthCheck.LogLine}
 * @param route how the edge makes it reachable
 * @param limits what it may use at the most
 * @param lifecycle when it starts, ends and starts again
 * @param container what can be said of a container only
 */
public record Workload(
        String name,
        WorkloadKind kind,
        Launch launch,
        List<String> entrypoint,
        List<String> command,
        List<String> shutdown,
        Map<String, Text> environment,
        List<PublishedPort> ports,
        List<PlannedMount> mounts,
        Optional<String> workdir,
        Optional<String> user,
        List<Dependency> dependencies,
        Optional<HealthCheck> health,
        Optional<HealthCheck> liveness,
        Optional<Route> route,
        Limits limits,
        Lifecycle lifecycle,
        ContainerOptions container) {

    /** Copies the collections; the order of the environment is kept. */
    public Workload {
        entrypoint = List.copyOf(entrypoint);
        command = List.copyOf(command);
        shutdown = List.copyOf(shutdown);
        environment = Collections.unmodifiableMap(new LinkedHashMap<>(environment));
        ports = List.copyOf(ports);
        mounts = List.copyOf(mounts);
        dependencies = List.copyOf(dependencies);
    }

    /** The runtime that runs it. */
    public RuntimeKind runtime() {
        return launch.runtime();
    }

    /** Whether it is a job. */
    public boolean isJob() {
        return kind == WorkloadKind.JOB;
    }

    /** Its place in the manifest: {@code services.<name>} or {@code jobs.<name>}. */
    public String path() {
        return (isJob() ? "jobs." : "services.") + name;
    }

    /** The secrets it needs, in name order. */
    public Set<SecretName> secrets() {
        Set<SecretName> names = new TreeSet<>();
        environment.values().forEach(value -> names.addAll(value.secrets()));
        return names;
    }

    /**
     * Whether a service that runs as this says has to be started anew to run as another says. What is heeded at the next
     * start only ({@code depends_on}, {@code profiles}, {@code run_on}, {@code timeout}) is no reason.
     */
    public boolean needsRestartFor(Workload next) {
        return PlanComparison.restarts(this, next);
    }

    /** A builder for a service. */
    public static WorkloadBuilder service(String name, Launch launch) {
        return new WorkloadBuilder(name, WorkloadKind.SERVICE, launch);
    }

    /** A builder for a job. */
    public static WorkloadBuilder job(String name, Launch launch) {
        return new WorkloadBuilder(name, WorkloadKind.JOB, launch);
    }

    /** A builder that begins with all of this workload. */
    public WorkloadBuilder toBuilder() {
        return new WorkloadBuilder(this);
    }
}
