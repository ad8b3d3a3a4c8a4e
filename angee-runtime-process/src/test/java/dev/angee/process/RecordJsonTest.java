package dev.angee.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.angee.plan.Dependency;
import dev.angee.plan.HealthCheck;
import dev.angee.plan.Launch;
import dev.angee.plan.Workload;
import dev.angee.secret.SecretName;
import dev.angee.secret.Text;
import dev.angee.workload.Condition;
import dev.angee.workload.Lifecycle;
import dev.angee.workload.Limits;
import dev.angee.workload.LogRotation;
import dev.angee.workload.OnOwnerExit;
import dev.angee.workload.RestartPolicy;
import dev.angee.workload.RunOn;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

class RecordJsonTest {
    private static final Instant NOW = Instant.parse("2026-01-02T03:04:05.678Z");
    private static final Text WITH_SECRET = Text.of("postgres://app:")
            .plus(Text.secret(new SecretName("db-password")))
            .plus(Text.of("@db/"));

    private static final String FORMAT_1 = """
            {"format": 1, "marker": "m.1", "boot_id": "boot", "started_at": "2026-01-02T03:04:05.678Z",
             "asked": "TO_END", "log": "log.1", "pid": 5, "start_ticks": 6,
             "workload": {"name": "web", "kind": "SERVICE", "command": ["a", "b"],
               "environment": {"K": "v", "R": "${secret.x}", "J": "[{\\"secret\\": \\"x\\"}]"}, "workdir": "/tmp",
               "dependencies": [{"name": "db", "condition": "HEALTHY"}],
               "health": {"interval": "PT1S", "timeout": "PT2S", "retries": 3, "start_period": "PT0S", "tcp": 80}}}
            """;

    /** All that a process of the host can have. */
    static Workload everything() {
        return Workload.service("ü../x", new Launch.HostProcess())
                .command(List.of("a", "", "b c\n"))
                .shutdown(List.of("stop", "it"))
                .variables(Map.of("K", Text.of("v=\"1\""), "E", Text.of(""), "URL", WITH_SECRET))
                .workdir("/tmp")
                .user("nobody")
                .dependsOn(new Dependency("db", Condition.HEALTHY))
                .dependsOn(new Dependency("db", Condition.STARTED))
                .health(check(new HealthCheck.Http(8080, "/x?y=1")))
                .liveness(check(new HealthCheck.Exec(List.of("alive", "é"))))
                .limits(new Limits(OptionalLong.of(1L << 40), OptionalInt.of(1500), OptionalInt.of(7)))
                .lifecycle(new Lifecycle(
                        RestartPolicy.parse("on-failure:5").orElseThrow(),
                        3,
                        Set.of(3, 255),
                        Optional.of("SIGINT"),
                        Optional.of(Duration.ofMillis(1234)),
                        OnOwnerExit.STOP,
                        Optional.of(Duration.ofHours(1)),
                        List.of("dev", "ci"),
                        RunOn.UP,
                        Optional.of(new LogRotation(1L << 40, 2))))
                .build();
    }

    private static HealthCheck check(HealthCheck.Probe probe) {
        return new HealthCheck(probe, Duration.ofMillis(1500), Duration.ofSeconds(2), 3, Duration.ofMinutes(1));
    }

    private static ProcessRecord intent(Workload workload) {
        return new ProcessRecord(
                workload,
                new Marker("m"),
                "boot",
                NOW,
                Optional.empty(),
                ProcessRecord.Asked.NOTHING,
                "log",
                7,
                new ProcessRecord.Attempts(3, 2));
    }

    private static ProcessRecord throughText(ProcessRecord record) throws Exception {
        return RecordJson.read(
                new ObjectMapper().readTree(RecordJson.write(record).toString()));
    }

    @Test
    void what_was_written_is_read_again() throws Exception {
        for (HealthCheck.Probe probe : List.of(
                new HealthCheck.Tcp(1),
                new HealthCheck.Exec(List.of("a", "b")),
                new HealthCheck.LogLine("ready"),
                new HealthCheck.Http(80, "/"))) {
            Workload workload = Workload.service("s", new Launch.HostProcess())
                    .command(List.of("x"))
                    .health(check(probe))
                    .build();
            ProcessRecord record = new ProcessRecord(
                    workload,
                    new Marker("m"),
                    "boot",
                    NOW,
                    Optional.of(new ProcessId(5, 6)),
                    ProcessRecord.Asked.KILLED,
                    "log",
                    0,
                    ProcessRecord.Attempts.NONE);
            assertThat(throughText(record)).isEqualTo(record);
        }
        assertThat(throughText(intent(everything()))).isEqualTo(intent(everything()));
        Workload job = Workload.job("j", new Launch.HostProcess())
                .command(List.of("x"))
                .build();
        assertThat(throughText(intent(job))).isEqualTo(intent(job));
    }

    @Test
    void what_was_read_again_needs_no_restart() throws Exception {
        Workload kept = throughText(intent(everything())).workload();
        assertThat(kept.needsRestartFor(everything())).isFalse();
        assertThat(kept.needsRestartFor(
                        everything().toBuilder().shutdown(List.of("other")).build()))
                .isTrue();
        assertThat(kept.needsRestartFor(everything().toBuilder()
                        .liveness(check(new HealthCheck.Tcp(1)))
                        .build()))
                .isTrue();
    }

    @Test
    void secrets_are_kept_by_name_apart_from_what_is_literal() {
        JsonNode environment = RecordJson.write(intent(everything())).at("/workload/environment");
        assertThat(environment.get("K").textValue()).isEqualTo("v=\"1\"");
        assertThat(environment.get("URL"))
                .hasToString("[{\"text\":\"postgres://app:\"},{\"secret\":\"db-password\"},{\"text\":\"@db/\"}]");
    }

    @Test
    void any_mixture_of_literals_that_look_like_secrets_and_secrets_is_read_as_it_was() throws Exception {
        List<String> pieces = List.of("${secret.a}", "$", "[{\"secret\":\"a\"}]", "\"", "\n", "{", "a", "ü😀", "\\");
        Random random = new Random(20260102);
        for (int i = 0; i < 2000; i++) {
            Text text = Text.of("");
            for (int parts = random.nextInt(6); parts > 0; parts--) {
                text = text.plus(
                        random.nextBoolean()
                                ? Text.of(pieces.get(random.nextInt(pieces.size())))
                                : Text.secret(new SecretName(random.nextBoolean() ? "a" : "b.c")));
            }
            ProcessRecord record = intent(Workload.service("s", new Launch.HostProcess())
                    .variables(Map.of("K", text))
                    .build());
            assertThat(throughText(record)).isEqualTo(record);
        }
    }

    @Test
    void a_record_of_format_1_is_read_and_its_texts_are_literal() throws Exception {
        ProcessRecord record = RecordJson.read(new ObjectMapper().readTree(FORMAT_1));
        Workload expected = Workload.service("web", new Launch.HostProcess())
                .command(List.of("a", "b"))
                .environment(Map.of("K", "v", "R", "${secret.x}", "J", "[{\"secret\": \"x\"}]"))
                .workdir("/tmp")
                .dependsOn(new Dependency("db", Condition.HEALTHY))
                .health(new HealthCheck(
                        new HealthCheck.Tcp(80), Duration.ofSeconds(1), Duration.ofSeconds(2), 3, Duration.ZERO))
                .build();
        assertThat(record.workload()).isEqualTo(expected);
        assertThat(record.first()).contains(new ProcessId(5, 6));
        assertThat(record.asked()).isEqualTo(ProcessRecord.Asked.TO_END);
    }

    @Test
    void other_formats_and_other_texts_are_refused() throws Exception {
        for (String damaged : List.of(
                FORMAT_1.replace("\"format\": 1", "\"format\": 4"),
                FORMAT_1.replace("\"format\": 1", "\"format\": 0"),
                FORMAT_1.replace("\"K\": \"v\"", "\"K\": 5"),
                FORMAT_1.replace("\"K\": \"v\"", "\"K\": [{\"other\": \"v\"}]"),
                FORMAT_1.replace("\"K\": \"v\"", "\"K\": [{\"text\": null}]"))) {
            JsonNode json = new ObjectMapper().readTree(damaged);
            assertThatThrownBy(() -> RecordJson.read(json)).as(damaged).isInstanceOf(IllegalArgumentException.class);
        }
    }
}
