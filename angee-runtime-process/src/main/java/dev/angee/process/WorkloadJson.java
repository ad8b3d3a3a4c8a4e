package dev.angee.process;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.angee.plan.Dependency;
import dev.angee.plan.HealthCheck;
import dev.angee.plan.HealthCheck.Probe;
import dev.angee.plan.Launch;
import dev.angee.plan.Workload;
import dev.angee.plan.WorkloadBuilder;
import dev.angee.plan.WorkloadKind;
import dev.angee.secret.Text;
import dev.angee.workload.Condition;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Workloads as JSON, with all that a process of the host can have, and secrets by name only. */
final class WorkloadJson {
    private WorkloadJson() {}

    static void write(Workload workload, ObjectNode json) {
        json.put("name", workload.name());
        json.put("kind", workload.kind().name());
        workload.command().forEach(json.putArray("command")::add);
        workload.shutdown().forEach(json.putArray("shutdown")::add);
        ObjectNode environment = json.putObject("environment");
        workload.environment().forEach((name, value) -> environment.set(name, TextJson.write(value)));
        workload.workdir().ifPresent(folder -> json.put("workdir", folder));
        workload.user().ifPresent(user -> json.put("user", user));
        ArrayNode dependencies = json.putArray("dependencies");
        workload.dependencies()
                .forEach(each -> dependencies
                        .addObject()
                        .put("name", each.name())
                        .put("condition", each.condition().name()));
        workload.health().ifPresent(check -> write(check, json.putObject("health")));
        workload.liveness().ifPresent(check -> write(check, json.putObject("liveness")));
        LifecycleJson.write(workload.limits(), json.putObject("limits"));
        LifecycleJson.write(workload.lifecycle(), json.putObject("lifecycle"));
    }

    /** Understands also what earlier builds wrote, who knew of no shutdown, user, liveness, limits and lifecycle. */
    static Workload read(JsonNode json) {
        String name = json.required("name").textValue();
        Launch launch = new Launch.HostProcess();
        WorkloadKind kind = WorkloadKind.valueOf(json.required("kind").textValue());
        WorkloadBuilder workload =
                kind == WorkloadKind.JOB ? Workload.job(name, launch) : Workload.service(name, launch);
        workload.command(texts(json.required("command"))).variables(environment(json.required("environment")));
        given(json, "shutdown").ifPresent(command -> workload.shutdown(texts(command)));
        given(json, "workdir").ifPresent(folder -> workload.workdir(folder.textValue()));
        given(json, "user").ifPresent(user -> workload.user(user.textValue()));
        json.required("dependencies")
                .forEach(each -> workload.dependsOn(new Dependency(
                        each.required("name").textValue(),
                        Condition.valueOf(each.required("condition").textValue()))));
        given(json, "health").ifPresent(check -> workload.health(check(check)));
        given(json, "liveness").ifPresent(check -> workload.liveness(check(check)));
        given(json, "limits").ifPresent(limits -> workload.limits(LifecycleJson.limits(limits)));
        given(json, "lifecycle").ifPresent(rules -> workload.lifecycle(LifecycleJson.read(rules)));
        return workload.build();
    }

    private static Optional<JsonNode> given(JsonNode json, String field) {
        return Optional.ofNullable(json.get(field));
    }

    private static Map<String, Text> environment(JsonNode json) {
        Map<String, Text> environment = new LinkedHashMap<>();
        json.properties().forEach(each -> environment.put(each.getKey(), TextJson.read(each.getValue())));
        return environment;
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
        } else if (check.probe() instanceof HealthCheck.LogLine log) {
            json.put("log_line", log.pattern());
        }
    }

    private static HealthCheck check(JsonNode json) {
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
        if (json.has("tcp")) {
            return new HealthCheck.Tcp(json.get("tcp").intValue());
        }
        return json.has("log_line")
                ? new HealthCheck.LogLine(json.get("log_line").textValue())
                : new HealthCheck.Exec(texts(json.required("exec")));
    }

    static List<String> texts(JsonNode array) {
        List<String> texts = new ArrayList<>();
        array.forEach(each -> texts.add(each.textValue()));
        return texts;
    }
}
