package dev.angee.process;

import static org.assertj.core.api.Assertions.assertThat;

import dev.angee.plan.Dependency;
import dev.angee.plan.HealthCheck;
import dev.angee.plan.Launch;
import dev.angee.plan.Workload;
import dev.angee.workload.Condition;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class RecordJsonTest {
    private static final Instant NOW = Instant.parse("2026-01-02T03:04:05.678Z");

    static Workload everything() {
        return Workload.service("ü../x", new Launch.HostProcess())
                .command(List.of("a", "", "b c\n"))
                .environment(Map.of("K", "v=\"1\""))
                .workdir("/tmp")
                .dependsOn(new Dependency("db", Condition.HEALTHY))
                .dependsOn(new Dependency("db", Condition.STARTED))
                .health(check(new HealthCheck.Http(8080, "/x?y=1")))
                .build();
    }

    private static HealthCheck check(HealthCheck.Probe probe) {
        return new HealthCheck(probe, Duration.ofMillis(1500), Duration.ofSeconds(2), 3, Duration.ofMinutes(1));
    }

    @Test
    void what_was_written_is_read_again() {
        for (HealthCheck.Probe probe : List.of(
                new HealthCheck.Tcp(1), new HealthCheck.Exec(List.of("a", "b")), new HealthCheck.Http(80, "/"))) {
            Workload workload = Workload.service("s", new Launch.HostProcess())
                    .command(List.of("x"))
                    .health(check(probe))
                    .build();
            ProcessRecord record = new ProcessRecord(
                    workload,
                    new Marker("m"),
                    "boot",
                    NOW,
                    java.util.Optional.of(new ProcessId(5, 6)),
                    ProcessRecord.Asked.KILLED,
                    "log");
            assertThat(RecordJson.read(RecordJson.write(record))).isEqualTo(record);
        }
        ProcessRecord intent = new ProcessRecord(
                everything(),
                new Marker("m"),
                "boot",
                NOW,
                java.util.Optional.empty(),
                ProcessRecord.Asked.NOTHING,
                "log");
        assertThat(RecordJson.read(RecordJson.write(intent))).isEqualTo(intent);
    }
}
