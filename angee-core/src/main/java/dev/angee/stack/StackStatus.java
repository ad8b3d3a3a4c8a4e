package dev.angee.stack;

import dev.angee.RuntimeKind;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A stack, as declared and as it is.
 *
 * @param root its root
 * @param name its name
 * @param services its services by name, also those that run and are no longer declared
 * @param jobs its jobs by name, with the runtime they run on
 */
public record StackStatus(Path root, String name, Map<String, ServiceStatus> services, Map<String, RuntimeKind> jobs) {
    /** Copies the maps. */
    public StackStatus {
        services = java.util.Collections.unmodifiableMap(new LinkedHashMap<>(services));
        jobs = java.util.Collections.unmodifiableMap(new LinkedHashMap<>(jobs));
    }

    /** Whether every declared service runs and is healthy. */
    public boolean isReady() {
        return services.values().stream()
                .allMatch(s -> s.observed().filter(o -> o.isReady()).isPresent());
    }
}
