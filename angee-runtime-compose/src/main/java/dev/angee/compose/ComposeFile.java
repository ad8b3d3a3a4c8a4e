package dev.angee.compose;

import dev.angee.AngeeException;
import dev.angee.ErrorCode;
import dev.angee.plan.Dependency;
import dev.angee.plan.Launch;
import dev.angee.plan.PlannedMount;
import dev.angee.plan.PublishedPort;
import dev.angee.plan.RuntimePlan;
import dev.angee.plan.Workload;
import dev.angee.workload.Condition;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * The Compose file of a plan. Pure: the same text for the same plan and labels. Services and jobs come in name order;
 * jobs are in a profile of their own, so that {@code up} passes them by.
 */
final class ComposeFile {
    private static final String JOB_PROFILE = "job";

    private final RuntimePlan plan;
    private final Map<String, String> labels;
    private final Set<String> services;

    private ComposeFile(RuntimePlan plan, Map<String, String> labels) {
        this.plan = plan;
        this.labels = labels;
        this.services = plan.workloads().stream()
                .filter(w -> !w.isJob())
                .map(Workload::name)
                .collect(Collectors.toSet());
    }

    /**
     * The text of the file; empty when nothing is planned.
     *
     * @param plan the container part of a plan
     * @param labels what every container is labelled with
     * @throws AngeeException {@code UNSUPPORTED}, {@code INVALID} for what cannot be said in such a file
     */
    static String of(RuntimePlan plan, Map<String, String> labels) {
        return plan.isEmpty() ? "" : YamlWriter.write(new ComposeFile(plan, labels).document());
    }

    private Map<String, Object> document() {
        Map<String, Object> document = new LinkedHashMap<>();
        document.put("name", plan.project().value());
        Map<String, Object> all = new TreeMap<>();
        plan.workloads().forEach(w -> all.put(w.name(), service(w)));
        document.put("services", new YamlWriter.Named(all));
        Map<String, Object> volumes = volumes();
        if (!volumes.isEmpty()) {
            document.put("volumes", new YamlWriter.Named(volumes));
        }
        return document;
    }

    private Map<String, Object> service(Workload workload) {
        Values values = new Values(workload);
        Map<String, Object> service = new LinkedHashMap<>();
        service.put("image", values.text(image(workload)));
        put(service, "command", values.list(workload.command()));
        put(service, "environment", values.texts(workload.environment()));
        put(service, "labels", values.map(labels));
        put(
                service,
                "ports",
                values.list(workload.ports().stream().map(ComposeFile::port).toList()));
        put(
                service,
                "volumes",
                workload.mounts().stream().map(m -> mount(m, values)).toList());
        workload.workdir().ifPresent(w -> service.put("working_dir", values.text(w)));
        Map<String, Object> dependencies = dependencies(workload);
        if (!dependencies.isEmpty()) {
            service.put("depends_on", new YamlWriter.Named(dependencies));
        }
        workload.health().ifPresent(h -> service.put("healthcheck", Healthcheck.of(workload.name(), h, values)));
        service.put("init", true);
        service.put("restart", "no");
        if (workload.isJob()) {
            service.put("profiles", List.of(JOB_PROFILE));
        }
        return service;
    }

    private static String image(Workload workload) {
        if (workload.launch() instanceof Launch.Image image) {
            return image.image();
        }
        throw new AngeeException(
                ErrorCode.UNSUPPORTED,
                "workload '" + workload.name() + "' is not started from an image; the container runtime runs images");
    }

    private static void put(Map<String, Object> service, String key, List<?> list) {
        if (!list.isEmpty()) {
            service.put(key, list);
        }
    }

    private static void put(Map<String, Object> service, String key, Map<String, String> map) {
        if (!map.isEmpty()) {
            service.put(key, new YamlWriter.Named(map));
        }
    }

    private static String port(PublishedPort port) {
        String address = port.address().contains(":") ? "[" + port.address() + "]" : port.address();
        String host = port.hostPort() == 0 ? "" : String.valueOf(port.hostPort());
        String target = port.targetPort() + "/" + port.protocol().id();
        return address.isEmpty() && host.isEmpty()
                ? target
                : (address.isEmpty() ? "" : address + ":") + host + ":" + target;
    }

    private static Map<String, Object> mount(PlannedMount mount, Values values) {
        Map<String, Object> entry = new LinkedHashMap<>();
        if (mount instanceof PlannedMount.Bind bind) {
            entry.put("type", "bind");
            entry.put("source", values.text(bind.source().toString()));
        } else if (mount instanceof PlannedMount.Volume volume) {
            entry.put("type", "volume");
            entry.put("source", values.text(volume.name()));
        }
        entry.put("target", values.text(mount.target()));
        entry.put("read_only", mount.readOnly());
        if (mount instanceof PlannedMount.Bind) {
            entry.put("bind", Map.of("create_host_path", false));
        }
        return entry;
    }

    /** Only services of this file: whoever gave the plan sees to what a workload needs of others, and to jobs. */
    private Map<String, Object> dependencies(Workload workload) {
        Map<String, Condition> strongest = new TreeMap<>();
        for (Dependency each : workload.dependencies()) {
            if (services.contains(each.name())) {
                strongest.merge(each.name(), each.condition(), (a, b) -> a.compareTo(b) > 0 ? a : b);
            }
        }
        Map<String, Object> entries = new LinkedHashMap<>();
        strongest.forEach((name, condition) -> entries.put(name, Map.of("condition", word(condition))));
        return entries;
    }

    private static String word(Condition condition) {
        return switch (condition) {
            case STARTED -> "service_started";
            case HEALTHY -> "service_healthy";
            case COMPLETED -> "service_completed_successfully";
        };
    }

    private Map<String, Object> volumes() {
        Map<String, Object> entries = new TreeMap<>();
        plan.volumes().forEach(volume -> entries.put(volume.name(), Map.of()));
        return entries;
    }
}
