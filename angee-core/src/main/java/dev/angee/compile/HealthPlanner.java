package dev.angee.compile;

import dev.angee.expression.Expression;
import dev.angee.manifest.HealthCheckSpec;
import dev.angee.manifest.WorkloadSpec;
import dev.angee.plan.HealthCheck;
import dev.angee.plan.HealthCheck.Probe;
import java.util.Optional;

/** Plans one of the checks of one service. */
final class HealthPlanner {
    private static final int HIGHEST_PORT = 65535;

    private final WorkloadPlanner planner;
    private final String field;
    private final String path;

    /** @param field the manifest's name of the check */
    HealthPlanner(WorkloadPlanner planner, WorkloadSpec spec, String field) {
        this.planner = planner;
        this.field = field;
        this.path = spec.path() + "." + field;
    }

    Optional<HealthCheck> plan(HealthCheckSpec check) {
        return probe(check)
                .map(probe -> new HealthCheck(
                        probe, check.interval(), check.timeout(), check.retries(), check.startPeriod()));
    }

    private Optional<Probe> probe(HealthCheckSpec check) {
        if (check.probe() instanceof HealthCheckSpec.Exec exec) {
            return Optional.of(new HealthCheck.Exec(planner.evaluate(field + ".exec", exec.command())));
        }
        if (check.probe() instanceof HealthCheckSpec.LogLine log) {
            return Optional.of(new HealthCheck.LogLine(log.pattern()));
        }
        if (check.probe() instanceof HealthCheckSpec.Http http) {
            Optional<String> page = planner.evaluate(path + ".http.path", http.path());
            return port(path + ".http.port", http.port())
                    .flatMap(port -> page.map(p -> new HealthCheck.Http(port, p.startsWith("/") ? p : "/" + p)));
        }
        HealthCheckSpec.Tcp tcp = (HealthCheckSpec.Tcp) check.probe();
        return port(path + ".tcp.port", tcp.port()).map(HealthCheck.Tcp::new);
    }

    private Optional<Integer> port(String at, Expression written) {
        Optional<String> text = planner.evaluate(at, written);
        Optional<Integer> port = text.filter(t -> t.matches("[1-9][0-9]{0,4}"))
                .map(Integer::valueOf)
                .filter(number -> number <= HIGHEST_PORT);
        if (text.isPresent() && port.isEmpty()) {
            planner.report(at, "'" + text.get() + "' is not a port between 1 and " + HIGHEST_PORT);
        }
        return port;
    }
}
