package dev.angee.process;

import dev.angee.plan.Workload;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * The variables a process gets: the few of this JVM's own that say who and where the user is, over them those declared
 * for the workload, over them the marker. Nothing else of this JVM's environment; it may hold secrets.
 */
final class ChildEnvironment {
    static final String PATH = "PATH";

    private static final Set<String> PASSED_ON =
            Set.of(PATH, "HOME", "USER", "LOGNAME", "SHELL", "LANG", "TZ", "TMPDIR");
    private static final String LOCALE_PREFIX = "LC_";
    private static final String DEFAULT_PATH = "/usr/local/bin:/usr/bin:/bin";

    private final Map<String, String> base = new TreeMap<>();

    ChildEnvironment(Map<String, String> ours) {
        base.put(PATH, DEFAULT_PATH);
        ours.forEach((name, value) -> {
            if (PASSED_ON.contains(name) || name.startsWith(LOCALE_PREFIX)) {
                base.put(name, value);
            }
        });
    }

    /** Where programs are found that belong to no workload. */
    String path() {
        return base.getOrDefault(PATH, DEFAULT_PATH);
    }

    /** All variables of one start of a workload. */
    Map<String, String> of(Workload workload, Marker marker) {
        Map<String, String> all = new TreeMap<>(base);
        all.putAll(workload.environment());
        all.put(Marker.VARIABLE, marker.value());
        return all;
    }
}
