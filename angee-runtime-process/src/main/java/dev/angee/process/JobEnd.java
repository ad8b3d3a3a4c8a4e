package dev.angee.process;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.angee.plan.Workload;
import dev.angee.runtime.JobRun;
import dev.angee.runtime.JobState;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * How a run ended.
 *
 * @param state its last state
 * @param exitCode its exit code, if it has left one
 * @param duration how long it ran, if that is known
 * @param reason for people; may be empty
 */
record JobEnd(JobState state, OptionalInt exitCode, Optional<Duration> duration, String reason) {
    static final int FORMAT = 1;

    /** The end of a run that nobody has ended before. */
    static JobEnd byItself(Workload job, int code, Optional<Duration> duration) {
        return new JobEnd(JobState.ofExit(job, code), OptionalInt.of(code), duration, "");
    }

    /** No end yet. */
    static JobEnd running() {
        return new JobEnd(JobState.RUNNING, OptionalInt.empty(), Optional.empty(), "");
    }

    /** The end of a run that was ended. */
    static JobEnd of(JobEnding why, OptionalInt code, Optional<Duration> duration) {
        return new JobEnd(why.state(), code, duration, why.reason());
    }

    /** The run with this end. */
    JobRun of(ProcessRecord record) {
        return new JobRun(record.marker().last(), record.name(), record.startedAt(), state, exitCode, duration, reason);
    }

    ObjectNode write() {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.put("format", FORMAT);
        json.put("state", state.name());
        exitCode.ifPresent(code -> json.put("exit_code", code));
        duration.ifPresent(time -> json.put("duration", time.toString()));
        json.put("reason", reason);
        return json;
    }

    /**
     * Understands what {@link #write} wrote.
     *
     * @throws IllegalArgumentException if it is anything else
     */
    static JobEnd read(JsonNode json) {
        requireFormat(json);
        return new JobEnd(
                JobState.valueOf(json.required("state").textValue()),
                json.has("exit_code") ? OptionalInt.of(json.get("exit_code").intValue()) : OptionalInt.empty(),
                Optional.ofNullable(json.get("duration"))
                        .map(JsonNode::textValue)
                        .map(Duration::parse),
                json.required("reason").textValue());
    }

    static void requireFormat(JsonNode json) {
        if (json.required("format").intValue() != FORMAT) {
            throw new IllegalArgumentException("unknown format " + json.get("format"));
        }
    }
}
