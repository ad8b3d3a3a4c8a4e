package dev.angee.process;

import dev.angee.plan.HealthCheck;
import dev.angee.plan.HealthCheck.Probe;
import dev.angee.plan.Workload;
import dev.angee.workload.Condition;
import java.time.Duration;
import java.util.Optional;
import java.util.regex.Pattern;

/** The checks of a service in a file for process-compose. */
final class ProcessComposeProbes {
    /** What means itself in a regular expression; a dollar or braces would mean something to process-compose too. */
    private static final Pattern LITERAL = Pattern.compile("[^\\\\\\[\\](){}^$.|?*+\\p{Cntrl}]+");

    private final YamlLines lines;
    private final Unsaid unsaid;
    private final String root;

    ProcessComposeProbes(YamlLines lines, Unsaid unsaid, String root) {
        this.lines = lines;
        this.unsaid = unsaid;
        this.root = root;
    }

    void add(Workload workload) {
        workload.health().ifPresent(check -> readiness(workload, check));
        workload.liveness().ifPresent(check -> liveness(workload, check));
    }

    /** How another process can wait for a condition of this one; empty if it cannot. */
    static Optional<String> condition(Workload awaited, Condition condition) {
        return switch (condition) {
            case STARTED -> Optional.of("process_started");
            case COMPLETED -> Optional.of("process_completed_successfully");
            case HEALTHY ->
                awaited.health()
                        .map(HealthCheck::probe)
                        .filter(ProcessComposeProbes::canBeSaid)
                        .map(probe -> probe instanceof HealthCheck.LogLine ? "process_log_ready" : "process_healthy");
        };
    }

    private static boolean canBeSaid(Probe probe) {
        return probe instanceof HealthCheck.LogLine log
                ? LITERAL.matcher(log.pattern()).matches()
                : !(probe instanceof HealthCheck.Tcp);
    }

    private void readiness(Workload workload, HealthCheck check) {
        if (check.probe() instanceof HealthCheck.LogLine log) {
            logLine(workload, check, log);
        } else if (check.probe() instanceof HealthCheck.Tcp tcp) {
            unsaid.add(workload, "it is healthy when port " + tcp.port() + " takes connections");
        } else {
            probe("readiness_probe", workload, check);
            timing(workload, check, "its check");
            unsaid.add(workload, "it runs on when its check keeps failing; process-compose ends it");
            if (!check.startPeriod().isZero()) {
                unsaid.add(
                        workload, "failures of its check do not count for " + check.startPeriod() + " after its start");
            }
        }
    }

    private void logLine(Workload workload, HealthCheck check, HealthCheck.LogLine log) {
        if (canBeSaid(log)) {
            lines.add(2, "ready_log_line", log.pattern());
            unsaid.add(
                    workload,
                    "it is unhealthy when that line has not come by try " + check.retries() + ", one every "
                            + check.interval()
                            + (check.startPeriod().isZero() ? "" : ", from " + check.startPeriod() + " on"));
        } else {
            unsaid.add(workload, "it is healthy when a line of its output matches '" + log.pattern() + "'");
        }
    }

    private void liveness(Workload workload, HealthCheck check) {
        if (check.probe() instanceof HealthCheck.Tcp tcp) {
            unsaid.add(workload, "it is ended when port " + tcp.port() + " takes no connections any more");
            return;
        }
        probe("liveness_probe", workload, check);
        timing(workload, check, "its liveness check");
        unsaid.add(
                workload, "it is ended when its liveness check keeps failing; process-compose does so to daemons only");
        if (!check.startPeriod().isZero()) {
            lines.add(3, "initial_delay_seconds", seconds(check.startPeriod()));
            unsaid.add(
                    workload,
                    "its liveness check is made, and does not count, for " + check.startPeriod()
                            + " after its start; here it is not made");
        }
    }

    private void probe(String key, Workload workload, HealthCheck check) {
        lines.add(2, key + ":");
        if (check.probe() instanceof HealthCheck.Http http) {
            lines.add(3, "http_get:");
            lines.add(4, "host", "127.0.0.1");
            lines.add(4, "scheme", "http");
            lines.add(4, "port", Integer.toString(http.port()));
            lines.add(4, "path", http.path());
            unsaid.add(workload, "any status of " + http.path() + " from 200 to 399 is a success; here 200 only");
        } else if (check.probe() instanceof HealthCheck.Exec exec) {
            lines.add(3, "exec:");
            lines.add(4, "command", exec.command());
            lines.add(4, "working_dir", workload.workdir().orElse(root));
            if (!workload.environment().isEmpty()) {
                unsaid.add(
                        workload,
                        (key.startsWith("live") ? "its liveness check" : "its check")
                                + " has the variables of the service; here those of process-compose only");
            }
        }
        lines.add(3, "period_seconds", seconds(check.interval()));
        lines.add(3, "timeout_seconds", seconds(check.timeout()));
        lines.add(3, "failure_threshold", check.retries());
    }

    private void timing(Workload workload, HealthCheck check, String what) {
        if (!isWhole(check.interval()) || !isWhole(check.timeout())) {
            unsaid.add(
                    workload,
                    what + " is tried every " + check.interval() + " for " + check.timeout()
                            + "; rounded up to seconds");
        }
    }

    static boolean isWhole(Duration time) {
        return time.toNanosPart() == 0 && !time.isZero();
    }

    static long seconds(Duration time) {
        return Math.max(1, time.plusNanos(999_999_999).toSeconds());
    }
}
