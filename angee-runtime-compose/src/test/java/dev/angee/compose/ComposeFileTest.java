package dev.angee.compose;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.angee.AngeeException;
import dev.angee.ErrorCode;
import dev.angee.plan.Dependency;
import dev.angee.plan.HealthCheck;
import dev.angee.plan.Launch;
import dev.angee.plan.PlannedMount;
import dev.angee.plan.PlannedVolume;
import dev.angee.plan.ProjectName;
import dev.angee.plan.PublishedPort;
import dev.angee.plan.RuntimePlan;
import dev.angee.plan.Workload;
import dev.angee.secret.SecretName;
import dev.angee.secret.Text;
import dev.angee.workload.Condition;
import dev.angee.workload.ContainerOptions;
import dev.angee.workload.DockerAccess;
import dev.angee.workload.Hardening;
import dev.angee.workload.Lifecycle;
import dev.angee.workload.Limits;
import dev.angee.workload.LogRotation;
import dev.angee.workload.OnOwnerExit;
import dev.angee.workload.RestartPolicy;
import dev.angee.workload.RunOn;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ComposeFileTest {
    private static final Launch IMAGE = new Launch.Image("busybox:local");
    private static final Optional<Path> SOCKET = Optional.of(Path.of("/run/$engine.sock"));

    @Test
    void the_file_of_a_plan_with_everything_in_it() throws IOException {
        assertThat(ComposeFile.of(everything(), Map.of(ComposeBackend.ROOT_LABEL, "/srv/notes"), SOCKET))
                .isEqualTo(golden("everything.yaml"));
    }

    @Test
    void the_file_of_a_service_that_asks_for_every_feature() throws IOException {
        assertThat(ComposeFile.of(features(), Map.of("a", "ours"), SOCKET)).isEqualTo(golden("features.yaml"));
    }

    @Test
    void a_secret_is_a_variable_and_the_text_around_it_is_literal_R7() {
        Text value =
                Text.of("a$$").plus(Text.secret(new SecretName("db.pass-word"))).plus(Text.of("${X}{$"));
        Workload web =
                Workload.service("web", IMAGE).variables(Map.of("V", value)).build();
        assertThat(text(web)).contains("\"V\": \"a$$$$${ANGEE_SECRET_DB_PASS_WORD}$${X}{$$\"");
    }

    @Test
    void two_secrets_that_would_share_a_variable_are_refused() {
        Workload web = Workload.service("web", IMAGE)
                .variables(Map.of("A", Text.secret(new SecretName("a-b"))))
                .build();
        Workload api = Workload.service("api", IMAGE)
                .variables(Map.of("A", Text.secret(new SecretName("a.b"))))
                .build();
        assertThatThrownBy(() -> text(web, api))
                .isInstanceOfSatisfying(
                        AngeeException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.INVALID))
                .hasMessageContainingAll("'a-b'", "'a.b'", "ANGEE_SECRET_A_B");
    }

    @Test
    void the_default_network_may_be_named_and_is_not_doubled_R3() {
        Workload web = Workload.service("web", IMAGE)
                .container(ContainerOptions.standard().network("default").network("edge"))
                .build();
        assertThat(text(web))
                .contains("    networks:\n      - \"default\"\n      - \"edge\"\n    init")
                .endsWith("networks:\n  \"default\": {}\n  \"edge\": {}\n");
    }

    @Test
    void an_init_is_put_first_but_where_the_runtime_is_there_for_images_that_bring_one() {
        for (String runtime : List.of("sysbox-runc", "sysbox")) {
            Workload system =
                    Workload.service("web", IMAGE).container(runWith(runtime)).build();
            assertThat(text(system)).contains("runtime: \"" + runtime + "\"").doesNotContain("init:");
        }
        Workload other =
                Workload.service("web", IMAGE).container(runWith("runsc")).build();
        assertThat(text(other)).contains("init: true");
    }

    private static ContainerOptions runWith(String runtime) {
        ContainerOptions standard = ContainerOptions.standard();
        return new ContainerOptions(
                standard.labels(),
                standard.networks(),
                standard.extraHosts(),
                standard.hardening(),
                Optional.of(runtime),
                standard.dockerAccess());
    }

    @Test
    void a_volume_tells_whether_it_was_made_on_the_host() {
        Workload web = Workload.service("web", IMAGE).build();
        RuntimePlan plan = RuntimePlan.of(new ProjectName("p-1"), Path.of("/srv/p"), List.of(web));
        RuntimePlan stored = new RuntimePlan(
                plan.project(),
                plan.root(),
                plan.workloads(),
                List.of(new PlannedVolume("data", "local")),
                plan.networks(),
                plan.provenance());
        Map<String, String> inside =
                Map.of(ComposeBackend.ROOT_LABEL, "/srv/p", ComposeBackend.INSIDE_LABEL, "container");
        assertThat(ComposeFile.of(stored, inside, SOCKET))
                .endsWith(
                        "    labels:\n      \"dev.angee.inside\": \"container\"\n      \"dev.angee.root\": \"/srv/p\"\n");
        assertThat(ComposeFile.of(stored, Map.of(ComposeBackend.ROOT_LABEL, "/srv/p"), SOCKET))
                .contains("      \"dev.angee.inside\": \"host\"\n");
    }

    @Test
    void the_order_of_workloads_does_not_matter() {
        Workload a = Workload.service("a", IMAGE).build();
        Workload b = Workload.job("b", IMAGE).build();
        assertThat(text(a, b)).isEqualTo(text(b, a));
    }

    @Test
    void nothing_planned_is_an_empty_file_also_with_volumes() {
        RuntimePlan plan = plan(List.of(new PlannedVolume("data", "local")));
        assertThat(ComposeFile.of(plan, Map.of(), SOCKET)).isEmpty();
    }

    @Test
    void dependencies_on_jobs_and_on_others_are_left_to_the_caller() {
        Workload web = Workload.service("web", IMAGE)
                .dependsOn(new Dependency("migrate", Condition.COMPLETED))
                .dependsOn(new Dependency("elsewhere", Condition.HEALTHY))
                .build();
        assertThat(text(web, Workload.job("migrate", IMAGE).build())).doesNotContain("depends_on");
    }

    @Test
    void of_two_conditions_on_one_service_the_stronger_holds() {
        Workload web = Workload.service("web", IMAGE)
                .dependsOn(new Dependency("db", Condition.HEALTHY))
                .dependsOn(new Dependency("db", Condition.STARTED))
                .build();
        assertThat(text(web, Workload.service("db", IMAGE).build()))
                .contains("condition: \"service_healthy\"")
                .doesNotContain("service_started");
    }

    @Test
    void what_a_probe_asks_for_is_an_argument_of_its_script_and_no_part_of_it() {
        Workload web = Workload.service("web", IMAGE)
                .health(check(new HealthCheck.Http(8080, "/$(reboot)?a=`x`#ü'\"")))
                .build();
        String script =
                ProbeScript.HTTP.replace("$", "$$").replace("\\", "\\\\").replace("\"", "\\\"");
        assertThat(text(web))
                .contains("- \"CMD\"\n        - \"/bin/sh\"\n        - \"-c\"\n        - \""
                        + script.replace("\n", "\\n") + "\"\n")
                .contains("- \"angee-health\"\n        - \"2\"\n        - \"8080\"\n"
                        + "        - \"/$$(reboot)?a=`x`%23%C3%BC'\\\"\"\n      interval");
        Workload db = Workload.service("db", IMAGE)
                .health(check(new HealthCheck.Tcp(5432)))
                .build();
        assertThat(text(db)).contains("- \"angee-health\"\n        - \"2\"\n        - \"5432\"\n      interval");
    }

    @Test
    void a_profile_is_no_reason_to_make_a_container_anew() {
        Workload plain = Workload.service("web", IMAGE).build();
        Lifecycle standard = Lifecycle.standard();
        Lifecycle profiled = new Lifecycle(
                standard.restart(),
                1,
                Set.of(),
                Optional.empty(),
                Optional.empty(),
                OnOwnerExit.KEEP,
                Optional.empty(),
                List.of("some"),
                RunOn.DEMAND,
                Optional.empty());
        assertThat(text(plain.toBuilder().lifecycle(profiled).build())).isEqualTo(text(plain));
    }

    @Test
    void a_host_process_is_refused() {
        assertThatThrownBy(() ->
                        text(Workload.service("web", new Launch.HostProcess()).build()))
                .isInstanceOfSatisfying(
                        AngeeException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.UNSUPPORTED))
                .hasMessageContaining("'web'");
    }

    @Test
    void text_that_no_program_can_be_given_is_refused() {
        for (String value : List.of("a\0b", "half a pair: \ud83d")) {
            Workload web =
                    Workload.service("web", IMAGE).command(List.of(value)).build();
            assertThatThrownBy(() -> text(web))
                    .isInstanceOfSatisfying(
                            AngeeException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.INVALID))
                    .hasMessageContaining("'web'");
        }
    }

    static RuntimePlan everything() {
        Map<String, String> environment = new LinkedHashMap<>();
        environment.put("EMPTY", "");
        environment.put("PRICE", "$5 ${X:-y} $$");
        environment.put("TEXT", "\"quoted\" 'single' back\\slash\ttab\r\nüñ🚀\u2028");
        environment.put("on", "yes");
        Workload web = Workload.service("web", IMAGE)
                .command(List.of("sh", "-c", "echo \"$PRICE\"; exec sleep 1"))
                .environment(environment)
                .port(new PublishedPort("127.0.0.1", 8080, 80, PublishedPort.Protocol.TCP))
                .port(new PublishedPort("::1", 0, 53, PublishedPort.Protocol.UDP))
                .port(new PublishedPort("", 22, 22, PublishedPort.Protocol.TCP))
                .port(new PublishedPort("", 0, 23, PublishedPort.Protocol.TCP))
                .mount(new PlannedMount.Bind(Path.of("/srv/notes/a $dollar"), "/app", false))
                .mount(new PlannedMount.Volume("data", "/data", true))
                .workdir("/app")
                .dependsOn(new Dependency("db", Condition.HEALTHY))
                .dependsOn(new Dependency("cache", Condition.STARTED))
                .build();
        Workload db = Workload.service("db", IMAGE)
                .health(check(new HealthCheck.Exec(List.of("test", "-f", "/$flag"))))
                .build();
        Workload migrate = Workload.job("migrate", IMAGE)
                .dependsOn(new Dependency("db", Condition.HEALTHY))
                .build();
        return plan(
                List.of(new PlannedVolume("data", "local"), new PlannedVolume("unused", "local")),
                web,
                db,
                Workload.service("cache", IMAGE).build(),
                migrate);
    }

    static RuntimePlan features() {
        Launch built = new Launch.Build(
                Optional.of("notes/web:$1"),
                Path.of("/srv/notes/$web"),
                Optional.of("docker/Recipe"),
                Optional.of("final"),
                Map.of("WORD", "a $b"));
        Lifecycle lifecycle = new Lifecycle(
                RestartPolicy.parse("on-failure:5").orElseThrow(),
                1,
                Set.of(),
                Optional.of("SIGUSR1"),
                Optional.of(Duration.ofMillis(1500)),
                OnOwnerExit.KEEP,
                Optional.of(Duration.ofSeconds(5)),
                List.of("some"),
                RunOn.DEMAND,
                Optional.of(new LogRotation(1 << 20, 3)));
        ContainerOptions container = new ContainerOptions(
                Map.of("a", "theirs", "caddy_0", "{{upstreams 80}} $x"),
                List.of("edge"),
                Map.of("db.local", "10.0.0.7", "six.local", "fd00::1", "host.docker.internal", "host-gateway"),
                new Hardening(List.of("ALL"), List.of("CHOWN", "SETUID"), true, true),
                Optional.of("runc"),
                DockerAccess.SOCKET);
        Workload web = Workload.service("web", built)
                .entrypoint(List.of("/bin/sh", "-c"))
                .command(List.of("echo $PATH"))
                .user("1000:1000")
                .mount(new PlannedMount.Volume("data", "/data", false))
                .limits(new Limits(OptionalLong.of(6442450944L), OptionalInt.of(1250), OptionalInt.of(100)))
                .lifecycle(lifecycle)
                .container(container)
                .variables(Map.of("KEY", Text.secret(new SecretName("key"))))
                .build();
        return plan(List.of(new PlannedVolume("data", "nfs"), new PlannedVolume("own", "local")), web);
    }

    private static HealthCheck check(HealthCheck.Probe probe) {
        return new HealthCheck(probe, Duration.ofMillis(1500), Duration.ofSeconds(2), 3, Duration.ofSeconds(5));
    }

    private static String text(Workload... workloads) {
        return ComposeFile.of(plan(List.of(), workloads), Map.of(), SOCKET);
    }

    private static RuntimePlan plan(List<PlannedVolume> volumes, Workload... workloads) {
        RuntimePlan plan =
                RuntimePlan.of(new ProjectName("notes-1a2b"), Path.of("/srv/notes"), Arrays.asList(workloads));
        return new RuntimePlan(
                plan.project(), plan.root(), plan.workloads(), volumes, plan.networks(), plan.provenance());
    }

    private static String golden(String name) throws IOException {
        try (InputStream in = ComposeFileTest.class.getResourceAsStream("/golden/" + name)) {
            return new String(Objects.requireNonNull(in, name).readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
