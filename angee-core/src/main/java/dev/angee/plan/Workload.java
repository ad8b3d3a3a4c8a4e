package dev.angee.plan;

import dev.angee.RuntimeKind;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * One thing that runs: everything a backend needs to start it. All text is final; nothing in it is expanded again.
 *
 * @param name its name, unique in the plan among services and jobs together
 * @param kind service or job
 * @param launch what it is started from, and so which runtime runs it
 * @param command the program and its arguments; empty means the image's own command
 * @param environment the variables declared for it, in name order
 * @param ports the container ports to publish
 * @param mounts what a container sees of the host
 * @param workdir the working directory: an absolute host path for a process, a path inside for a container
 * @param dependencies what must be there first
 * @param health how to find out whether it is ready
 */
public record Workload(
        String name,
        WorkloadKind kind,
        Launch launch,
        List<String> command,
        Map<String, String> environment,
        List<PublishedPort> ports,
        List<PlannedMount> mounts,
        Optional<String> workdir,
        List<Dependency> dependencies,
        Optional<HealthCheck> health) {

    /** Copies the collections; the order of the environment is kept. */
    public Workload {
        command = List.copyOf(command);
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

    /** A builder for a service. */
    public static Builder service(String name, Launch launch) {
        return new Builder(name, WorkloadKind.SERVICE, launch);
    }

    /** A builder for a job. */
    public static Builder job(String name, Launch launch) {
        return new Builder(name, WorkloadKind.JOB, launch);
    }

    /** Collects the parts of a workload; not thread-safe. */
    public static final class Builder {
        private final String name;
        private final WorkloadKind kind;
        private final Launch launch;
        private List<String> command = List.of();
        private Map<String, String> environment = Map.of();
        private final List<PublishedPort> ports = new ArrayList<>();
        private final List<PlannedMount> mounts = new ArrayList<>();
        private Optional<String> workdir = Optional.empty();
        private final List<Dependency> dependencies = new ArrayList<>();
        private Optional<HealthCheck> health = Optional.empty();

        private Builder(String name, WorkloadKind kind, Launch launch) {
            this.name = name;
            this.kind = kind;
            this.launch = launch;
        }

        /** Sets the program and its arguments. */
        public Builder command(List<String> words) {
            this.command = words;
            return this;
        }

        /** Sets the declared variables. */
        public Builder environment(Map<String, String> variables) {
            this.environment = variables;
            return this;
        }

        /** Publishes one more port. */
        public Builder port(PublishedPort port) {
            ports.add(port);
            return this;
        }

        /** Adds one more mount. */
        public Builder mount(PlannedMount mount) {
            mounts.add(mount);
            return this;
        }

        /** Sets the working directory. */
        public Builder workdir(String directory) {
            this.workdir = Optional.of(directory);
            return this;
        }

        /** Adds one more dependency. */
        public Builder dependsOn(Dependency dependency) {
            dependencies.add(dependency);
            return this;
        }

        /** Sets the health check. */
        public Builder health(HealthCheck check) {
            this.health = Optional.of(check);
            return this;
        }

        /** The finished workload. */
        public Workload build() {
            return new Workload(name, kind, launch, command, environment, ports, mounts, workdir, dependencies, health);
        }
    }
}
