package dev.angee.manifest;

import dev.angee.expression.Expression;
import dev.angee.internal.yaml.MappingReader;
import dev.angee.manifest.HealthCheckSpec.ProbeSpec;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import java.util.stream.Stream;
import org.snakeyaml.engine.v2.nodes.SequenceNode;

/** Reads {@code healthcheck} and {@code liveness}: one grammar, but that a line of the output proves no life. */
final class HealthCheckReader {
    private static final Duration INTERVAL = Duration.ofSeconds(5);
    private static final Duration TIMEOUT = Duration.ofSeconds(3);
    private static final int RETRIES = 3;
    private static final int MOST_RETRIES = 1000;

    private HealthCheckReader() {}

    static Optional<HealthCheckSpec> read(MappingReader check) {
        List<ProbeSpec> probes = probes(check);
        check.text("log").map(pattern -> logLine(check, pattern)).ifPresent(probes::add);
        long written = written(check) + (check.has("log") ? 1 : 0);
        if (written != 1) {
            check.missing("needs one of http, tcp, exec and log, not " + written);
        }
        return timed(check, probes);
    }

    static Optional<HealthCheckSpec> liveness(MappingReader check) {
        List<ProbeSpec> probes = probes(check);
        check.refused("log", "a line that was once printed says nothing about now; use http, tcp or exec");
        long written = written(check);
        if (written != 1 && !(written == 0 && check.mentions("log"))) {
            check.missing("needs one of http, tcp and exec, not " + written);
        }
        return timed(check, probes);
    }

    private static long written(MappingReader check) {
        return Stream.of("http", "tcp", "exec").filter(check::has).count();
    }

    private static List<ProbeSpec> probes(MappingReader check) {
        List<ProbeSpec> probes = new ArrayList<>();
        check.map("http", http -> {
                    Expression path = http.expression("path").orElse(Expression.literal("/"));
                    return port(http).map(port -> new HealthCheckSpec.Http(port, path));
                })
                .ifPresent(probes::add);
        check.map("tcp", tcp -> port(tcp).map(HealthCheckSpec.Tcp::new)).ifPresent(probes::add);
        if (check.value("exec").isPresent()) {
            List<Expression> command = check.expressions("exec");
            if (command.isEmpty() && check.value("exec").orElseThrow() instanceof SequenceNode) {
                check.problem("exec", "needs a program and its arguments");
            }
            probes.add(new HealthCheckSpec.Exec(command));
        }
        return probes;
    }

    private static Optional<HealthCheckSpec> timed(MappingReader check, List<ProbeSpec> probes) {
        Duration interval = check.duration("interval").orElse(INTERVAL);
        Duration timeout = check.duration("timeout").orElse(TIMEOUT);
        int retries = check.integer("retries", 1, MOST_RETRIES).orElse(RETRIES);
        Duration startPeriod = check.duration("start_period").orElse(Duration.ZERO);
        for (String key : List.of("interval", "timeout")) {
            if (check.duration(key).filter(Duration::isZero).isPresent()) {
                check.contradiction(key, "must be longer than nothing");
            }
        }
        return probes.isEmpty()
                ? Optional.empty()
                : Optional.of(new HealthCheckSpec(probes.get(0), interval, timeout, retries, startPeriod));
    }

    private static Optional<Expression> port(MappingReader probe) {
        Optional<Expression> port = probe.expression("port");
        if (!probe.has("port")) {
            probe.missing("'port' is missing");
        }
        return port;
    }

    private static ProbeSpec logLine(MappingReader check, String pattern) {
        try {
            Pattern.compile(pattern);
        } catch (PatternSyntaxException e) {
            check.contradiction(
                    "log",
                    "is not a regular expression: " + e.getDescription() + " at character " + (e.getIndex() + 1));
        }
        return new HealthCheckSpec.LogLine(pattern);
    }
}
