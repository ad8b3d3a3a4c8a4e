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

    static Map<String, Object> of(String workload, HealthCheck check, Values values) {
        if (!(check.probe() instanceof HealthCheck.Exec exec)) {
            throw new AngeeException(
                    ErrorCode.UNSUPPORTED,
                    "workload '" + workload
                            + "': 'healthcheck' is not honoured: the engine cannot probe a container so;"
                            + " use an exec probe, such as a small client inside the image");
        }
        List<String> test = new ArrayList<>(List.of("CMD"));
        test.addAll(values.list(exec.command()));
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

    /** The engine refuses what is shorter than a millisecond. */
    private static String milliseconds(Duration time) {
        return Math.max(1, time.toMillis()) + "ms";
    }
}
