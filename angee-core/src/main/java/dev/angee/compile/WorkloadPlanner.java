package dev.angee.compile;

import dev.angee.InvalidInputException;
import dev.angee.RuntimeKind;
import dev.angee.document.Problem;
import dev.angee.expression.Expression;
import dev.angee.expression.ExpressionException;
import dev.angee.expression.Scope;
import dev.angee.manifest.DependencySpec;
import dev.angee.manifest.Manifest;
import dev.angee.manifest.WorkloadSpec;
import dev.angee.mount.Mount;
import dev.angee.mount.MountClash;
import dev.angee.mount.MountVariable;
import dev.angee.mount.ResolvedMount;
import dev.angee.plan.Dependency;
import dev.angee.plan.Launch;
import dev.angee.plan.PlannedMount;
import dev.angee.plan.Workload;
import dev.angee.plan.WorkloadBuilder;
import dev.angee.plan.WorkloadKind;
import dev.angee.resolve.Bindings;
import dev.angee.secret.Text;
import dev.angee.workload.Build;
import dev.angee.workload.Condition;
import dev.angee.workload.ContainerOptions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Plans one service or job; what cannot be planned becomes a problem, and the rest goes on. */
final class WorkloadPlanner {
    private final Manifest manifest;
    private final Bindings bindings;
    private final WorkloadSpec spec;
    private final List<Problem> problems;
    private final Scope scope;

    /** For ports: other services' addresses depend on them. */
    private final Scope scopeWithoutServices;

    WorkloadPlanner(
            Manifest manifest,
            Bindings bindings,
            ServiceAddresses addresses,
            WorkloadSpec spec,
            List<Problem> problems) {
        this.manifest = manifest;
        this.bindings = bindings;
        this.spec = spec;
        this.problems = problems;
        this.scope = addresses.seenFrom(spec.runtime()).with("name", spec.name());
        this.scopeWithoutServices = bindings.scope().with("name", spec.name());
    }

    Workload plan(WorkloadKind kind) {
        WorkloadBuilder workload = kind == WorkloadKind.JOB
                ? Workload.job(spec.name(), launch())
                : Workload.service(spec.name(), launch());
        workload.entrypoint(evaluate("entrypoint", spec.entrypoint()));
        workload.command(evaluate("command", spec.command()));
        workload.shutdown(evaluate("shutdown", spec.shutdown()));
        Map<String, Text> environment = environment();
        List<ResolvedMount> mounts = mounts();
        if (spec.runtime() == RuntimeKind.CONTAINER) {
            mount(workload, mounts);
            containerWorkdir(mounts).ifPresent(workload::workdir);
        } else {
            try {
                MountVariable.of(mounts).forEach((name, folder) -> environment.put(name, Text.of(folder)));
            } catch (InvalidInputException e) {
                report(spec.path() + ".mounts", e.reason());
            }
            workload.workdir(hostWorkdir());
        }
        workload.variables(environment);
        ports(workload);
        spec.user().ifPresent(workload::user);
        spec.dependencies().forEach(dependency -> workload.dependsOn(dependency(dependency)));
        spec.healthCheck()
                .flatMap(check -> new HealthPlanner(this, spec, "healthcheck").plan(check))
                .ifPresent(workload::health);
        spec.liveness()
                .flatMap(check -> new HealthPlanner(this, spec, "liveness").plan(check))
                .ifPresent(workload::liveness);
        spec.route().ifPresent(workload::route);
        workload.limits(spec.limits()).lifecycle(spec.lifecycle()).container(container());
        return workload.build();
    }

    private Launch launch() {
        if (spec.runtime() == RuntimeKind.LOCAL) {
            return new Launch.HostProcess();
        }
        spec.image().ifPresent(image -> requirePlain("image", image));
        if (spec.build().isEmpty()) {
            return new Launch.Image(spec.image().orElse(""));
        }
        Build build = spec.build().get();
        requirePlain("build.context", build.context());
        build.args().values().forEach(value -> requirePlain("build.args", value));
        return new Launch.Build(
                spec.image(),
                bindings.root().resolve(build.context()).normalize(),
                build.dockerfile(),
                build.target(),
                build.args());
    }

    /** These are not evaluated, here or by the Go operator; but there Compose expanded them afterwards. */
    private void requirePlain(String field, String text) {
        if (text.contains("${")) {
            report(spec.path() + "." + field, "nothing is expanded here; write '" + text + "' without '${'");
        }
    }

    /** A container that talks to a local process needs to know this host by name. */
    private ContainerOptions container() {
        boolean talksToHost = spec.runtime() == RuntimeKind.CONTAINER
                && spec.expressions().values().stream()
                        .flatMap(expression -> expression.references().stream())
                        .anyMatch(this::isLocalService);
        return talksToHost
                ? spec.container().extraHost(ServiceAddresses.HOST_FROM_CONTAINER, "host-gateway")
                : spec.container();
    }

    private boolean isLocalService(String reference) {
        return reference.startsWith("service.")
                && scope.find(reference)
                        .flatMap(Text::plain)
                        .filter(text -> text.contains(ServiceAddresses.HOST_FROM_CONTAINER))
                        .isPresent();
    }

    private Map<String, Text> environment() {
        Map<String, Text> environment = new TreeMap<>();
        bindings.envFiles()
                .getOrDefault(spec.path(), Map.of())
                .forEach((variable, secret) -> environment.put(variable, Text.secret(secret)));
        spec.env()
                .forEach((key, value) ->
                        resolve(spec.path() + ".env." + key, value).ifPresent(text -> environment.put(key, text)));
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

    private void ports(WorkloadBuilder workload) {
        for (int i = 0; i < spec.ports().size(); i++) {
            String path = spec.path() + ".ports[" + i + "]";
            Optional<String> text = evaluate(path, spec.ports().get(i), scopeWithoutServices);
            text.flatMap(PortText::parse).ifPresent(workload::port);
            if (text.isPresent() && PortText.parse(text.get()).isEmpty()) {
                report(path, "'" + text.get() + "' is not a port such as 8080:80 or 127.0.0.1:8080:80/tcp");
            }
        }
    }

    private void mount(WorkloadBuilder workload, List<ResolvedMount> mounts) {
        MountClash.among(mounts.stream().map(ResolvedMount::mount).toList())
                .ifPresent(clash -> report(spec.path() + ".mounts", clash.message()));
        for (ResolvedMount resolved : mounts) {
            try {
                workload.mount(planned(resolved));
            } catch (InvalidInputException e) {
                report(spec.path() + ".mounts", e.reason());
            }
        }
    }

    private PlannedMount planned(ResolvedMount resolved) {
        Mount mount = resolved.mount();
        return resolved.hostPath()
                .map(bindings.hostPaths()::translate)
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
        String text =
                evaluate(spec.path() + ".workdir", spec.workdir().get(), scope).orElse("");
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
            return evaluate(path, spec.workdir().get(), scope);
        }
        Optional<String> inside = workdir.insideContainer(mounts);
        if (inside.isEmpty()) {
            report(path, "'" + spec.workdir().get() + "' is not mounted; add it to 'mounts', or give a path inside");
        }
        return inside;
    }

    private Dependency dependency(DependencySpec dependency) {
        Condition standard = manifest.jobs().containsKey(dependency.name()) ? Condition.COMPLETED : Condition.STARTED;
        return new Dependency(dependency.name(), dependency.condition().orElse(standard));
    }

    List<String> evaluate(String key, List<Expression> written) {
        List<String> result = new ArrayList<>();
        for (int i = 0; i < written.size(); i++) {
            evaluate(spec.path() + "." + key + "[" + i + "]", written.get(i)).ifPresent(result::add);
        }
        return result;
    }

    Optional<String> evaluate(String path, Expression written) {
        return evaluate(path, written, scope);
    }

    private Optional<String> evaluate(String path, Expression written, Scope in) {
        try {
            return Optional.of(written.evaluate(in));
        } catch (ExpressionException e) {
            problems.add(manifest.problemAt(path, e.offset(), String.valueOf(e.getMessage())));
            return Optional.empty();
        }
    }

    private Optional<Text> resolve(String path, Expression written) {
        try {
            return Optional.of(written.resolve(scope));
        } catch (ExpressionException e) {
            problems.add(manifest.problemAt(path, e.offset(), String.valueOf(e.getMessage())));
            return Optional.empty();
        }
    }

    void report(String path, String message) {
        problems.add(manifest.problemAt(path, message));
    }
}
