package dev.angee.process;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.angee.process.ProcessRecord.Asked;
import dev.angee.process.ProcessRecord.Attempts;
import java.time.Instant;
import java.util.Optional;

/** Records as JSON; no value of a secret is in them. */
final class RecordJson {
    /**
     * Format 1 had only variables without secrets, as plain strings, which mean the same now; format 2 knew of no restarts.
     */
    private static final int FORMAT = 3;

    private static final int OLDEST_FORMAT = 1;

    private RecordJson() {}

    static ObjectNode write(ProcessRecord record) {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.put("format", FORMAT);
        json.put("marker", record.marker().value());
        json.put("boot_id", record.bootId());
        json.put("started_at", record.startedAt().toString());
        json.put("asked", record.asked().name());
        json.put("log", record.log());
        json.put("log_start", record.logStart());
        json.put("restarts", record.attempts().restarts());
        json.put("retries", record.attempts().retries());
        record.first().ifPresent(first -> {
            json.put("pid", first.pid());
            json.put("start_ticks", first.startTicks());
        });
        WorkloadJson.write(record.workload(), json.putObject("workload"));
        return json;
    }

    /**
     * Understands what {@link #write} wrote.
     *
     * @throws IllegalArgumentException if it is anything else
     */
    static ProcessRecord read(JsonNode json) {
        try {
            int format = json.required("format").intValue();
            if (format < OLDEST_FORMAT || format > FORMAT) {
                throw new IllegalArgumentException("unknown format " + json.get("format"));
            }
            Optional<ProcessId> first = json.has("pid")
                    ? Optional.of(new ProcessId(
                            json.required("pid").longValue(),
                            json.required("start_ticks").longValue()))
                    : Optional.empty();
            return new ProcessRecord(
                    WorkloadJson.read(json.required("workload")),
                    new Marker(json.required("marker").textValue()),
                    json.required("boot_id").textValue(),
                    Instant.parse(json.required("started_at").textValue()),
                    first,
                    Asked.valueOf(json.required("asked").textValue()),
                    json.required("log").textValue(),
                    json.path("log_start").longValue(),
                    new Attempts(
                            json.path("restarts").intValue(),
                            json.path("retries").intValue()));
        } catch (NullPointerException | java.time.DateTimeException e) {
            throw new IllegalArgumentException("not a process record: " + e.getMessage(), e);
        }
    }
}
