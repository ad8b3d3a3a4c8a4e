package dev.angee.compose;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.angee.AngeeException;
import dev.angee.ErrorCode;
import dev.angee.plan.HealthCheck;
import dev.angee.plan.Launch;
import dev.angee.plan.ProjectName;
import dev.angee.plan.RuntimePlan;
import dev.angee.plan.Workload;
import dev.angee.runtime.BackendInfo;
import dev.angee.runtime.Feature;
import dev.angee.workload.ContainerOptions;
import dev.angee.workload.DockerAccess;
import dev.angee.workload.Hardening;
import dev.angee.workload.Lifecycle;
import dev.angee.workload.Limits;
import dev.angee.workload.LogRotation;
import dev.angee.workload.OnOwnerExit;
import dev.angee.workload.RestartPolicy;
import dev.angee.workload.RunOn;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Each feature is either in the file or refused, and {@code describe} says which. */
class HonouredTest {
    private static final ProjectName PROJECT = new ProjectName("p-1");
    private static final Path ROOT = Path.of("/srv/p");
    private static final Launch IMAGE = new Launch.Image("busybox:local");

    /** A service that asks for one feature, and what the file then says. */
    private record Example(Workload service, String line) {}

    @Test
    void every_feature_that_is_declared_stands_in_the_file_and_every_other_is_refused_by_name() {
        Map<Feature, Example> examples = examples();
        assertThat(examples.keySet()).isEqualTo(EnumSet.allOf(Feature.class));
        try (ComposeBackend backend = open("unix:///run/engine.sock")) {
            Set<Feature> declared = backend.describe().features();
            String plain = text(backend, Workload.service("web", IMAGE).build());
            examples.forEach((feature, example) -> {
                assertThat(Feature.of(example.service())).containsExactly(feature);
                if (feature == Feature.SUCCESS_EXIT_CODES) {
                    assertRefused(backend, example.service(), feature); // of a service; they are looked at, not written
                } else if (declared.contains(feature)) {
                    assertThat(plain).doesNotContain(example.line());
                    assertThat(text(backend, example.service())).contains(example.line());
                } else {
                    assertRefused(backend, example.service(), feature);
                }
            });
        }
    }

    @Test
    void what_is_declared_does_not_depend_on_an_engine_that_answers() {
        try (ComposeBackend backend = open("unix:///nowhere.sock")) {
            BackendInfo info = backend.describe();
            assertThat(info.usable()).isFalse();
            assertThat(info.features())
                    .isEqualTo(EnumSet.complementOf(
                            EnumSet.of(Feature.SHUTDOWN, Feature.ON_OWNER_EXIT, Feature.LOG_CHECK, Feature.LIVENESS)));
        }
    }

    @Test
    void the_socket_of_an_engine_elsewhere_cannot_be_given_to_a_container() {
        for (String host : List.of("tcp://10.0.0.7:2375", "ssh://host", "unix://relative.sock")) {
            try (ComposeBackend backend = open(host)) {
                assertThat(backend.describe().features()).doesNotContain(Feature.DOCKER_ACCESS);
                assertRefused(backend, examples().get(Feature.DOCKER_ACCESS).service(), Feature.DOCKER_ACCESS);
            }
        }
    }

    @Test
    void the_exit_codes_that_mean_success_are_a_jobs_and_no_services_R49() {
        Workload job = Workload.job("once", IMAGE)
                .lifecycle(lifecycle(Feature.SUCCESS_EXIT_CODES))
                .build();
        try (ComposeBackend backend = open("unix:///run/engine.sock")) {
            assertThat(backend.describe().features()).contains(Feature.SUCCESS_EXIT_CODES);
            assertThat(text(backend, job)).contains("once");
            assertRefused(backend, examples().get(Feature.SUCCESS_EXIT_CODES).service(), Feature.SUCCESS_EXIT_CODES);
        }
    }

    @Test
    void a_job_is_not_started_again() {
        Workload job = Workload.job("once", IMAGE)
                .lifecycle(lifecycle(Feature.RESTART))
                .build();
        try (ComposeBackend backend = open("unix:///run/engine.sock")) {
            assertRefused(backend, job, Feature.RESTART);
        }
    }

    @Test
    void none_of_a_service_is_refused() {
        Workload service = Workload.service("web", IMAGE)
                .lifecycle(Lifecycle.standard().replicas(0))
                .build();
        try (ComposeBackend backend = open("unix:///run/engine.sock")) {
            assertRefused(backend, service, Feature.REPLICAS);
        }
    }

    private static void assertRefused(ComposeBackend backend, Workload workload, Feature feature) {
        assertThatThrownBy(() -> text(backend, workload))
                .isInstanceOfSatisfying(
                        AngeeException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.UNSUPPORTED))
                .hasMessageContaining("'" + workload.name() + "'")
                .hasMessageContaining("'" + feature.field() + "'");
    }

    private static ComposeBackend open(String host) {
        ComposeSettings settings = ComposeSettings.of(Map.of()).program("/nonexistent/docker");
        return ComposeBackend.open(PROJECT, ROOT, settings.dockerHost(host));
    }

    private static String text(ComposeBackend backend, Workload workload) {
        return backend.compile(RuntimePlan.of(PROJECT, ROOT, List.of(workload))).text();
    }

    private static Map<Feature, Example> examples() {
        Map<Feature, Example> examples = new EnumMap<>(Feature.class);
        Launch built =
                new Launch.Build(Optional.empty(), Path.of("/ctx"), Optional.empty(), Optional.empty(), Map.of());
        examples.put(Feature.BUILD, new Example(Workload.service("web", built).build(), "context: \"/ctx\""));
        examples.put(
                Feature.ENTRYPOINT,
                new Example(
                        Workload.service("web", IMAGE).entrypoint(List.of("e")).build(), "entrypoint:\n      - \"e\""));
        examples.put(
                Feature.USER,
                new Example(Workload.service("web", IMAGE).user("1:2").build(), "user: \"1:2\""));
        examples.put(
                Feature.LIMITS,
                new Example(
                        Workload.service("web", IMAGE)
                                .limits(new Limits(OptionalLong.of(7), OptionalInt.empty(), OptionalInt.empty()))
                                .build(),
                        "mem_limit: 7"));
        examples.put(
                Feature.SHUTDOWN,
                new Example(
                        Workload.service("web", IMAGE).shutdown(List.of("x")).build(), ""));
        Map<Feature, String> lines = Map.of(
                Feature.RESTART, "restart: \"on-failure:5\"",
                Feature.STOP_SIGNAL, "stop_signal: \"SIGINT\"",
                Feature.STOP_GRACE, "stop_grace_period: \"2s\"",
                Feature.LOGS, "max-file: \"3\"",
                Feature.REPLICAS, "scale: 2");
        for (Feature each : List.of(
                Feature.RESTART,
                Feature.STOP_SIGNAL,
                Feature.STOP_GRACE,
                Feature.LOGS,
                Feature.REPLICAS,
                Feature.SUCCESS_EXIT_CODES,
                Feature.ON_OWNER_EXIT)) {
            Workload service =
                    Workload.service("web", IMAGE).lifecycle(lifecycle(each)).build();
            examples.put(each, new Example(service, lines.getOrDefault(each, "")));
        }
        examples.put(
                Feature.LIVENESS,
                new Example(
                        Workload.service("web", IMAGE)
                                .liveness(check(new HealthCheck.Exec(List.of("true"))))
                                .build(),
                        ""));
        examples.putAll(ofContainers());
        examples.putAll(ofProbes());
        return examples;
    }

    private static Lifecycle lifecycle(Feature asked) {
        return new Lifecycle(
                asked == Feature.RESTART ? RestartPolicy.parse("on-failure:5").orElseThrow() : RestartPolicy.never(),
                asked == Feature.REPLICAS ? 2 : 1,
                asked == Feature.SUCCESS_EXIT_CODES ? Set.of(3) : Set.of(),
                asked == Feature.STOP_SIGNAL ? Optional.of("SIGINT") : Optional.empty(),
                asked == Feature.STOP_GRACE ? Optional.of(Duration.ofMillis(1001)) : Optional.empty(),
                asked == Feature.ON_OWNER_EXIT ? OnOwnerExit.STOP : OnOwnerExit.KEEP,
                Optional.empty(),
                List.of(),
                RunOn.DEMAND,
                asked == Feature.LOGS ? Optional.of(new LogRotation(1000, 3)) : Optional.empty());
    }

    private static Map<Feature, Example> ofContainers() {
        ContainerOptions standard = ContainerOptions.standard();
        Map<Feature, Example> examples = new EnumMap<>(Feature.class);
        examples.put(Feature.LABELS, with(standard.label("a", "b$"), "\"a\": \"b$$\""));
        examples.put(Feature.NETWORKS, with(standard.network("edge"), "- \"default\"\n      - \"edge\""));
        examples.put(Feature.EXTRA_HOSTS, with(standard.extraHost("h", "::1"), "\"h\": \"::1\""));
        examples.put(
                Feature.CAP_DROP,
                with(standard.hardening(hardening(Feature.CAP_DROP)), "cap_drop:\n      - \"ALL\"\n"));
        examples.put(
                Feature.CAP_ADD, with(standard.hardening(hardening(Feature.CAP_ADD)), "cap_add:\n      - \"CHOWN\""));
        examples.put(Feature.READ_ONLY, with(standard.hardening(hardening(Feature.READ_ONLY)), "read_only: true"));
        examples.put(
                Feature.NO_NEW_PRIVILEGES,
                with(standard.hardening(hardening(Feature.NO_NEW_PRIVILEGES)), "- \"no-new-privileges:true\""));
        examples.put(
                Feature.CONTAINER_RUNTIME, with(options(Optional.of("kata"), DockerAccess.NONE), "runtime: \"kata\""));
        examples.put(
                Feature.DOCKER_ACCESS,
                with(
                        options(Optional.empty(), DockerAccess.SOCKET),
                        "source: \"/run/engine.sock\"\n        target: \"/var/run/docker.sock\""));
        return examples;
    }

    private static Hardening hardening(Feature asked) {
        return new Hardening(
                asked == Feature.CAP_DROP ? List.of("ALL", "ALL") : List.of(),
                asked == Feature.CAP_ADD ? List.of("CHOWN") : List.of(),
                asked == Feature.READ_ONLY,
                asked == Feature.NO_NEW_PRIVILEGES);
    }

    private static ContainerOptions options(Optional<String> runtime, DockerAccess access) {
        return new ContainerOptions(Map.of(), List.of(), Map.of(), Hardening.none(), runtime, access);
    }

    private static Example with(ContainerOptions options, String line) {
        return new Example(Workload.service("web", IMAGE).container(options).build(), line);
    }

    private static Map<Feature, Example> ofProbes() {
        Map<Feature, HealthCheck.Probe> probes = Map.of(
                Feature.HTTP_CHECK, new HealthCheck.Http(80, "/"),
                Feature.TCP_CHECK, new HealthCheck.Tcp(80),
                Feature.LOG_CHECK, new HealthCheck.LogLine("ready"));
        Map<Feature, String> lines = Map.of(
                Feature.HTTP_CHECK, "- \"80\"\n        - \"/\"\n",
                Feature.TCP_CHECK, "- \"angee-health\"\n        - \"1\"\n        - \"80\"\n");
        Map<Feature, Example> examples = new EnumMap<>(Feature.class);
        probes.forEach((feature, probe) -> examples.put(
                feature,
                new Example(
                        Workload.service("web", IMAGE).health(check(probe)).build(), lines.getOrDefault(feature, ""))));
        return examples;
    }

    private static HealthCheck check(HealthCheck.Probe probe) {
        return new HealthCheck(probe, Duration.ofSeconds(1), Duration.ofSeconds(1), 1, Duration.ZERO);
    }
}
