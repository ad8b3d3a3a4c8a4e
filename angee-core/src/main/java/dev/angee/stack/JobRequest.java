package dev.angee.stack;

import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;

/**
 * A job to run, and what it is given.
 *
 * @param job its name
 * @param inputs what <code>${inputs.…}</code> stands for in it, by name
 */
public record JobRequest(String job, Map<String, String> inputs) {
    /** Copies the map. */
    public JobRequest {
        inputs = Collections.unmodifiableMap(new TreeMap<>(inputs));
    }

    /** The job with this name, given nothing. */
    public static JobRequest named(String job) {
        return new JobRequest(job, Map.of());
    }

    /** The same, given one more input. */
    public JobRequest input(String name, String value) {
        Map<String, String> more = new TreeMap<>(inputs);
        more.put(name, value);
        return new JobRequest(job, more);
    }
}
