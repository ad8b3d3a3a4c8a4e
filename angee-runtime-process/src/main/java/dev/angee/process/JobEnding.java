package dev.angee.process;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.angee.runtime.JobState;
import java.time.Duration;

/**
 * Why a run is being ended before it ends by itself. On record before its first process is signalled, so that whoever sees
 * it end, and in whichever JVM, knows why.
 *
 * @param state what it will be
 * @param grace how long it may take
 * @param reason for people
 */
record JobEnding(JobState state, Duration grace, String reason) {
    private static final Duration AT_ONCE = Duration.ofSeconds(1);

    static JobEnding timedOut(Duration timeout) {
        return new JobEnding(
                JobState.TIMED_OUT, AT_ONCE, "it was killed because it took longer than " + timeout.toMillis() + " ms");
    }

    static JobEnding cancelled(Duration grace) {
        return new JobEnding(JobState.CANCELLED, grace, "it was cancelled");
    }

    static JobEnding abandoned() {
        return new JobEnding(
                JobState.CANCELLED, AT_ONCE, "its caller was interrupted, or failed to take what the job wrote");
    }

    ObjectNode write() {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.put("format", JobEnd.FORMAT);
        json.put("state", state.name());
        json.put("grace", grace.toString());
        json.put("reason", reason);
        return json;
    }

    static JobEnding read(JsonNode json) {
        JobEnd.requireFormat(json);
        return new JobEnding(
                JobState.valueOf(json.required("state").textValue()),
                Duration.parse(json.required("grace").textValue()),
                json.required("reason").textValue());
    }
}
