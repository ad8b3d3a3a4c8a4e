package dev.angee.compile;

import dev.angee.InvalidInputException;
import dev.angee.RuntimeKind;
import dev.angee.document.Problem;
import dev.angee.expression.Expression;
import dev.angee.expression.ExpressionException;
import dev.angee.expression.Scope;
import dev.angee.manifest.DependencySpec;
import dev.angee.manifest.HealthCheckSpec;
import dev.angee.manifest.Manifest;
import dev.angee.manifest.WorkloadSpec;
import dev.angee.mount.Mount;
import dev.angee.mount.MountVariable;
import dev.angee.mount.ResolvedMount;
import dev.angee.plan.Condition;
import dev.angee.plan.Dependency;
import dev.angee.plan.HealthCheck;
import dev.angee.plan.HealthCheck.Probe;
import dev.angee.plan.Launch;
import dev.angee.plan.PlannedMount;
import dev.angee.plan.Workload;
import dev.angee.plan.WorkloadKind;
import dev.angee.resolve.Bindings;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Plans one service or job; what cannot be planned becomes a problem, and the rest goes on. */
final class WorkloadPlanner {
    private static final int HIGHEST_PORT = 65535;

    private final Manifest manifest;
    private final Bindings bindings;
    private final WorkloadSpec spec;
    private final List<Problem> problems;
    private final Scope scope;

    WorkloadPlanner(Manifest manifest, Bindings bindings, WorkloadSpec spec, List<Problem> problems) {
        this.manifest = manifest;
        this.bindings = bindings;
        this.spec = spec;
        this.problems = problems;
        this.scope = bindings.scope().with("name", spec.name());
    }

    Workload plan(WorkloadKind kind) {
        Launch launch = spec.runtime() == RuntimeKind.CONTAINER
                ? new Launch.Image(spec.image().orElse(""))
                : new Launch.HostProcess();
        Workload.Builder workload =
                kind == WorkloadKind.JOB ? Workload.job(spec.name(), launch) : Workload.service(spec.name(), launch);
        workload.command(evaluate("command", spec.command()));
        Map<String, String> environment = environment();
        List<ResolvedMount> mounts = mounts();
        if (spec.runtime() == RuntimeKind.CONTAINER) {
            mounts.forEach(mount -> workload.mount(planned(mount)));
            containerWorkdir(mounts).ifPresent(workload::workdir);
        } else {
            try {
                environment.putAll(MountVariable.of(mounts));
            } catch (InvalidInputException e) {
                report(spec.path() + ".mounts", e.reason());
            }
            workload.workdir(hostWorkdir());
        }
        workload.environment(environment);
        ports(workload);
        spec.dependencies().forEach(dependency -> workload.dependsOn(dependency(dependency)));
        spec.healthCheck().flatMap(this::health).ifPresent(workload::health);
        return workload.build();
    }

    private Map<String, String> environment() {
        Map<String, String> environment = new TreeMap<>();
        spec.env()
                .forEach((key, value) ->
                        evaluate(spec.path() + ".env." + key, value).ifPresent(text -> environment.put(key, text)));
        return environment;
    }

    private List<ResolvedMount> mounts() {
        List<ResolvedMount> result = new ArrayList<>();
        for (int i = 0; i < spec.mounts().size(); i++) {
            Optional.ofNullable(bindings.mounts().get(spec.path() + ".mounts[" + i + "]"))
                    .ifPresent(result::add);
        }
        return result;
    }

    private void ports(Workload.Builder workload) {
        for (int i = 0; i < spec.ports().size(); i++) {
            String path = spec.path() + ".ports[" + i + "]";
            Optional<String> text = evaluate(path, spec.ports().get(i));
            text.flatMap(PortText::parse).ifPresent(workload::port);
            if (text.isPresent() && PortText.parse(text.get()).isEmpty()) {
                report(path, "'" + text.get() + "' is not a port such as 8080:80 or 127.0.0.1:8080:80/tcp");
            }
        }
    }

    private static PlannedMount planned(ResolvedMount resolved) {
        Mount mount = resolved.mount();
        return resolved.hostPath()
                .<PlannedMount>map(path -> new PlannedMount.Bind(path, mount.target(), mount.readOnly()))
                .orElseGet(() -> new PlannedMount.Volume(mount.name(), mount.target(), mount.readOnly()));
    }

    private String hostWorkdir() {
        if (spec.workdir().isEmpty()) {
            return bindings.root().toString();
        }
        ResolvedMount resolved = bindings.workdirs().get(spec.path() + ".workdir");
        if (resolved != null) {
            if (resolved.hostPath().isEmpty()) {
                report(spec.path() + ".workdir", "a volume has no folder on this host");
            }
            return resolved.hostPath().orElse(bindings.root()).toString();
        }
        String text = evaluate(spec.path() + ".workdir", spec.workdir().get()).orElse("");
        return bindings.root().resolve(text).normalize().toString();
    }

    /** A URI means the place where the container sees that folder: below the target of the mount that holds it. */
    private Optional<String> containerWorkdir(List<ResolvedMount> mounts) {
        if (spec.workdir().isEmpty()) {
            return Optional.empty();
        }
        String path = spec.path() + ".workdir";
        ResolvedMount workdir = bindings.workdirs().get(path);
        if (workdir == null) {
            return evaluate(path, spec.workdir().get());
        }
        Optional<String> inside =
                mounts.stream().flatMap(m -> inside(m, workdir).stream()).findFirst();
        if (inside.isEmpty()) {
            report(path, "'" + spec.workdir().get() + "' is not mounted; add it to 'mounts', or give a path inside");
        }
        return inside;
    }

    private static Optional<String> inside(ResolvedMount mount, ResolvedMount workdir) {
        if (mount.hostPath().isEmpty() || workdir.hostPath().isEmpty()) {
            boolean same = mount.mount().scheme() == workdir.mount().scheme()
                    && mount.mount().name().equals(workdir.mount().name());
            return same ? Optional.of(mount.mount().target()) : Optional.empty();
        }
        Path base = mount.hostPath().get();
        Path wanted = workdir.hostPath().get();
        if (!wanted.startsWith(base)) {
            return Optional.empty();
        }
        String rest = base.relativize(wanted).toString();
        return Optional.of(
                rest.isEmpty() ? mount.mount().target() : mount.mount().target() + "/" + rest);
    }

    private Dependency dependency(DependencySpec dependency) {
        Condition standard = manifest.jobs().containsKey(dependency.name()) ? Condition.COMPLETED : Condition.STARTED;
        return new Dependency(
                dependency.name(),
                dependency.condition().map(c -> Condition.valueOf(c.name())).orElse(standard));
    }

    private Optional<HealthCheck> health(HealthCheckSpec check) {
        String path = spec.path() + ".healthcheck";
        return probe(path, check)
                .map(probe -> new HealthCheck(
                        probe, check.interval(), check.timeout(), check.retries(), check.startPeriod()));
    }

    private Optional<Probe> probe(String path, HealthCheckSpec check) {
        boolean container = spec.runtime() == RuntimeKind.CONTAINER;
        if (check.probe() instanceof HealthCheckSpec.Exec exec) {
            List<String> command = new ArrayList<>();
            for (int i = 0; i < exec.command().size(); i++) {
                evaluate(path + ".exec[" + i + "]", exec.command().get(i)).ifPresent(command::add);
            }
            return Optional.of(new HealthCheck.Exec(command));
        }
        if (container) {
            report(path, "a container's health is checked by 'exec' for now: a command that runs inside it");
            return Optional.empty();
        }
        if (check.probe() instanceof HealthCheckSpec.Http http) {
            Optional<String> page = evaluate(path + ".http.path", http.path());
            return port(path + ".http.port", http.port())
                    .flatMap(port -> page.map(p -> new HealthCheck.Http(port, p.startsWith("/") ? p : "/" + p)));
        }
        HealthCheckSpec.Tcp tcp = (HealthCheckSpec.Tcp) check.probe();
        return port(path + ".tcp.port", tcp.port()).map(HealthCheck.Tcp::new);
    }

    private Optional<Integer> port(String path, Expression written) {
        Optional<String> text = evaluate(path, written);
        Optional<Integer> port = text.filter(t -> t.matches("[1-9][0-9]{0,4}"))
                .map(Integer::valueOf)
                .filter(number -> number <= HIGHEST_PORT);
        if (text.isPresent() && port.isEmpty()) {
            report(path, "'" + text.get() + "' is not a port between 1 and " + HIGHEST_PORT);
        }
        return port;
    }

    private List<String> evaluate(String key, List<Expression> written) {
        List<String> result = new ArrayList<>();
        for (int i = 0; i < written.size(); i++) {
            evaluate(spec.path() + "." + key + "[" + i + "]", written.get(i)).ifPresent(result::add);
        }
        return result;
    }

    private Optional<String> evaluate(String path, Expression written) {
        try {
            return Optional.of(written.evaluate(scope));
        } catch (ExpressionException e) {
            report(path, "character " + (e.offset() + 1) + ": " + e.getMessage());
            return Optional.empty();
        }
    }

    private void report(String path, String message) {
        problems.add(manifest.problemAt(path, message));
    }
}
