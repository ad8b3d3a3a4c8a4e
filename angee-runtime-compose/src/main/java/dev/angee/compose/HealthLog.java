package dev.angee.compose;

import com.github.dockerjava.api.command.HealthState;
import com.github.dockerjava.api.command.HealthStateLog;
import com.github.dockerjava.api.command.InspectContainerResponse;
import com.github.dockerjava.api.model.HealthCheck;
import java.util.List;
import java.util.Objects;

/**
 * Why a container is unhealthy, in one line. What a command of the user's has printed may hold a secret, and is not
 * quoted: of such a check its exit code is told, as of a local process's. A probe of ours prints what may be told.
 */
final class HealthLog {
    private static final int LONGEST = 300;
    private static final int NOT_RUN_TO_ITS_END = -1;
    private static final String TOO_LONG = "Health check exceeded timeout";

    private HealthLog() {}

    /** The last probe's problem; empty if the engine kept none. */
    static String problem(HealthState health, InspectContainerResponse seen) {
        List<HealthStateLog> log = Objects.requireNonNullElse(health.getLog(), List.of());
        if (log.isEmpty()) {
            return "";
        }
        HealthStateLog last = log.get(log.size() - 1);
        Long code = last.getExitCodeLong();
        String said = Objects.requireNonNullElse(last.getOutput(), "");
        return problem(test(seen), code == null ? NOT_RUN_TO_ITS_END : code, said);
    }

    /**
     * The problem.
     *
     * @param test the words of the check
     * @param code its exit code; -1 if the engine ended it, or could not run it, and then says why
     * @param said what it printed, or what the engine says
     */
    static String problem(List<String> test, long code, String said) {
        if (code == 0) {
            return "";
        }
        if (code == NOT_RUN_TO_ITS_END && said.startsWith(TOO_LONG)) {
            return "its health check took too long"; // newer engines add what it has printed
        }
        boolean mayBeQuoted = code == NOT_RUN_TO_ITS_END || ProbeScript.isOurs(test);
        String line = mayBeQuoted ? said.strip().lines().findFirst().orElse("") : "";
        if (line.isEmpty()) {
            return "its health check ended with exit code " + code;
        }
        return "its health check: " + (line.length() > LONGEST ? line.substring(0, LONGEST) + "…" : line);
    }

    private static List<String> test(InspectContainerResponse seen) {
        HealthCheck check = seen.getConfig().getHealthcheck();
        return check == null ? List.of() : Objects.requireNonNullElse(check.getTest(), List.of());
    }
}
