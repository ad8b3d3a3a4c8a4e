package dev.angee.process;

import dev.angee.AngeeException;
import dev.angee.ErrorCode;
import dev.angee.plan.Workload;
import dev.angee.secret.ResolvedSecrets;
import dev.angee.secret.SecretName;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * The variables a process gets: the few of this JVM's own that say who and where the user is, over them those declared
 * for the workload, over them the marker and, for a service, which of its replicas it is. Nothing else of this JVM's environment; it may hold secrets. Of the secrets
 * that are at hand, only those that the workload itself names; this is the only place where their values are filled in.
 */
final class ChildEnvironment {
    static final String PATH = "PATH";

    private static final Set<String> PASSED_ON =
            Set.of(PATH, "HOME", "USER", "LOGNAME", "SHELL", "LANG", "TZ", "TMPDIR");
    private static final String REPLICA = "ANGEE_REPLICA";
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

    /**
     * The variables declared for a workload, with the secrets it names.
     *
     * @throws AngeeException {@code NOT_FOUND}, naming the workload and the secret, if one has no value
     */
    static Map<String, String> declared(Workload workload, ResolvedSecrets secrets) {
        for (SecretName name : workload.secrets()) {
            if (secrets.find(name).isEmpty()) {
                throw new AngeeException(
                        ErrorCode.NOT_FOUND,
                        (workload.isJob() ? "job '" : "service '") + workload.name()
                                + "' cannot be started: its secret '" + name
                                + "' has no value; set it in the secret store");
            }
        }
        Map<String, String> filled = new TreeMap<>();
        workload.environment().forEach((name, value) -> filled.put(name, secrets.fill(value)));
        return filled;
    }

    /**
     * All variables of one start of a workload.
     *
     * @param user who it runs as, if it says so
     */
    Map<String, String> of(Workload workload, Marker marker, ResolvedSecrets secrets, Optional<RunAs> user) {
        Map<String, String> all = new TreeMap<>(base);
        user.ifPresent(who -> all.putAll(who.variables()));
        all.putAll(declared(workload, secrets));
        all.put(Marker.VARIABLE, marker.value());
        if (!workload.isJob()) {
            all.put(REPLICA, Integer.toString(Replicas.number(workload.name())));
        }
        return all;
    }
}
