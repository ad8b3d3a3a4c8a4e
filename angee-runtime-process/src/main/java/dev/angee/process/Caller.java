package dev.angee.process;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * Who waits for the end of a run.
 *
 * @param process its JVM
 * @param deadline until when the run may take; for whoever looks after it when its caller died
 */
record Caller(ProcessId process, Optional<Instant> deadline) {
    private static final Duration LONGEST = Duration.ofDays(3650);

    /** This JVM. */
    static Caller ourselves(Instant start, Duration timeout) {
        ProcessId id = ProcTable.entry(ProcessHandle.current().pid())
                .map(ProcTable.Entry::id)
                .orElseThrow();
        return new Caller(id, Optional.of(start.plus(timeout.compareTo(LONGEST) > 0 ? LONGEST : timeout)));
    }

    ObjectNode write() {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.put("format", JobEnd.FORMAT);
        json.put("boot_id", Host.bootId());
        json.put("pid", process.pid());
        json.put("start_ticks", process.startTicks());
        deadline.ifPresent(time -> json.put("deadline", time.toString()));
        return json;
    }

    /**
     * Understands what {@link #write} wrote.
     *
     * @throws IllegalArgumentException if it is anything else
     */
    static Caller read(JsonNode json) {
        JobEnd.requireFormat(json);
        ProcessId id = new ProcessId(
                json.required("pid").longValue(), json.required("start_ticks").longValue());
        return new Caller(
                id,
                Optional.ofNullable(json.get("deadline"))
                        .map(JsonNode::textValue)
                        .map(Instant::parse));
    }
}
