package dev.angee.process;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.angee.workload.Condition;
import dev.angee.plan.Dependency;
import dev.angee.plan.HealthCheck;
import dev.angee.plan.HealthCheck.Probe;
import dev.angee.plan.Launch;
import dev.angee.plan.Workload;
import dev.angee.plan.WorkloadKind;
import dev.angee.process.ProcessRecord.Asked;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Records as JSON. */
final class RecordJson {
    private static final int FORMAT = 1;

    private RecordJson() {}

    static ObjectNode write(ProcessRecord record) {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.put("format", FORMAT);
        json.put("marker", record.marker().value());
        json.put("boot_id", record.bootId());
        json.put("started_at", record.startedAt().toString());
        json.put("asked", record.asked().name());
        json.put("log", record.log());
        record.first().ifPresent(first -> {
            json.put("pid", first.pid());
            json.put("start_ticks", first.startTicks());
        });
        write(record.workload(), json.putObject("workload"));
        return json;
    }

    /**
     * Understands what {@link #write} wrote.
     *
     * @throws IllegalArgumentException if it is anything else
     */
    static ProcessRecord read(JsonNode json) {
        try {
            if (json.required("format").intValue() != FORMAT) {
                throw new IllegalArgumentException("unknown format " + json.get("format"));
            }
            Optional<ProcessId> first = json.has("pid")
                    ? Optional.of(new ProcessId(
                            json.required("pid").longValue(),
                            json.required("start_ticks").longValue()))
                    : Optional.empty();
            return new ProcessRecord(
                    workload(json.required("workload")),
                    new Marker(json.required("marker").textValue()),
                    json.required("boot_id").textValue(),
                    Instant.parse(json.required("started_at").textValue()),
                    first,
                    Asked.valueOf(json.required("asked").textValue()),
                    json.required("log").textValue());
        } catch (NullPointerException | java.time.DateTimeException e) {
            throw new IllegalArgumentException("not a process record: " + e.getMessage(), e);
        }
    }

    /** The workload without what is not kept, as a process of the host has none: ports and mounts. */
    static Workload kept(Workload workload) {
        return new Workload(
                workload.name(),
                workload.kind(),
                workload.launch(),
                workload.command(),
                workload.environment(),
                List.of(),
                List.of(),
                workload.workdir(),
                workload.dependencies(),
                workload.health());
    }

    private static void write(Workload workload, ObjectNode json) {
        json.put("name", workload.name());
        json.put("kind", workload.kind().name());
        workload.command().forEach(json.putArray("command")::add);
        workload.environment().forEach(json.putObject("environment")::put);
        workload.workdir().ifPresent(folder -> json.put("workdir", folder));
        ArrayNode dependencies = json.putArray("dependencies");
        workload.dependencies()
                .forEach(each -> dependencies
                        .addObject()
                        .put("name", each.name())
                        .put("condition", each.condition().name()));
        workload.health().ifPresent(check -> write(check, json.putObject("health")));
    }

    private static Workload workload(JsonNode json) {
        Map<String, String> environment = new LinkedHashMap<>();
        json.required("environment")
                .properties()
                .forEach(each -> environment.put(each.getKey(), each.getValue().textValue()));
        List<Dependency> dependencies = new ArrayList<>();
        json.required("dependencies")
                .forEach(each -> dependencies.add(new Dependency(
                        each.required("name").textValue(),
                        Condition.valueOf(each.required("condition").textValue()))));
        return new Workload(
                json.required("name").textValue(),
                WorkloadKind.valueOf(json.required("kind").textValue()),
                new Launch.HostProcess(),
                texts(json.required("command")),
                environment,
                List.of(),
                List.of(),
                Optional.ofNullable(json.get("workdir")).map(JsonNode::textValue),
                dependencies,
                Optional.ofNullable(json.get("health")).map(RecordJson::health));
    }

    private static void write(HealthCheck check, ObjectNode json) {
        json.put("interval", check.interval().toString());
        json.put("timeout", check.timeout().toString());
        json.put("retries", check.retries());
        json.put("start_period", check.startPeriod().toString());
        if (check.probe() instanceof HealthCheck.Http http) {
            json.put("http", http.port()).put("path", http.path());
        } else if (check.probe() instanceof HealthCheck.Tcp tcp) {
            json.put("tcp", tcp.port());
        } else if (check.probe() instanceof HealthCheck.Exec exec) {
            exec.command().forEach(json.putArray("exec")::add);
        }
    }

    private static HealthCheck health(JsonNode json) {
        return new HealthCheck(
                probe(json),
                Duration.parse(json.required("interval").textValue()),
                Duration.parse(json.required("timeout").textValue()),
                json.required("retries").intValue(),
                Duration.parse(json.required("start_period").textValue()));
    }

    private static Probe probe(JsonNode json) {
        if (json.has("http")) {
            return new HealthCheck.Http(
                    json.get("http").intValue(), json.required("path").textValue());
        }
        return json.has("tcp")
                ? new HealthCheck.Tcp(json.get("tcp").intValue())
                : new HealthCheck.Exec(texts(json.required("exec")));
    }

    private static List<String> texts(JsonNode array) {
        List<String> texts = new ArrayList<>();
        array.forEach(each -> texts.add(each.textValue()));
        return texts;
    }
}
