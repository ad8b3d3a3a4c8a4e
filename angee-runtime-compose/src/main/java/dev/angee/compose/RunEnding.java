package dev.angee.compose;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.angee.runtime.JobState;
import java.time.Duration;

/**
 * Why a run is being ended before it ends by itself. On record before its container is signalled, so that whoever sees it
 * end, and in whichever JVM, knows why.
 *
 * @param state what it will be
 * @param grace how long it may take, unless its own lifecycle says so
 * @param reason for people
 */
record RunEnding(JobState state, Duration grace, String reason) {
    private static final Duration AT_ONCE = Duration.ofSeconds(1);

    static RunEnding timedOut(Duration timeout) {
        return new RunEnding(
                JobState.TIMED_OUT, AT_ONCE, "it was killed: it had not ended after " + Deadline.spell(timeout));
    }

    static RunEnding cancelled(Duration grace) {
        return new RunEnding(JobState.CANCELLED, grace, "it was cancelled");
    }

    static RunEnding abandoned() {
        return new RunEnding(
                JobState.CANCELLED, AT_ONCE, "its caller was interrupted, or failed to take what the job wrote");
    }

    static RunEnding takenDown(Duration grace) {
        return new RunEnding(JobState.CANCELLED, grace, "its stack was taken down");
    }

    ObjectNode write() {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.put("format", RunRecord.FORMAT);
        json.put("state", state.name());
        json.put("grace", grace.toString());
        json.put("reason", reason);
        return json;
    }

    static RunEnding read(JsonNode json) {
        RunRecord.requireFormat(json);
        return new RunEnding(
                JobState.valueOf(RunRecord.text(json, "state")),
                Duration.parse(RunRecord.text(json, "grace")),
                RunRecord.text(json, "reason"));
    }
}
