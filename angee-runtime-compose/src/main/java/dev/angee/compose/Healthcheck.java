package dev.angee.compose;

import dev.angee.AngeeException;
import dev.angee.ErrorCode;
import dev.angee.plan.HealthCheck;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The {@code healthcheck} entry of a service. */
final class Healthcheck {
    private Healthcheck() {}

    static Map<String, Object> of(HealthCheck check, Values values) {
        List<String> test = new ArrayList<>(List.of("CMD"));
        test.addAll(values.list(command(check, values.workload().name())));
        Map<String, Object> entry = new LinkedHashMap<>();
        entry.put("test", test);
        entry.put("interval", milliseconds(check.interval()));
        entry.put("timeout", milliseconds(check.timeout()));
        entry.put("retries", check.retries());
        if (!check.startPeriod().isZero()) {
            entry.put("start_period", milliseconds(check.startPeriod()));
        }
        return entry;
    }

    private static List<String> command(HealthCheck check, String workload) {
        if (check.probe() instanceof HealthCheck.Exec exec) {
            return exec.command();
        }
        if (check.probe() instanceof HealthCheck.Http http) {
            return ProbeScript.http(http, check.timeout());
        }
        if (check.probe() instanceof HealthCheck.Tcp tcp) {
            return ProbeScript.tcp(tcp, check.timeout());
        }
        throw new AngeeException(
                ErrorCode.UNSUPPORTED, "workload '" + workload + "': the engine has no such check: " + check.probe());
    }

    /** The engine refuses what is shorter than a millisecond. */
    private static String milliseconds(Duration time) {
        return Math.max(1, time.toMillis()) + "ms";
    }
}
