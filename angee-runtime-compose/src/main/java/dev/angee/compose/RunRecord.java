package dev.angee.compose;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.angee.plan.Workload;
import dev.angee.runtime.JobRun;
import dev.angee.runtime.JobState;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * A run of a container job, on record before its container is made.
 *
 * @param id what tells it from every other run
 * @param job the name of the job
 * @param startedAt when it was begun
 * @param deadline until when it may take
 * @param successCodes the exit codes that mean success, beside 0
 * @param container its container, once that has been seen
 */
record RunRecord(
        String id,
        String job,
        Instant startedAt,
        Instant deadline,
        Set<Integer> successCodes,
        Optional<String> container) {
    static final int FORMAT = 1;

    private static final Duration LONGEST = Duration.ofDays(3650);

    /** What is about to be begun. */
    static RunRecord of(String id, Workload job, Instant now, Duration timeout) {
        Instant end = now.plus(timeout.compareTo(LONGEST) > 0 ? LONGEST : timeout);
        return new RunRecord(id, job.name(), now, end, job.lifecycle().successExitCodes(), Optional.empty());
    }

    /** The same, with its container. */
    RunRecord in(String name) {
        return new RunRecord(id, job, startedAt, deadline, successCodes, Optional.of(name));
    }

    /** What it means that it has ended by itself with this code. */
    JobState verdict(int code) {
        return code == 0 || successCodes.contains(code) ? JobState.SUCCEEDED : JobState.FAILED;
    }

    /** How long it was allowed to run. */
    Duration timeout() {
        return Duration.between(startedAt, deadline);
    }

    /** The run, seen so. */
    JobRun seen(RunResult as) {
        return new JobRun(id, job, startedAt, as.state(), as.exitCode(), as.duration(), as.reason());
    }

    ObjectNode write() {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.put("format", FORMAT);
        json.put("id", id);
        json.put("job", job);
        json.put("started_at", startedAt.toString());
        json.put("deadline", deadline.toString());
        new TreeSet<>(successCodes).forEach(json.putArray("success_exit_codes")::add);
        container.ifPresent(name -> json.put("container", name));
        return json;
    }

    /**
     * Understands what {@link #write} wrote.
     *
     * @throws IllegalArgumentException or {@link java.time.DateTimeException} if it is anything else
     */
    static RunRecord read(JsonNode json) {
        requireFormat(json);
        Set<Integer> codes = new TreeSet<>();
        json.required("success_exit_codes").forEach(code -> codes.add(code.intValue()));
        return new RunRecord(
                text(json, "id"),
                text(json, "job"),
                Instant.parse(text(json, "started_at")),
                Instant.parse(text(json, "deadline")),
                codes,
                json.has("container") ? Optional.of(text(json, "container")) : Optional.empty());
    }

    /** A field that is there and holds text. */
    static String text(JsonNode json, String field) {
        JsonNode value = json.required(field);
        if (!value.isTextual()) {
            throw new IllegalArgumentException("no text in '" + field + "'");
        }
        return value.textValue();
    }

    static void requireFormat(JsonNode json) {
        if (json.required("format").intValue() != FORMAT) {
            throw new IllegalArgumentException("unknown format " + json.get("format"));
        }
    }
}
