package dev.angee.plan;

import dev.angee.secret.Text;
import dev.angee.workload.ContainerOptions;
import dev.angee.workload.Lifecycle;
import dev.angee.workload.Limits;
import dev.angee.workload.Route;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Collects the parts of a workload; not thread-safe. */
public final class WorkloadBuilder {
    private String name;
    private final WorkloadKind kind;
    private final Launch launch;
    private List<String> entrypoint = List.of();
    private List<String> command = List.of();
    private List<String> shutdown = List.of();
    private Map<String, Text> environment = Map.of();
    private List<PublishedPort> ports = new ArrayList<>();
    private List<PlannedMount> mounts = new ArrayList<>();
    private Optional<String> workdir = Optional.empty();
    private Optional<String> user = Optional.empty();
    private final List<Dependency> dependencies = new ArrayList<>();
    private Optional<HealthCheck> health = Optional.empty();
    private Optional<HealthCheck> liveness = Optional.empty();
    private Optional<Route> route = Optional.empty();
    private Limits limits = Limits.none();
    private Lifecycle lifecycle = Lifecycle.standard();
    private ContainerOptions container = ContainerOptions.standard();

    WorkloadBuilder(String name, WorkloadKind kind, Launch launch) {
        this.name = name;
        this.kind = kind;
        this.launch = launch;
    }

    WorkloadBuilder(Workload from) {
        this(from.name(), from.kind(), from.launch());
        entrypoint = from.entrypoint();
        command = from.command();
        shutdown = from.shutdown();
        environment = from.environment();
        ports.addAll(from.ports());
        mounts.addAll(from.mounts());
        workdir = from.workdir();
        user = from.user();
        dependencies.addAll(from.dependencies());
        health = from.health();
        liveness = from.liveness();
        route = from.route();
        limits = from.limits();
        lifecycle = from.lifecycle();
        container = from.container();
    }

    /** Gives it another name. */
    public WorkloadBuilder name(String other) {
        this.name = other;
        return this;
    }

    /** Replaces the image's own entry point. */
    public WorkloadBuilder entrypoint(List<String> words) {
        this.entrypoint = words;
        return this;
    }

    /** Sets the program and its arguments. */
    public WorkloadBuilder command(List<String> words) {
        this.command = words;
        return this;
    }

    /** Sets the command that asks it to end. */
    public WorkloadBuilder shutdown(List<String> words) {
        this.shutdown = words;
        return this;
    }

    /** Sets the declared variables, secrets by reference. */
    public WorkloadBuilder variables(Map<String, Text> variables) {
        this.environment = variables;
        return this;
    }

    /** Sets the declared variables, none of them a secret. */
    public WorkloadBuilder environment(Map<String, String> variables) {
        Map<String, Text> texts = new LinkedHashMap<>();
        variables.forEach((key, value) -> texts.put(key, Text.of(value)));
        return variables(texts);
    }

    /** Publishes one more port. */
    public WorkloadBuilder port(PublishedPort port) {
        ports.add(port);
        return this;
    }

    /** Publishes these ports and no others. */
    public WorkloadBuilder ports(List<PublishedPort> others) {
        ports = new ArrayList<>(others);
        return this;
    }

    /** Adds one more mount. */
    public WorkloadBuilder mount(PlannedMount mount) {
        mounts.add(mount);
        return this;
    }

    /** Has these mounts and no others. */
    public WorkloadBuilder mounts(List<PlannedMount> others) {
        mounts = new ArrayList<>(others);
        return this;
    }

    /** Sets the working directory. */
    public WorkloadBuilder workdir(String directory) {
        this.workdir = Optional.of(directory);
        return this;
    }

    /** Sets who it runs as. */
    public WorkloadBuilder user(String who) {
        this.user = Optional.of(who);
        return this;
    }

    /** Adds one more dependency. */
    public WorkloadBuilder dependsOn(Dependency dependency) {
        dependencies.add(dependency);
        return this;
    }

    /** Sets the health check. */
    public WorkloadBuilder health(HealthCheck check) {
        this.health = Optional.of(check);
        return this;
    }

    /**
     * Sets the check that it must keep passing: {@code retries} failures in a row after the start period end the service
     * (its stop signal and grace, then killed), and its restart policy applies as if it had failed.
     */
    public WorkloadBuilder liveness(HealthCheck check) {
        this.liveness = Optional.of(check);
        return this;
    }

    /** Makes it reachable through the edge. */
    public WorkloadBuilder route(Route way) {
        this.route = Optional.of(way);
        return this;
    }

    /** Sets what it may use at the most. */
    public WorkloadBuilder limits(Limits most) {
        this.limits = most;
        return this;
    }

    /** Sets when it starts, ends and starts again. */
    public WorkloadBuilder lifecycle(Lifecycle rules) {
        this.lifecycle = rules;
        return this;
    }

    /** Sets what can be said of a container only. */
    public WorkloadBuilder container(ContainerOptions options) {
        this.container = options;
        return this;
    }

    /** The finished workload. */
    public Workload build() {
        return new Workload(
                name,
                kind,
                launch,
                entrypoint,
                command,
                shutdown,
                environment,
                ports,
                mounts,
                workdir,
                user,
                dependencies,
                health,
                liveness,
                route,
                limits,
                lifecycle,
                container);
    }
}
