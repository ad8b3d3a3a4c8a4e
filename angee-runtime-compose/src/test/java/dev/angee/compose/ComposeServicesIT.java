package dev.angee.compose;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.angee.AngeeException;
import dev.angee.ErrorCode;
import dev.angee.contract.Program;
import dev.angee.plan.Dependency;
import dev.angee.plan.HealthCheck;
import dev.angee.plan.Launch;
import dev.angee.plan.PublishedPort;
import dev.angee.plan.RuntimePlan;
import dev.angee.plan.Workload;
import dev.angee.runtime.EventStream;
import dev.angee.runtime.ExecRequest;
import dev.angee.runtime.ExecSession;
import dev.angee.runtime.Health;
import dev.angee.runtime.LogLine;
import dev.angee.runtime.LogQuery;
import dev.angee.runtime.LogStream;
import dev.angee.runtime.PortTakenException;
import dev.angee.runtime.RunOptions;
import dev.angee.runtime.RuntimeEvent;
import dev.angee.runtime.Selection;
import dev.angee.runtime.StartOptions;
import dev.angee.runtime.StopOptions;
import dev.angee.runtime.UpOptions;
import dev.angee.runtime.UsageStream;
import dev.angee.runtime.WorkloadState;
import dev.angee.workload.Condition;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

/** Services of Compose, beyond what every backend promises. */
class ComposeServicesIT extends OneStack {
    private static final StopOptions SHORT_GRACE = StopOptions.defaults().grace(Duration.ofSeconds(1));

    @Test
    void a_stack_without_secrets_and_without_an_env_file_comes_up_R6() throws Exception {
        assertThat(root().resolve(".env")).doesNotExist();
        backend().up(plan(Programs.service("a", new Program.Sleeps())), UpOptions.defaults());
        assertThat(status("a").state()).isEqualTo(WorkloadState.RUNNING);
        assertThat(root().resolve(".env")).doesNotExist();
    }

    @Test
    void whoever_only_looks_starts_no_program_R41_R44_R46() throws Exception {
        backend().up(plan(Programs.service("a", new Program.Says("hello"))), UpOptions.defaults());
        soon().until(() -> lines(backend().logs(LogQuery.all())).equals(List.of("hello")));
        try (ComposeBackend looker =
                ComposeBackend.open(project(), root(), RealDocker.settings().program("/nowhere/docker"))) {
            assertThat(looker.status()).hasSize(1);
            assertThat(lines(looker.logs(LogQuery.all()))).containsExactly("hello");
            assertThat(looker.jobRuns().orElseThrow().list()).isEmpty();
            try (EventStream events = looker.events();
                    UsageStream usage = looker.usage(Selection.all());
                    ExecSession exec = looker.exec("a", ExecRequest.of("true"))) {
                assertThat(exec.await(Duration.ofSeconds(20))).hasValue(0);
                assertThat(usage.poll(Duration.ofSeconds(20))).isPresent();
                assertThat(events.poll(Duration.ZERO)).isEmpty();
            }
        }
    }

    @Test
    void a_port_that_another_program_listens_on_is_told_as_such() throws Exception {
        try (ServerSocket other = new ServerSocket(0, 1, InetAddress.getByName("0.0.0.0"))) {
            PublishedPort port = new PublishedPort("0.0.0.0", other.getLocalPort(), 80, PublishedPort.Protocol.TCP);
            RuntimePlan plan = plan(Programs.service("a", new Program.Sleeps()).port(port));
            assertThatThrownBy(() -> backend().up(plan, UpOptions.defaults()))
                    .isInstanceOfSatisfying(
                            PortTakenException.class, e -> assertThat(e.port()).isEqualTo(other.getLocalPort()))
                    .hasMessageContaining("service 'a'");
        }
    }

    @Test
    void a_container_killed_from_outside_is_seen_as_ended_by_the_signal() throws Exception {
        backend().up(plan(Programs.service("a", new Program.Sleeps())), UpOptions.defaults());
        engine().killContainerCmd(container("a")).exec();
        soon().until(() -> status("a").state() == WorkloadState.EXITED);
        assertThat(status("a").exitCode()).hasValue(137);
    }

    @Test
    void a_paused_container_still_runs_and_says_so() throws Exception {
        backend().up(plan(Programs.service("a", new Program.Sleeps())), UpOptions.defaults());
        engine().pauseContainerCmd(container("a")).exec();
        assertThat(status("a").state()).isEqualTo(WorkloadState.RUNNING);
        assertThat(status("a").reason()).isEqualTo("paused");
        engine().unpauseContainerCmd(container("a")).exec();
    }

    @Test
    void an_interrupted_up_leaves_what_up_and_down_converge() throws Exception {
        Path flag = root().resolve("ready");
        RuntimePlan plan = plan(
                Programs.healthyWhile(Programs.service("db", new Program.Sleeps()), flag),
                Programs.service("web", new Program.Sleeps()).dependsOn(new Dependency("db", Condition.HEALTHY)));
        AtomicReference<Throwable> outcome = new AtomicReference<>();
        Thread up = new Thread(() -> {
            try {
                backend().up(plan, UpOptions.defaults());
            } catch (InterruptedException | RuntimeException e) {
                outcome.set(e);
            }
        });
        up.start();
        soon().until(() -> states().get("db") == WorkloadState.RUNNING);
        up.interrupt();
        up.join(TimeUnit.SECONDS.toMillis(20));
        assertThat(outcome.get()).isInstanceOf(InterruptedException.class);
        Files.createFile(flag);
        backend().up(plan, UpOptions.defaults());
        assertThat(states()).isEqualTo(Map.of("db", WorkloadState.RUNNING, "web", WorkloadState.RUNNING));
    }

    @Test
    void an_up_that_takes_too_long_fails_in_time_and_says_what_is_not_ready() {
        RuntimePlan plan = plan(
                Programs.healthyWhile(Programs.service("db", new Program.Sleeps()), root().resolve("never")),
                Programs.service("web", new Program.Sleeps()).dependsOn(new Dependency("db", Condition.HEALTHY)));
        assertThatThrownBy(() -> backend().up(plan, UpOptions.defaults().within(Duration.ofSeconds(4))))
                .isInstanceOfSatisfying(
                        AngeeException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.FAILED))
                .hasMessageContaining("4 s")
                .hasMessageContaining("'db' is running and starting")
                .hasMessageContaining("'web' is created");
        assertThat(states()).containsEntry("db", WorkloadState.RUNNING);
    }

    @Test
    void a_dependency_that_becomes_unhealthy_or_ends_fails_the_up_and_is_named() {
        HealthCheck never = new HealthCheck(
                new HealthCheck.Exec(List.of("false")),
                Duration.ofMillis(100),
                Duration.ofSeconds(5),
                2,
                Duration.ZERO);
        for (Program program : List.of(new Program.Sleeps(), new Program.Exits("bye", 3))) {
            RuntimePlan plan = plan(
                    Programs.service("the-db", program).health(never),
                    Programs.service("web", new Program.Sleeps())
                            .dependsOn(new Dependency("the-db", Condition.HEALTHY)));
            assertFailed(plan, "service 'the-db'");
            assertThat(states()).containsEntry("web", WorkloadState.CREATED);
        }
    }

    @Test
    void a_missing_image_is_a_failure_that_names_the_service_and_the_way_out() {
        RuntimePlan plan = plan(Workload.service("web", new Launch.Image("localhost:1/angee-missing:none")));
        assertFailed(plan, "service 'web'", "cannot be pulled");
        assertThat(backend().status()).isEmpty();
    }

    @Test
    void a_port_in_use_is_a_failure_that_names_the_service() throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            RuntimePlan plan = plan(Programs.service("web", new Program.Sleeps())
                    .port(new PublishedPort("127.0.0.1", taken.getLocalPort(), 80, PublishedPort.Protocol.TCP)));
            assertFailed(plan, "service 'web'", String.valueOf(taken.getLocalPort()));
            assertThat(status("web").state()).isEqualTo(WorkloadState.CREATED);
            assertThat(status("web").reason()).contains(String.valueOf(taken.getLocalPort()));
        }
    }

    @Test
    void a_service_that_ends_at_once_with_127_of_its_own_is_no_failure() throws Exception {
        backend().up(plan(Programs.service("a", new Program.Exits("no", 127))), UpOptions.defaults());
        soon().until(() -> status("a").state() == WorkloadState.EXITED);
        assertThat(status("a").exitCode()).hasValue(127);
    }

    @Test
    void stop_and_start_need_no_file() throws Exception {
        backend().up(plan(Programs.service("a", new Program.Sleeps())), UpOptions.defaults());
        Files.delete(root().resolve("docker-compose.yaml"));
        backend().stop(Selection.all(), SHORT_GRACE);
        assertThat(states()).isEqualTo(Map.of("a", WorkloadState.EXITED));
        backend().start(Selection.of("a"), StartOptions.defaults());
        assertThat(states()).isEqualTo(Map.of("a", WorkloadState.RUNNING));
    }

    @Test
    void dependents_are_stopped_before_what_they_depend_on() throws Exception {
        backend()
                .up(
                        plan(
                                Programs.service("db", new Program.Sleeps()),
                                Programs.service("web", new Program.Sleeps())
                                        .dependsOn(new Dependency("db", Condition.STARTED))),
                        UpOptions.defaults());
        List<String> ended = new ArrayList<>();
        try (EventStream events = backend().events()) {
            backend().stop(Selection.all(), SHORT_GRACE);
            soon().until(() -> {
                events.poll(Duration.ofSeconds(1))
                        .filter(e -> e.state() == WorkloadState.EXITED)
                        .ifPresent(e -> ended.add(e.workload()));
                return ended.size() == 2;
            });
        }
        assertThat(ended).containsExactly("web", "db");
    }

    @Test
    void events_tell_the_whole_life_of_a_service_and_nothing_of_others() throws Exception {
        Path flag = Files.createFile(root().resolve("well"));
        List<RuntimeEvent> seen = new ArrayList<>();
        try (EventStream events = backend().events()) {
            backend().run(Programs.job("j", new Program.Exits("done", 0)).build(), runOptions());
            backend()
                    .up(
                            plan(Programs.healthyWhile(Programs.service("a", new Program.Sleeps()), flag)),
                            UpOptions.defaults());
            soon().until(() -> status("a").health() == Health.HEALTHY);
            backend().down(SHORT);
            soon().until(() -> {
                events.poll(Duration.ofSeconds(1)).ifPresent(seen::add);
                return seen.stream().anyMatch(e -> e.state() == WorkloadState.EXITED);
            });
        }
        assertThat(seen)
                .containsExactly(
                        event(WorkloadState.CREATED, Health.NONE, OptionalInt.empty()),
                        event(WorkloadState.RUNNING, Health.STARTING, OptionalInt.empty()),
                        event(WorkloadState.RUNNING, Health.HEALTHY, OptionalInt.empty()),
                        event(WorkloadState.EXITED, Health.NONE, OptionalInt.of(143)));
    }

    @Test
    void a_followed_log_goes_on_when_the_service_is_started_again_or_anew() throws Exception {
        backend().up(plan(Programs.service("a", new Program.Says("first"))), UpOptions.defaults());
        soon().until(() -> lines(backend().logs(LogQuery.all())), List.of("first")::equals);
        try (LogStream logs = backend().logs(LogQuery.all().following())) {
            assertThat(next(logs)).isEqualTo("first");
            backend().stop(Selection.all(), SHORT_GRACE);
            backend().start(Selection.all(), StartOptions.defaults());
            assertThat(next(logs)).isEqualTo("first");
            backend().up(plan(Programs.service("a", new Program.Says("second"))), UpOptions.defaults());
            assertThat(next(logs)).isEqualTo("second");
        }
    }

    @Test
    void a_line_longer_than_the_engines_own_pieces_comes_as_planned() throws Exception {
        String script = "head -c 200000 /dev/zero | tr '\\0' x; echo; echo; printf 'wide\\r\\nlast'; exec sleep 86400";
        backend().up(plan(Workload.service("a", Programs.IMAGE).command(Programs.shell(script))), UpOptions.defaults());
        soon().until(() -> lines(backend().logs(LogQuery.all())).contains("wide"));
        assertThat(lines(backend().logs(LogQuery.all())))
                .extracting(String::length)
                .containsExactly(65536, 65536, 65536, 200000 - 3 * 65536, 0, 4);
        backend().stop(Selection.all(), SHORT_GRACE);
        assertThat(lines(backend().logs(LogQuery.all()))).endsWith("wide", "last");
    }

    @Test
    void a_reader_that_does_not_read_stops_nobody_and_closing_frees_everything() throws Exception {
        String script = "i=0; while [ $i -lt 60000 ]; do i=$((i+1));"
                + " echo 'a line that is long enough to fill the buffer soon: '$i; done; exec sleep 86400";
        backend().up(plan(Workload.service("a", Programs.IMAGE).command(Programs.shell(script))), UpOptions.defaults());
        LogStream logs = backend().logs(LogQuery.all().following());
        assertThat(next(logs)).endsWith(": 1");
        soon().until(
                        () -> lines(backend().logs(LogQuery.all().tail(1))),
                        l -> l.get(0).endsWith(": 60000"));
        assertThat(next(logs)).endsWith(": 2");
        logs.close();
        assertThat(logs.next()).isEmpty();
    }

    @Test
    void two_ups_at_once_take_turns() throws Exception {
        RuntimePlan plan =
                plan(Programs.service("a", new Program.Sleeps()), Programs.service("b", new Program.Sleeps()));
        List<CompletableFuture<Void>> ups = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            ups.add(CompletableFuture.runAsync(() -> {
                try (ComposeBackend other = RealDocker.open(project(), root())) {
                    other.up(plan, UpOptions.defaults());
                } catch (InterruptedException e) {
                    throw new IllegalStateException(e);
                }
            }));
        }
        for (CompletableFuture<Void> each : ups) {
            each.get(60, TimeUnit.SECONDS);
        }
        assertThat(states()).isEqualTo(Map.of("a", WorkloadState.RUNNING, "b", WorkloadState.RUNNING));
        assertThat(engine().listNetworksCmd().withNameFilter(project().value()).exec())
                .hasSize(1);
    }

    private static RuntimeEvent event(WorkloadState state, Health health, OptionalInt exitCode) {
        return new RuntimeEvent("a", state, health, exitCode, false, 0);
    }

    private static RunOptions runOptions() {
        return RunOptions.defaults();
    }

    private void assertFailed(RuntimePlan plan, String... parts) {
        assertThatThrownBy(() -> backend().up(plan, UpOptions.defaults()))
                .isInstanceOfSatisfying(
                        AngeeException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.FAILED))
                .hasMessageContainingAll(parts);
    }

    private static String next(LogStream logs) throws InterruptedException {
        return logs.next().map(LogLine::text).orElseThrow();
    }
}
