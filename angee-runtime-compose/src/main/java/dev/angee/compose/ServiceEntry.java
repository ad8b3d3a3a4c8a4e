package dev.angee.compose;

import dev.angee.AngeeException;
import dev.angee.ErrorCode;
import dev.angee.plan.Dependency;
import dev.angee.plan.Launch;
import dev.angee.plan.PlannedMount;
import dev.angee.plan.PublishedPort;
import dev.angee.plan.Workload;
import dev.angee.workload.Condition;
import dev.angee.workload.DockerAccess;
import dev.angee.workload.Hardening;
import dev.angee.workload.Lifecycle;
import dev.angee.workload.Limits;
import dev.angee.workload.LogRotation;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/** The entry of one service or job in a Compose file. */
final class ServiceEntry {
    /** The network that every container of a stack is on, so that each finds all others by name. */
    static final String DEFAULT_NETWORK = "default";

    private static final String JOB_PROFILE = "job";
    private static final String SOCKET_INSIDE = "/var/run/docker.sock";

    private final Workload workload;
    private final Values values;
    private final Map<String, Object> entry = new LinkedHashMap<>();

    private ServiceEntry(Workload workload) {
        this.workload = workload;
        this.values = new Values(workload);
    }

    /**
     * The entry.
     *
     * @param labels labels that win over the workload's own
     * @param services the services of the file
     * @param socket the engine's socket on this host, if there is one
     */
    static Map<String, Object> of(
            Workload workload, Map<String, String> labels, Set<String> services, Optional<Path> socket) {
        ServiceEntry service = new ServiceEntry(workload);
        service.program();
        service.labels(labels);
        service.surroundings(socket);
        service.dependencies(services);
        service.lifecycle();
        service.limits();
        service.hardening();
        return service.entry;
    }

    private void program() {
        if (workload.launch() instanceof Launch.Image image) {
            entry.put("image", values.text(image.image()));
        } else if (workload.launch() instanceof Launch.Build build) {
            build.image().ifPresent(name -> entry.put("image", values.text(name)));
            entry.put("build", build(build));
        } else {
            throw new AngeeException(
                    ErrorCode.UNSUPPORTED,
                    "workload '" + workload.name()
                            + "' is not started from an image; the container runtime runs images");
        }
        put("entrypoint", values.list(workload.entrypoint()));
        put("command", values.list(workload.command()));
        put("environment", values.texts(workload.environment()));
    }

    private Map<String, Object> build(Launch.Build build) {
        Map<String, Object> recipe = new LinkedHashMap<>();
        recipe.put("context", values.text(build.context().toString()));
        build.dockerfile().ifPresent(file -> recipe.put("dockerfile", values.text(file)));
        build.target().ifPresent(stage -> recipe.put("target", values.text(stage)));
        if (!build.args().isEmpty()) {
            recipe.put("args", new YamlWriter.Named(values.map(build.args())));
        }
        return recipe;
    }

    private void labels(Map<String, String> ours) {
        Map<String, String> all = new TreeMap<>(workload.container().labels());
        all.putAll(ours);
        put("labels", values.map(all));
    }

    private void surroundings(Optional<Path> socket) {
        put(
                "ports",
                values.list(workload.ports().stream().map(ServiceEntry::port).toList()));
        List<Map<String, Object>> mounts =
                new ArrayList<>(workload.mounts().stream().map(this::mount).toList());
        if (workload.container().dockerAccess() == DockerAccess.SOCKET) {
            // Read-only: whoever can connect commands the engine all the same, but cannot chmod the host's socket.
            socket.ifPresent(path -> mounts.add(mount(new PlannedMount.Bind(path, SOCKET_INSIDE, true))));
        }
        put("volumes", mounts);
        workload.workdir().ifPresent(folder -> entry.put("working_dir", values.text(folder)));
        workload.user().ifPresent(who -> entry.put("user", values.text(who)));
        Set<String> networks = new LinkedHashSet<>(List.of(DEFAULT_NETWORK));
        networks.addAll(workload.container().networks());
        if (networks.size() > 1) {
            entry.put("networks", values.list(List.copyOf(networks)));
        }
        put("extra_hosts", values.map(workload.container().extraHosts()));
    }

    private static String port(PublishedPort port) {
        String address = port.address().contains(":") ? "[" + port.address() + "]" : port.address();
        String host = port.hostPort() == 0 ? "" : String.valueOf(port.hostPort());
        String target = port.targetPort() + "/" + port.protocol().id();
        return address.isEmpty() && host.isEmpty()
                ? target
                : (address.isEmpty() ? "" : address + ":") + host + ":" + target;
    }

    private Map<String, Object> mount(PlannedMount mount) {
        Map<String, Object> written = new LinkedHashMap<>();
        if (mount instanceof PlannedMount.Bind bind) {
            written.put("type", "bind");
            written.put("source", values.text(bind.source().toString()));
        } else if (mount instanceof PlannedMount.Volume volume) {
            written.put("type", "volume");
            written.put("source", values.text(volume.name()));
        } else if (mount instanceof PlannedMount.Memory memory) {
            written.put("type", "tmpfs");
            written.put("tmpfs", Map.of("size", memory.size()));
        }
        written.put("target", values.text(mount.target()));
        written.put("read_only", mount.readOnly());
        if (mount instanceof PlannedMount.Bind) {
            written.put("bind", Map.of("create_host_path", false));
        }
        return written;
    }

    /** Only services of this file: whoever gave the plan sees to what a workload needs of others, and to jobs. */
    private void dependencies(Set<String> services) {
        Map<String, Condition> strongest = new TreeMap<>();
        for (Dependency each : workload.dependencies()) {
            if (services.contains(each.name())) {
                strongest.merge(each.name(), each.condition(), (a, b) -> a.compareTo(b) > 0 ? a : b);
            }
        }
        Map<String, Object> entries = new LinkedHashMap<>();
        strongest.forEach((name, condition) -> entries.put(name, Map.of("condition", word(condition))));
        put("depends_on", entries);
    }

    private static String word(Condition condition) {
        return switch (condition) {
            case STARTED -> "service_started";
            case HEALTHY -> "service_healthy";
            case COMPLETED -> "service_completed_successfully";
        };
    }

    private void lifecycle() {
        Lifecycle lifecycle = workload.lifecycle();
        workload.health().ifPresent(check -> entry.put("healthcheck", Healthcheck.of(check, values)));
        if (workload.container().runtime().filter(ServiceEntry::bringsAnInit).isEmpty()) {
            entry.put("init", true);
        }
        entry.put("restart", lifecycle.restart().toString());
        lifecycle.stopSignal().ifPresent(signal -> entry.put("stop_signal", values.text(signal)));
        lifecycle.stopGrace().ifPresent(grace -> entry.put("stop_grace_period", seconds(grace)));
        lifecycle.logs().ifPresent(logs -> entry.put("logging", logging(logs)));
        if (workload.isJob()) {
            entry.put("profiles", List.of(JOB_PROFILE));
        }
        if (lifecycle.replicas() != 1) {
            // Not deploy.replicas, a change of which makes all containers anew (2.26).
            entry.put("scale", lifecycle.replicas());
        }
    }

    /** Such a runtime is there to run images whose first process is an init, and which must be the first. */
    private static boolean bringsAnInit(String runtime) {
        return runtime.startsWith("sysbox");
    }

    /** The engine counts whole seconds, and Compose would cut the rest off. */
    private static String seconds(Duration time) {
        return time.plusNanos(999_999_999).toSeconds() + "s";
    }

    private static Map<String, Object> logging(LogRotation logs) {
        Map<String, Object> options = new LinkedHashMap<>();
        options.put("max-size", Long.toString(logs.maxSize()));
        options.put("max-file", Integer.toString(logs.maxFiles()));
        Map<String, Object> logging = new LinkedHashMap<>();
        logging.put("driver", "json-file");
        logging.put("options", options);
        return logging;
    }

    private void limits() {
        Limits limits = workload.limits();
        limits.memory().ifPresent(bytes -> {
            entry.put("mem_limit", bytes);
            entry.put(
                    "memswap_limit",
                    bytes); // of memory and swap together; without it the engine adds as much swap again
        });
        limits.milliCpus().ifPresent(milli -> entry.put("cpus", BigDecimal.valueOf(milli, 3)));
        limits.pids().ifPresent(pids -> entry.put("pids_limit", pids));
    }

    private void hardening() {
        Hardening hardening = workload.container().hardening();
        put("cap_drop", values.list(List.copyOf(new LinkedHashSet<>(hardening.capDrop()))));
        put("cap_add", values.list(List.copyOf(new LinkedHashSet<>(hardening.capAdd()))));
        if (hardening.readOnly()) {
            entry.put("read_only", true);
        }
        if (hardening.noNewPrivileges()) {
            entry.put("security_opt", List.of("no-new-privileges:true"));
        }
        workload.container().runtime().ifPresent(runtime -> entry.put("runtime", values.text(runtime)));
    }

    private void put(String key, List<?> list) {
        if (!list.isEmpty()) {
            entry.put(key, list);
        }
    }

    private void put(String key, Map<String, ?> map) {
        if (!map.isEmpty()) {
            entry.put(key, new YamlWriter.Named(map));
        }
    }
}
