package dev.angee.manifest;

import dev.angee.RuntimeKind;
import dev.angee.expression.Expression;
import dev.angee.internal.yaml.MappingReader;
import dev.angee.manifest.DependencySpec.DependencyCondition;
import dev.angee.manifest.HealthCheckSpec.ProbeSpec;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.snakeyaml.engine.v2.nodes.MappingNode;

/** Reads one service or job; both are read by the same lines, and differ only in the keys they may have. */
final class WorkloadReader {
    private static final List<String> CONDITIONS = List.of("started", "healthy", "completed");

    private WorkloadReader() {}

    static Optional<WorkloadSpec> service(String name, MappingReader entry) {
        List<Expression> ports = entry.expressions("ports");
        Optional<HealthCheckSpec> health =
                entry.value("healthcheck").isPresent() ? healthCheck(entry.map("healthcheck")) : Optional.empty();
        List<DependencySpec> dependencies = dependencies(entry, "depends_on", "after");
        entry.unbuilt("route", "publish a port instead");
        Optional<WorkloadSpec> spec = workload(name, entry, ports, dependencies, health);
        spec.filter(s -> s.runtime() == RuntimeKind.LOCAL).ifPresent(s -> {
            if (!ports.isEmpty()) {
                entry.problem("ports", "a local service listens on the host itself; remove 'ports'");
            }
        });
        return spec;
    }

    static Optional<WorkloadSpec> job(String name, MappingReader entry) {
        List<DependencySpec> dependencies = dependencies(entry, "depends_on");
        entry.unbuilt("run_on", "run it by name, or let a service depend on it");
        return workload(name, entry, List.of(), dependencies, Optional.empty());
    }

    private static Optional<WorkloadSpec> workload(
            String name,
            MappingReader entry,
            List<Expression> ports,
            List<DependencySpec> dependencies,
            Optional<HealthCheckSpec> health) {
        boolean named = ManifestReader.checkName(name, entry);
        Optional<RuntimeKind> runtime = runtime(entry);
        Optional<String> image = entry.text("image");
        List<Expression> command = entry.expressions("command");
        Map<String, Expression> env = entry.expressionMap("env");
        List<Expression> mounts = entry.expressions("mounts");
        Optional<Expression> workdir = entry.expression("workdir");
        entry.unbuilt("build", "build the image yourself and name it in 'image'");
        entry.unbuilt("env_file", "write the variables in 'env'");
        if (!named || runtime.isEmpty()) {
            return Optional.empty();
        }
        checkLaunch(entry, runtime.get(), image, command);
        return Optional.of(new WorkloadSpec(
                name, entry.path(), runtime.get(), image, command, env, ports, mounts, workdir, dependencies, health));
    }

    private static Optional<RuntimeKind> runtime(MappingReader entry) {
        return entry.required("runtime").isEmpty()
                ? Optional.empty()
                : entry.word("runtime", List.of("container", "local"))
                        .map(word -> RuntimeKind.valueOf(word.toUpperCase(Locale.ROOT)));
    }

    private static void checkLaunch(
            MappingReader entry, RuntimeKind runtime, Optional<String> image, List<Expression> command) {
        if (runtime == RuntimeKind.CONTAINER) {
            if (image.filter(text -> !text.isBlank()).isEmpty()
                    && entry.value("build").isEmpty()) {
                entry.problem("", "a container needs an 'image'");
            }
            return;
        }
        if (image.isPresent()) {
            entry.problem("image", "a local process has no image; remove it, or set 'runtime: container'");
        }
        if (command.isEmpty() && entry.value("command").isEmpty()) {
            entry.problem("", "a local process needs a 'command'");
        }
    }

    private static List<DependencySpec> dependencies(MappingReader entry, String... keys) {
        Map<String, DependencySpec> result = new LinkedHashMap<>();
        for (String key : keys) {
            List<DependencySpec> some =
                    entry.value(key).filter(v -> v instanceof MappingNode).isPresent()
                            ? conditions(entry, key)
                            : names(entry, key);
            some.forEach(each -> result.putIfAbsent(each.name(), each));
        }
        return new ArrayList<>(result.values());
    }

    private static List<DependencySpec> names(MappingReader entry, String key) {
        return entry.expressions(key).stream()
                .map(name -> new DependencySpec(name.text(), Optional.empty()))
                .toList();
    }

    private static List<DependencySpec> conditions(MappingReader entry, String key) {
        return List.copyOf(entry.entries(
                        key,
                        (name, dependency) -> Optional.of(new DependencySpec(
                                name,
                                dependency
                                        .word("condition", CONDITIONS)
                                        .map(word -> DependencyCondition.valueOf(word.toUpperCase(Locale.ROOT))))))
                .values());
    }

    private static Optional<HealthCheckSpec> healthCheck(MappingReader check) {
        List<ProbeSpec> probes = new ArrayList<>();
        if (check.value("http").isPresent()) {
            MappingReader http = check.map("http");
            Optional<Expression> port = port(http);
            Expression path = http.expression("path").orElse(Expression.literal("/"));
            http.finish();
            port.ifPresent(p -> probes.add(new HealthCheckSpec.Http(p, path)));
        }
        if (check.value("tcp").isPresent()) {
            MappingReader tcp = check.map("tcp");
            Optional<Expression> port = port(tcp);
            tcp.finish();
            port.ifPresent(p -> probes.add(new HealthCheckSpec.Tcp(p)));
        }
        if (check.value("exec").isPresent()) {
            List<Expression> command = check.expressions("exec");
            if (command.isEmpty()) {
                check.problem("exec", "needs a program and its arguments");
            }
            probes.add(new HealthCheckSpec.Exec(command));
        }
        int written = (int) List.of("http", "tcp", "exec").stream()
                .filter(k -> check.value(k).isPresent())
                .count();
        if (written != 1) {
            check.problem("", "needs one of http, tcp and exec, not " + written);
        }
        HealthCheckSpec spec = new HealthCheckSpec(
                probes.isEmpty() ? new HealthCheckSpec.Exec(List.of()) : probes.get(0),
                check.duration("interval", Duration.ofSeconds(5)),
                check.duration("timeout", Duration.ofSeconds(3)),
                check.integer("retries", 1, 1000).orElse(3),
                check.duration("start_period", Duration.ZERO));
        check.finish();
        return Optional.of(spec);
    }

    private static Optional<Expression> port(MappingReader probe) {
        Optional<Expression> port = probe.expression("port");
        if (port.isEmpty() && probe.value("port").isEmpty()) {
            probe.problem("", "'port' is missing");
        }
        return port;
    }
}
