package dev.angee.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.angee.AngeeException;
import dev.angee.ErrorCode;
import dev.angee.plan.HealthCheck;
import dev.angee.plan.Launch;
import dev.angee.plan.PlannedMount;
import dev.angee.plan.ProjectName;
import dev.angee.plan.PublishedPort;
import dev.angee.plan.RuntimePlan;
import dev.angee.plan.Workload;
import dev.angee.plan.WorkloadBuilder;
import dev.angee.runtime.Backend;
import dev.angee.runtime.Feature;
import dev.angee.runtime.RunOptions;
import dev.angee.runtime.Selection;
import dev.angee.runtime.UpOptions;
import dev.angee.workload.ContainerOptions;
import dev.angee.workload.DockerAccess;
import dev.angee.workload.Hardening;
import dev.angee.workload.Limits;
import dev.angee.workload.LogRotation;
import dev.angee.workload.OnOwnerExit;
import dev.angee.workload.RestartPolicy;
import dev.angee.workload.Route;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is not honoured is refused; of what is honoured, the ITs show that it works. */
class HonouredTest {
    private static final Launch HOST = new Launch.HostProcess();
    private static final ContainerOptions STANDARD = ContainerOptions.standard();

    @TempDir
    Path root;

    private Backend backend;

    @BeforeEach
    void open() {
        backend = new ProcessBackendProvider(ProcessSettings.of(Map.of())).open(ProjectName.of("test", root), root);
    }

    @AfterEach
    void close() {
        backend.close();
    }

    /** A workload asks for a feature; its launch decides about one of them. */
    static WorkloadBuilder asking(Feature feature, WorkloadBuilder w) {
        return switch (feature) {
            case BUILD -> throw new IllegalArgumentException("no process");
            case ENTRYPOINT -> w.entrypoint(List.of("x"));
            case USER -> w.user("nobody");
            case RESTART ->
                w.lifecycle(
                        Lifecycles.with("restart", RestartPolicy.parse("always").orElseThrow()));
            case LIMITS -> w.limits(new Limits(OptionalLong.of(1), OptionalInt.empty(), OptionalInt.empty()));
            case STOP_SIGNAL -> w.lifecycle(Lifecycles.with("stop_signal", "SIGINT"));
            case STOP_GRACE -> w.lifecycle(Lifecycles.with("stop_grace", Duration.ofSeconds(1)));
            case SHUTDOWN -> w.shutdown(List.of("true"));
            case REPLICAS -> w.lifecycle(Lifecycles.with("replicas", 2));
            case SUCCESS_EXIT_CODES -> w.lifecycle(Lifecycles.with("success_exit_codes", Set.of(3)));
            case ON_OWNER_EXIT -> w.lifecycle(Lifecycles.with("on_owner_exit", OnOwnerExit.STOP));
            case LOGS -> w.lifecycle(Lifecycles.with("logs", new LogRotation(1, 1)));
            case LABELS -> w.container(STANDARD.label("a", "b"));
            case NETWORKS -> w.container(STANDARD.network("n"));
            case EXTRA_HOSTS -> w.container(STANDARD.extraHost("h", "10.0.0.1"));
            case CAP_DROP -> w.container(STANDARD.hardening(new Hardening(List.of("ALL"), List.of(), false, false)));
            case CAP_ADD -> w.container(STANDARD.hardening(new Hardening(List.of(), List.of("X"), false, false)));
            case READ_ONLY -> w.container(STANDARD.hardening(new Hardening(List.of(), List.of(), true, false)));
            case NO_NEW_PRIVILEGES -> w.container(STANDARD.hardening(new Hardening(List.of(), List.of(), false, true)));
            case CONTAINER_RUNTIME -> w.container(container(Optional.of("runc"), DockerAccess.NONE));
            case DOCKER_ACCESS -> w.container(container(Optional.empty(), DockerAccess.SOCKET));
            case HTTP_CHECK -> w.health(check(new HealthCheck.Http(80, "/")));
            case TCP_CHECK -> w.health(check(new HealthCheck.Tcp(80)));
            case LOG_CHECK -> w.health(check(new HealthCheck.LogLine("ready")));
            case LIVENESS -> w.liveness(check(new HealthCheck.Tcp(80)));
        };
    }

    private static ContainerOptions container(Optional<String> runtime, DockerAccess access) {
        return new ContainerOptions(Map.of(), List.of(), Map.of(), Hardening.none(), runtime, access);
    }

    private static HealthCheck check(HealthCheck.Probe probe) {
        return new HealthCheck(probe, Duration.ofSeconds(1), Duration.ofSeconds(1), 1, Duration.ZERO);
    }

    private RuntimePlan plan(WorkloadBuilder workload) {
        return RuntimePlan.of(ProjectName.of("test", root), root, List.of(workload.build()));
    }

    private static void assertUnsupported(String field, ThrowingCallable call) {
        assertThatThrownBy(call)
                .as(field)
                .isInstanceOfSatisfying(
                        AngeeException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.UNSUPPORTED))
                .hasMessageContaining("'w'")
                .hasMessageContaining(field);
    }

    private void assertRefused(String field, UnaryOperator<WorkloadBuilder> asking) {
        WorkloadBuilder service = asking.apply(Workload.service("w", HOST).command(List.of("/bin/true")));
        WorkloadBuilder job = asking.apply(Workload.job("w", HOST).command(List.of("/bin/true")));
        UpOptions none = UpOptions.defaults().only(Selection.of());
        assertUnsupported(field, () -> backend.up(plan(service), UpOptions.defaults()));
        assertUnsupported(field, () -> backend.up(plan(service), none));
        assertUnsupported(field, () -> backend.up(plan(job), none));
        assertUnsupported(field, () -> backend.compile(plan(service)));
        assertUnsupported(field, () -> backend.run(job.build(), RunOptions.defaults()));
        assertThat(backend.status()).isEmpty();
        assertThat(root).isEmptyDirectory();
    }

    @Test
    void what_is_not_declared_is_refused_by_its_field_before_anything_is_started() {
        EnumSet<Feature> undeclared = EnumSet.allOf(Feature.class);
        undeclared.removeAll(backend.describe().features());
        undeclared.remove(Feature.BUILD);
        assertThat(undeclared).isNotEmpty();
        undeclared.forEach(feature -> assertRefused(feature.field(), w -> asking(feature, w)));
    }

    /** Where it is shown to work: {@code HealthIT}, {@code StopIT}, {@code DependencyIT}, {@code UserIT}. */
    @Test
    void what_is_declared_is_what_is_shown_to_work() {
        assertThat(backend.describe().features())
                .containsExactlyInAnyOrder(
                        Feature.HTTP_CHECK,
                        Feature.TCP_CHECK,
                        Feature.STOP_SIGNAL,
                        Feature.STOP_GRACE,
                        Feature.SHUTDOWN,
                        Feature.SUCCESS_EXIT_CODES,
                        Feature.RESTART,
                        Feature.REPLICAS,
                        Feature.ON_OWNER_EXIT,
                        Feature.LIVENESS,
                        Feature.LOGS,
                        Feature.LOG_CHECK,
                        Feature.USER);
    }

    @Test
    void what_is_declared_is_not_refused() {
        for (Feature feature : backend.describe().features()) {
            WorkloadBuilder service =
                    asking(feature, Workload.service("w", HOST).command(List.of("/bin/true")));
            assertThat(Feature.of(service.build())).containsExactly(feature);
            assertThatCode(() -> backend.compile(plan(service))).doesNotThrowAnyException();
        }
    }

    @Test
    void what_has_no_feature_and_only_a_container_can_have_is_refused_too() {
        assertRefused("ports", w -> w.port(new PublishedPort("127.0.0.1", 1, 2, PublishedPort.Protocol.TCP)));
        assertRefused("mounts", w -> w.mount(new PlannedMount.Volume("v", "/v", false)));
        assertRefused("route", w -> w.route(new Route(80, Optional.empty(), Optional.empty(), Route.Auth.NONE)));
    }

    @Test
    void a_signal_that_cannot_be_sent_is_refused_and_the_possible_ones_are_named() {
        assertRefused("SIGRTMIN+3", w -> w.lifecycle(Lifecycles.with("stop_signal", "SIGRTMIN+3")));
        assertRefused("SIGINT", w -> w.lifecycle(Lifecycles.with("stop_signal", "SIGPWR")));
    }

    @Test
    void a_container_is_refused() {
        WorkloadBuilder service = Workload.service(
                        "w", new Launch.Build(Optional.empty(), root, Optional.empty(), Optional.empty(), Map.of()))
                .command(List.of("x"));
        assertUnsupported("not a process", () -> backend.up(plan(service), UpOptions.defaults()));
    }
}
