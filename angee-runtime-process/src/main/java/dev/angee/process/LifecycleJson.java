package dev.angee.process;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.angee.workload.Lifecycle;
import dev.angee.workload.Limits;
import dev.angee.workload.LogRotation;
import dev.angee.workload.OnOwnerExit;
import dev.angee.workload.RestartPolicy;
import dev.angee.workload.RunOn;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeSet;

/** Lifecycles and limits as JSON; what is not there is as standard. */
final class LifecycleJson {
    private LifecycleJson() {}

    static void write(Lifecycle lifecycle, ObjectNode json) {
        json.put("restart", lifecycle.restart().toString());
        json.put("replicas", lifecycle.replicas());
        lifecycle.successExitCodes().forEach(json.putArray("success_exit_codes")::add);
        lifecycle.stopSignal().ifPresent(signal -> json.put("stop_signal", signal));
        lifecycle.stopGrace().ifPresent(grace -> json.put("stop_grace", grace.toString()));
        json.put("on_owner_exit", lifecycle.onOwnerExit().name());
        lifecycle.timeout().ifPresent(timeout -> json.put("timeout", timeout.toString()));
        lifecycle.profiles().forEach(json.putArray("profiles")::add);
        json.put("run_on", lifecycle.runOn().name());
        lifecycle
                .logs()
                .ifPresent(logs ->
                        json.putObject("logs").put("max_size", logs.maxSize()).put("max_files", logs.maxFiles()));
    }

    static Lifecycle read(JsonNode json) {
        Set<Integer> codes = new TreeSet<>();
        json.required("success_exit_codes").forEach(code -> codes.add(code.intValue()));
        return new Lifecycle(
                restart(json.required("restart").textValue()),
                json.required("replicas").intValue(),
                codes,
                Optional.ofNullable(json.get("stop_signal")).map(JsonNode::textValue),
                duration(json, "stop_grace"),
                OnOwnerExit.valueOf(json.required("on_owner_exit").textValue()),
                duration(json, "timeout"),
                WorkloadJson.texts(json.required("profiles")),
                RunOn.valueOf(json.required("run_on").textValue()),
                Optional.ofNullable(json.get("logs"))
                        .map(logs -> new LogRotation(
                                logs.required("max_size").longValue(),
                                logs.required("max_files").intValue())));
    }

    private static RestartPolicy restart(String text) {
        return RestartPolicy.parse(text)
                .orElseThrow(() -> new IllegalArgumentException("no restart policy: '" + text + "'"));
    }

    private static Optional<Duration> duration(JsonNode json, String field) {
        return Optional.ofNullable(json.get(field)).map(JsonNode::textValue).map(Duration::parse);
    }

    static void write(Limits limits, ObjectNode json) {
        limits.memory().ifPresent(bytes -> json.put("memory", bytes));
        limits.milliCpus().ifPresent(cpus -> json.put("milli_cpus", cpus));
        limits.pids().ifPresent(pids -> json.put("pids", pids));
    }

    static Limits limits(JsonNode json) {
        return new Limits(
                json.has("memory") ? OptionalLong.of(json.get("memory").longValue()) : OptionalLong.empty(),
                integer(json, "milli_cpus"),
                integer(json, "pids"));
    }

    private static OptionalInt integer(JsonNode json, String field) {
        return json.has(field) ? OptionalInt.of(json.get(field).intValue()) : OptionalInt.empty();
    }
}
