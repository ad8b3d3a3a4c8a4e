package dev.angee.compose;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.angee.runtime.JobState;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * How a run ended, or that it has not.
 *
 * @param state its state
 * @param exitCode its exit code, if it has left one
 * @param duration how long it ran, if that is known
 * @param reason for people; may be empty
 */
record RunResult(JobState state, OptionalInt exitCode, Optional<Duration> duration, String reason) {
    /** 128 + 9: what the engine tells of a container that was killed, whatever ran in it. */
    private static final int KILLED = 137;

    /** No end yet. */
    static RunResult running(String reason) {
        return of(JobState.RUNNING, reason);
    }

    /** An end of which no more is known. */
    static RunResult of(JobState state, String reason) {
        return new RunResult(state, OptionalInt.empty(), Optional.empty(), reason);
    }

    /**
     * The end of a run whose container has ended.
     *
     * @param why why it was ended, if it was: then one that had to be killed has left no code
     */
    static RunResult of(RunRecord run, Optional<RunEnding> why, int code, Optional<Duration> duration, String reason) {
        return why.map(ending -> new RunResult(
                        ending.state(),
                        code == KILLED ? OptionalInt.empty() : OptionalInt.of(code),
                        duration,
                        ending.reason()))
                .orElseGet(() -> new RunResult(run.verdict(code), OptionalInt.of(code), duration, reason));
    }

    /** The same for a container that is still there. */
    static RunResult of(RunRecord run, Optional<RunEnding> why, ProjectContainer ended) {
        return of(run, why, ended.exitCode(), Optional.of(ended.ran()), ended.reason());
    }

    ObjectNode write() {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.put("format", RunRecord.FORMAT);
        json.put("state", state.name());
        exitCode.ifPresent(code -> json.put("exit_code", code));
        duration.ifPresent(time -> json.put("duration", time.toString()));
        json.put("reason", reason);
        return json;
    }

    static RunResult read(JsonNode json) {
        RunRecord.requireFormat(json);
        return new RunResult(
                JobState.valueOf(RunRecord.text(json, "state")),
                json.has("exit_code") ? OptionalInt.of(json.get("exit_code").intValue()) : OptionalInt.empty(),
                json.has("duration") ? Optional.of(Duration.parse(RunRecord.text(json, "duration"))) : Optional.empty(),
                RunRecord.text(json, "reason"));
    }
}
