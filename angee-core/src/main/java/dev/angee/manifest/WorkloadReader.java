package dev.angee.manifest;

import dev.angee.RuntimeKind;
import dev.angee.expression.Expression;
import dev.angee.internal.yaml.MappingReader;
import dev.angee.internal.yaml.MappingReader.ListForm;
import dev.angee.workload.Build;
import dev.angee.workload.Condition;
import dev.angee.workload.ContainerOptions;
import dev.angee.workload.Lifecycle;
import dev.angee.workload.Limits;
import dev.angee.workload.Route;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;

/** Reads one service or job; both are read by the same lines, and differ only in the keys they may have. */
final class WorkloadReader {
    private static final List<String> CONDITIONS = List.of("started", "healthy", "completed");
    private static final List<String> CONTAINER_ONLY = List.of(
            "image",
            "build",
            "entrypoint",
            "ports",
            "labels",
            "networks",
            "extra_hosts",
            "cap_drop",
            "cap_add",
            "read_only",
            "no_new_privileges",
            "container_runtime",
            "docker_access");
    private static final String OF_ANY_JOB = "success_exit_codes";
    private static final List<String> LOCAL_ONLY = List.of("shutdown", OF_ANY_JOB, "on_owner_exit");
    private static final Map<String, String> ISOLATION = Map.of(
            "container_name", "a fixed name would break isolation: two stacks could not both have it; remove it",
            "network_mode", "it would break isolation: use 'networks'",
            "privileged", "it would break isolation; there is 'cap_add', and 'docker_access'",
            "pid", "it would break isolation; remove it",
            "ipc", "it would break isolation; remove it");
    private static final int HIGHEST_PORT = 65535;

    private final String name;
    private final MappingReader entry;
    private final boolean isJob;

    private WorkloadReader(String name, MappingReader entry, boolean isJob) {
        this.isJob = isJob;
        this.name = name;
        this.entry = entry;
    }

    static Optional<WorkloadSpec> service(String name, MappingReader entry) {
        return new WorkloadReader(name, entry, false).service();
    }

    static Optional<WorkloadSpec> job(String name, MappingReader entry) {
        return new WorkloadReader(name, entry, true).job();
    }

    private Optional<WorkloadSpec> service() {
        List<Expression> ports = PortReader.read(entry);
        Optional<HealthCheckSpec> health = entry.map("healthcheck", HealthCheckReader::read);
        Optional<HealthCheckSpec> liveness = entry.map("liveness", HealthCheckReader::liveness);
        List<DependencySpec> dependencies = dependencies("depends_on", "after");
        Optional<Route> route = entry.map("route", WorkloadReader::route);
        List<Expression> shutdown = entry.expressions("shutdown");
        Lifecycle lifecycle = LifecycleReader.service(entry);
        entry.unbuilt("shared", "remove it, or declare the service in the manifest of the instance");
        entry.unbuilt("backup", "remove it, and save the data by a job");
        Optional<WorkloadSpec> spec = workload(ports, shutdown, dependencies, health, liveness, route, lifecycle);
        spec.filter(s -> s.runtime() == RuntimeKind.LOCAL && entry.has("route"))
                .ifPresent(s -> entry.problem("route", "a route leads to a container; set 'runtime: container'"));
        return spec;
    }

    private Optional<WorkloadSpec> job() {
        List<DependencySpec> dependencies = dependencies("depends_on");
        Lifecycle lifecycle = LifecycleReader.job(entry);
        return workload(
                List.of(), List.of(), dependencies, Optional.empty(), Optional.empty(), Optional.empty(), lifecycle);
    }

    private Optional<WorkloadSpec> workload(
            List<Expression> ports,
            List<Expression> shutdown,
            List<DependencySpec> dependencies,
            Optional<HealthCheckSpec> health,
            Optional<HealthCheckSpec> liveness,
            Optional<Route> route,
            Lifecycle lifecycle) {
        boolean named = ManifestReader.checkName(name, entry);
        Optional<RuntimeKind> runtime = runtime();
        Optional<String> image = entry.text("image");
        Optional<Build> build = build();
        List<Expression> entrypoint = entry.expressions("entrypoint");
        List<Expression> command = entry.expressions("command");
        Map<String, Expression> env = entry.expressionMap("env");
        checkVariables(env.keySet());
        List<String> envFiles = entry.texts("env_file", ListForm.OR_SCALAR);
        List<MountSpec> mounts = MountReader.read(entry);
        Optional<Expression> workdir =
                entry.expression("workdir").filter(given -> !given.text().isEmpty());
        Optional<String> user = entry.text("user");
        Limits limits = entry.map("limits", LifecycleReader::limits).orElse(Limits.none());
        ContainerOptions container = ContainerReader.read(entry);
        ISOLATION.forEach(entry::refused);
        runtime.ifPresent(this::checkFields);
        if (!named || runtime.isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(new WorkloadSpec(
                name,
                entry.path(),
                runtime.get(),
                image,
                build,
                entrypoint,
                command,
                shutdown,
                env,
                envFiles,
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
                container));
    }

    private void checkVariables(Set<String> variables) {
        List<String> wrong = variables.stream()
                .filter(each -> each.isEmpty() || each.indexOf('=') >= 0 || each.indexOf('\0') >= 0)
                .toList();
        if (!wrong.isEmpty()) {
            MappingReader env = entry.map("env");
            wrong.forEach(each -> env.keyProblem(each, "'" + each + "' cannot be the name of a variable"));
        }
    }

    private Optional<RuntimeKind> runtime() {
        return entry.required("runtime").isEmpty()
                ? Optional.empty()
                : entry.word("runtime", List.of("container", "local"))
                        .map(word -> RuntimeKind.valueOf(word.toUpperCase(Locale.ROOT)));
    }

    private void checkFields(RuntimeKind runtime) {
        if (runtime == RuntimeKind.CONTAINER) {
            if (!entry.has("image") && !entry.has("build")) {
                entry.missing("a container needs an 'image' or a 'build'");
            }
            LOCAL_ONLY.stream()
                    .filter(key -> entry.mentions(key) && !(isJob && OF_ANY_JOB.equals(key)))
                    .forEach(key -> entry.problem(key, "belongs to a local process; remove it"));
            return;
        }
        CONTAINER_ONLY.stream()
                .filter(entry::mentions)
                .forEach(key -> entry.problem(
                        key,
                        "belongs to a container; a local process has none. Remove it, or set 'runtime: container'"));
        if (!entry.has("command")) {
            entry.missing("a local process needs a 'command'");
        } else if (entry.value("command")
                .filter(value ->
                        value instanceof SequenceNode list && list.getValue().isEmpty())
                .isPresent()) {
            entry.problem("command", "needs a program and its arguments");
        }
    }

    private Optional<Build> build() {
        if (entry.value("build").filter(ScalarNode.class::isInstance).isPresent()) {
            return entry.text("build").map(context -> new Build(context, Optional.empty(), Optional.empty(), Map.of()));
        }
        return entry.map("build", build -> {
            Optional<String> context = build.required("context");
            Build read = new Build(
                    context.orElse("."), build.text("dockerfile"), build.text("target"), build.textMap("args"));
            return context.map(given -> read);
        });
    }

    private static Optional<Route> route(MappingReader route) {
        int port = route.integer("port", 1, HIGHEST_PORT).orElse(0);
        if (port == 0 && !route.has("port")) {
            route.missing("'port' is missing: the port inside the container");
        }
        Route.Auth auth = route.word("auth", List.of("forward", "none"))
                .filter("none"::equals)
                .map(word -> Route.Auth.NONE)
                .orElse(Route.Auth.FORWARD);
        return Optional.of(new Route(port, route.text("host"), route.text("path"), auth));
    }

    private List<DependencySpec> dependencies(String... keys) {
        Map<String, DependencySpec> result = new LinkedHashMap<>();
        for (String key : keys) {
            List<DependencySpec> some =
                    entry.value(key).filter(MappingNode.class::isInstance).isPresent() ? conditions(key) : names(key);
            some.forEach(each -> result.merge(each.name(), each, (before, after) -> both(key, before, after)));
        }
        return new ArrayList<>(result.values());
    }

    /** A condition that one of them gives holds for both. */
    private DependencySpec both(String key, DependencySpec before, DependencySpec after) {
        if (before.condition().isEmpty() || after.condition().isEmpty()) {
            return before.condition().isEmpty() && after.condition().isPresent() ? after : before;
        }
        if (!before.condition().equals(after.condition())) {
            entry.contradiction(
                    key,
                    "'" + after.name() + "' is to be " + word(after) + " here and " + word(before) + " in "
                            + before.path() + "; say one of them");
        }
        return before;
    }

    private static String word(DependencySpec dependency) {
        return "'" + dependency.condition().orElseThrow().name().toLowerCase(Locale.ROOT) + "'";
    }

    private List<DependencySpec> names(String key) {
        List<DependencySpec> names = new ArrayList<>();
        entry.items(
                key,
                ListForm.LIST,
                (path, item) -> entry.text(item, path).ifPresent(each -> {
                    names.add(new DependencySpec(each, Optional.empty(), path));
                    entry.remember(entry.path() + ".depends_on." + each, item);
                }));
        return names;
    }

    private List<DependencySpec> conditions(String key) {
        return List.copyOf(entry.entries(key, (each, dependency) -> {
                    entry.remember(entry.path() + ".depends_on." + each, dependency.node());
                    Optional<Condition> condition = dependency
                            .word("condition", CONDITIONS)
                            .map(word -> Condition.valueOf(word.toUpperCase(Locale.ROOT)));
                    return Optional.of(new DependencySpec(each, condition, dependency.path()));
                })
                .values());
    }
}
