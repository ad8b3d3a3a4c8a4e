package dev.angee.process;

import java.time.Clock;
import java.util.Map;

/**
 * What a process backend takes from its surroundings.
 *
 * @param environment the variables of this JVM; of these, processes get only the few that {@link ProcessBackend} names
 * @param clock tells when a process was started
 */
public record ProcessSettings(Map<String, String> environment, Clock clock) {
    /** Copies the variables. */
    public ProcessSettings {
        environment = Map.copyOf(environment);
    }

    /** The settings for an environment, with the system's clock. */
    public static ProcessSettings of(Map<String, String> environment) {
        return new ProcessSettings(environment, Clock.systemUTC());
    }
}
