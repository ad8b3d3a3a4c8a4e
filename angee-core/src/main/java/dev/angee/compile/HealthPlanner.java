package dev.angee.compile;

import dev.angee.expression.Expression;
import dev.angee.manifest.HealthCheckSpec;
import dev.angee.manifest.WorkloadSpec;
import dev.angee.plan.HealthCheck;
import dev.angee.plan.HealthCheck.Probe;
import java.util.Optional;

/** Plans the health check of one service. */
final class HealthPlanner {
    private static final int HIGHEST_PORT = 65535;

    private final WorkloadPlanner planner;
    private final String path;

    HealthPlanner(WorkloadPlanner planner, WorkloadSpec spec) {
        this.planner = planner;
        this.path = spec.path() + ".healthcheck";
    }

    Optional<HealthCheck> plan(HealthCheckSpec check) {
        return probe(check)
                .map(probe -> new HealthCheck(
                        probe, check.interval(), check.timeout(), check.retries(), check.startPeriod()));
    }

    private Optional<Probe> probe(HealthCheckSpec check) {
        if (check.probe() instanceof HealthCheckSpec.Exec exec) {
            return Optional.of(new HealthCheck.Exec(planner.evaluate("healthcheck.exec", exec.command())));
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
