package dev.angee.manifest;

import dev.angee.RuntimeKind;
import dev.angee.expression.Expression;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A service or a job as it is written.
 *
 * @param name its name
 * @param path its place in the document: {@code services.<name>} or {@code jobs.<name>}
 * @param runtime where it runs
 * @param image the image, for a container
 * @param command the program and its arguments
 * @param env its variables, in the order they are written
 * @param ports the container ports to publish
 * @param mounts what it sees of the host
 * @param workdir its working directory
 * @param dependencies what must be there first
 * @param healthCheck how to find out whether it is ready
 */
public record WorkloadSpec(
        String name,
        String path,
        RuntimeKind runtime,
        Optional<String> image,
        List<Expression> command,
        Map<String, Expression> env,
        List<Expression> ports,
        List<Expression> mounts,
        Optional<Expression> workdir,
        List<DependencySpec> dependencies,
        Optional<HealthCheckSpec> healthCheck) {
    /** Copies the collections. */
    public WorkloadSpec {
        command = List.copyOf(command);
        env = Ordered.copy(env);
        ports = List.copyOf(ports);
        mounts = List.copyOf(mounts);
        dependencies = List.copyOf(dependencies);
    }
}
