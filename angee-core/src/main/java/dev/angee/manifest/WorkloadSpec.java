package dev.angee.manifest;

import dev.angee.RuntimeKind;
import dev.angee.expression.Expression;
import dev.angee.workload.Build;
import dev.angee.workload.ContainerOptions;
import dev.angee.workload.Lifecycle;
import dev.angee.workload.Limits;
import dev.angee.workload.Route;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * A service or a job as it is written.
 *
 * @param name its name
 * @param path its place in the document: {@code services.<name>} or {@code jobs.<name>}
 * @param runtime where it runs
 * @param image the image, for a container
 * @param build how the image is built, for a container
 * @param entrypoint what replaces the image's own entry point
 * @param command the program and its arguments
 * @param shutdown the command that asks it to end
 * @param env its variables, in the order they are written
 * @param envFiles files with more variables, later ones win; those in {@code env} win over all
 * @param ports the container ports to publish
 * @param mounts what it sees of the host
 * @param workdir its working directory
 * @param user who it runs as
 * @param dependencies what must be there first
 * @param healthCheck how to find out whether it is ready
 * @param liveness how to find out whether it still works; what fails it is ended
 * @param route how the edge makes it reachable
 * @param limits what it may use at the most
 * @param lifecycle when it starts, ends and starts again
 * @param container what can be said of a container only
 */
public record WorkloadSpec(
        String name,
        String path,
        RuntimeKind runtime,
        Optional<String> image,
        Optional<Build> build,
        List<Expression> entrypoint,
        List<Expression> command,
        List<Expression> shutdown,
        Map<String, Expression> env,
        List<String> envFiles,
        List<Expression> ports,
        List<MountSpec> mounts,
        Optional<Expression> workdir,
        Optional<String> user,
        List<DependencySpec> dependencies,
        Optional<HealthCheckSpec> healthCheck,
        Optional<HealthCheckSpec> liveness,
        Optional<Route> route,
        Limits limits,
        Lifecycle lifecycle,
        ContainerOptions container) {
    /** Copies the collections. */
    public WorkloadSpec {
        entrypoint = List.copyOf(entrypoint);
        command = List.copyOf(command);
        shutdown = List.copyOf(shutdown);
        env = Ordered.copy(env);
        envFiles = List.copyOf(envFiles);
        ports = List.copyOf(ports);
        mounts = List.copyOf(mounts);
        dependencies = List.copyOf(dependencies);
    }

    /** Every text of it that may hold references, by its manifest path such as {@code services.web.command[0]}. */
    public Map<String, Expression> expressions() {
        return ExpressionCheck.expressions(this);
    }

    /** The inputs it takes: what it names as <code>${inputs.…}</code>, in name order. */
    public Set<String> inputs() {
        return named("inputs.");
    }

    /** The pools it takes ports from: what it names as <code>${alloc.…}</code>, in name order. */
    public Set<String> pools() {
        return named("alloc.");
    }

    /** Whether it mounts a workspace, or works in it: whether one of its texts begins with {@code workspace://<name>}. */
    public boolean standsIn(String workspace) {
        String uri = "workspace://" + workspace;
        return expressions().values().stream()
                .map(Expression::text)
                .anyMatch(text -> text.equals(uri) || text.startsWith(uri + "/") || text.startsWith(uri + ":"));
    }

    private Set<String> named(String namespace) {
        Set<String> names = new TreeSet<>();
        for (Expression expression : expressions().values()) {
            for (String path : expression.references()) {
                if (path.startsWith(namespace)) {
                    names.add(path.substring(namespace.length()));
                }
            }
        }
        return names;
    }
}
