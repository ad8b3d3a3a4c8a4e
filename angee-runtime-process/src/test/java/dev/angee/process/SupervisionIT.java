package dev.angee.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.angee.AngeeException;
import dev.angee.ErrorCode;
import dev.angee.plan.Dependency;
import dev.angee.plan.HealthCheck;
import dev.angee.plan.ProjectName;
import dev.angee.plan.RuntimePlan;
import dev.angee.plan.WorkloadBuilder;
import dev.angee.runtime.Backend;
import dev.angee.runtime.EventStream;
import dev.angee.runtime.Health;
import dev.angee.runtime.LogQuery;
import dev.angee.runtime.RuntimeEvent;
import dev.angee.runtime.SecretSource;
import dev.angee.runtime.Selection;
import dev.angee.runtime.StartOptions;
import dev.angee.runtime.UpOptions;
import dev.angee.runtime.WorkloadState;
import dev.angee.runtime.WorkloadStatus;
import dev.angee.secret.ResolvedSecrets;
import dev.angee.workload.Condition;
import dev.angee.workload.LogRotation;
import dev.angee.workload.OnOwnerExit;
import dev.angee.workload.RestartPolicy;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import jdk.jfr.consumer.RecordingStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Services are started again, checked and ended by the one who supervises, whoever that is. */
@Timeout(value = 3, unit = TimeUnit.MINUTES)
class SupervisionIT extends LocalStack {

    private static WorkloadBuilder restarted(WorkloadBuilder service, String policy) {
        return service.lifecycle(
                Lifecycles.with("restart", RestartPolicy.parse(policy).orElseThrow()));
    }

    private List<String> linesOf(String file) throws IOException {
        Path path = root.resolve(file);
        return Files.exists(path) ? Files.readAllLines(path) : List.of();
    }

    private WorkloadStatus awaitState(String name, WorkloadState state) {
        await(name + " " + state).atMost(DEADLINE).until(() -> status(name).state() == state);
        return status(name);
    }

    @Test
    void a_service_that_fails_is_started_again_as_often_as_its_policy_says_and_then_it_is_a_crash_loop_R48()
            throws Exception {
        up(restarted(shell("a", "echo start >>starts; echo no config; exit 3"), "on-failure:2"));
        WorkloadStatus ended = awaitState("a", WorkloadState.EXITED);
        assertThat(linesOf("starts")).hasSize(3);
        assertThat(ended.restarts()).isEqualTo(2);
        assertThat(ended.exitCode()).hasValue(3);
        assertThat(ended.reason()).contains("crash loop").contains("3 times in a row");
        assertThat(lines(LogQuery.all())).containsExactly("no config", "no config", "no config");
    }

    @Test
    void a_service_that_ends_well_is_started_again_only_if_it_is_to_run_always() throws Exception {
        up(
                restarted(shell("a", "echo start >>a"), "on-failure"),
                restarted(shell("b", "echo start >>b; exit 7"), "on-failure")
                        .lifecycle(Lifecycles.with(Map.of(
                                "restart",
                                RestartPolicy.parse("on-failure").orElseThrow(),
                                "success_exit_codes",
                                Set.of(7)))),
                restarted(shell("c", "echo start >>c"), "always"));
        await().atMost(DEADLINE).until(() -> linesOf("c").size() >= 3);
        assertThat(linesOf("a")).hasSize(1);
        assertThat(linesOf("b")).hasSize(1);
        assertThat(status("a").state()).isEqualTo(WorkloadState.EXITED);
        assertThat(status("a").reason()).isEmpty();
        assertThat(status("c").restarts()).isGreaterThanOrEqualTo(2);
    }

    @Test
    void stop_is_the_end_of_restarts_and_start_begins_to_count_anew() throws Exception {
        for (String policy : List.of("always", "unless-stopped", "on-failure")) {
            up(restarted(shell("a", "echo start >>starts; exit 3"), policy));
            await().atMost(DEADLINE).until(() -> status("a").restarts() >= 3);
            WorkloadStatus between = awaitState("a", WorkloadState.RESTARTING);
            assertThat(between.exitCode()).hasValue(3);
            assertThat(between.reason()).contains("restarting after exit code 3");
            open().stop(Selection.all(), STOP);
            int starts = linesOf("starts").size();
            assertThat(status("a").state()).isEqualTo(WorkloadState.EXITED);
            assertThat(status("a").exitCode()).hasValue(3);
            await().during(Duration.ofMillis(1500))
                    .atMost(DEADLINE)
                    .until(() -> linesOf("starts").size() == starts);
            backend.start(Selection.all(), StartOptions.defaults());
            assertThat(status("a").restarts()).isLessThanOrEqualTo(1);
            backend.down(DOWN);
        }
    }

    @Test
    void a_dependent_hears_of_a_crash_loop_as_soon_as_it_is_one_with_the_last_words() {
        assertThatThrownBy(() -> up(
                        restarted(shell("db", "echo no disk; exit 3"), "on-failure:2")
                                .health(HealthIT.exec("false")),
                        service("web", "sleep", "1000").dependsOn(new Dependency("db", Condition.HEALTHY))))
                .isInstanceOfSatisfying(
                        AngeeException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.FAILED))
                .hasMessageContaining("crash loop")
                .hasMessageContaining("no disk");
    }

    @Test
    void what_others_wait_for_is_started_again_while_they_wait() throws Exception {
        up(
                restarted(
                                shell(
                                        "db",
                                        "echo start >>starts; [ $(wc -l <starts) -ge 3 ] || exit 1; exec sleep 1000"),
                                "on-failure:5")
                        .health(HealthIT.exec("sh", "-c", "[ $(wc -l <starts) -ge 3 ]")),
                service("web", "sleep", "1000").dependsOn(new Dependency("db", Condition.HEALTHY)));
        assertThat(status("db").restarts()).isEqualTo(2);
        assertThat(status("web").state()).isEqualTo(WorkloadState.RUNNING);
    }

    @Test
    void what_a_start_has_left_behind_is_ended_before_the_next() throws Exception {
        up(restarted(shell("a", "sleep 1000 & echo $! >>left; exit 1"), "on-failure:2"));
        awaitState("a", WorkloadState.EXITED);
        List<String> left = linesOf("left");
        assertThat(left).hasSize(3);
        assertThat(left.subList(0, 2)).noneMatch(pid -> isAlive(Long.parseLong(pid)));
    }

    @Test
    void a_line_of_the_log_makes_it_healthy_and_only_one_of_this_start() throws Exception {
        WorkloadBuilder service = shell(
                        "a",
                        "if [ -e again ]; then sleep 1000; fi; echo warming up; sleep 0.3; echo 'now READY 1'; exec sleep 1000")
                .health(new HealthCheck(
                        new HealthCheck.LogLine("READY \\d"),
                        Duration.ofMillis(100),
                        Duration.ofSeconds(1),
                        1000,
                        Duration.ZERO));
        up(service);
        assertThat(status("a").health()).isEqualTo(Health.STARTING);
        await().atMost(DEADLINE).until(() -> status("a").health() == Health.HEALTHY);
        Files.createFile(root.resolve("again"));
        backend.stop(Selection.all(), STOP);
        up(service);
        await().during(Duration.ofSeconds(1))
                .atMost(DEADLINE)
                .until(() -> status("a").health() == Health.STARTING);
    }

    private static WorkloadBuilder replicas(int many, String script) {
        return shell("a", script).lifecycle(Lifecycles.with("replicas", many));
    }

    @Test
    void so_many_replicas_run_and_one_more_or_less_leaves_the_others_alone() throws Exception {
        String script = "echo $ANGEE_REPLICA >>numbers; echo hello; exec sleep 1000";
        up(replicas(3, script));
        await().atMost(DEADLINE).until(() -> linesOf("numbers").size() == 3);
        assertThat(new TreeSet<>(linesOf("numbers"))).containsExactly("1", "2", "3");
        assertThat(backend.status()).hasSize(1);
        WorkloadStatus three = status("a");
        assertThat(three.state()).isEqualTo(WorkloadState.RUNNING);
        assertThat(lines(LogQuery.all().only(Selection.of("a")))).containsExactly("hello", "hello", "hello");
        up(replicas(2, script));
        assertThat(three.instance()).startsWith(status("a").instance());
        up(replicas(4, script));
        assertThat(status("a").instance())
                .startsWith(three.instance().substring(0, three.instance().lastIndexOf(',')));
        backend.stop(Selection.of("a"), STOP);
        assertThat(status("a").state()).isEqualTo(WorkloadState.EXITED);
        assertThat(status("a").exitCode()).hasValue(143);
    }

    @Test
    void a_service_of_which_one_replica_is_missing_runs_and_is_not_well() throws Exception {
        up(replicas(3, "[ $ANGEE_REPLICA != 2 ] || exit 4; exec sleep 1000"));
        await().atMost(DEADLINE).until(() -> status("a").health() == Health.UNHEALTHY);
        assertThat(status("a").state()).isEqualTo(WorkloadState.RUNNING);
        assertThat(status("a").reason()).isEqualTo("2 of 3 run; #2: exit code 4");
    }

    @Test
    void what_depends_on_several_waits_for_all_of_them() {
        assertThatThrownBy(() -> up(
                        replicas(3, "[ $ANGEE_REPLICA != 3 ] || exit 4"),
                        service("web", "sleep", "1000").dependsOn(new Dependency("a", Condition.COMPLETED))))
                .hasMessageContaining("'a#3'")
                .hasMessageContaining("exit code 4");
    }

    @Test
    void events_tell_of_every_restart() throws Exception {
        try (EventStream events = backend.events()) {
            up(restarted(shell("a", "exit 3"), "on-failure:2"));
            List<WorkloadState> seen = new ArrayList<>();
            await().atMost(DEADLINE).until(() -> {
                Optional<RuntimeEvent> event = events.poll(Duration.ofSeconds(1));
                event.ifPresent(each -> seen.add(each.state()));
                return event.filter(each -> each.state() == WorkloadState.EXITED)
                        .isPresent();
            });
            assertThat(seen).contains(WorkloadState.RESTARTING);
            assertThat(status("a").restarts()).isEqualTo(2);
        }
    }

    @Test
    void a_restart_has_the_values_of_now_and_without_them_it_fails_and_says_so_in_the_log() throws Exception {
        WorkloadBuilder service = shell("a", "echo \"<$TOKEN>\"; exit 1").variables(Map.of("TOKEN", secret("token")));
        restarted(service, "always");
        backend.up(plan(service), UpOptions.defaults().secrets(secrets("token", "first")));
        backend.close();
        SecretSource now = workload -> secrets("token", "second");
        try (Backend other = ProcessBackend.open(project(), root, ProcessSettings.of(System.getenv()), now)) {
            await().atMost(DEADLINE).until(() -> lines(other, LogQuery.all()).contains("<second>"));
        }
        SecretSource gone = workload -> {
            throw new AngeeException(ErrorCode.UNAVAILABLE, "the store is away");
        };
        try (Backend other = ProcessBackend.open(project(), root, ProcessSettings.of(System.getenv()), gone)) {
            await().atMost(DEADLINE).until(() -> status(other, "a").reason().contains("the store is away"));
            assertThat(status(other, "a").state())
                    .as("that is no failure of the service")
                    .isEqualTo(WorkloadState.RESTARTING);
        }
        SecretSource nothing = workload -> ResolvedSecrets.none();
        try (Backend other = ProcessBackend.open(project(), root, ProcessSettings.of(System.getenv()), nothing)) {
            await().atMost(DEADLINE).until(() -> status(other, "a").exitCode().orElse(0) == 127);
            assertThat(lines(other, LogQuery.all())).anyMatch(line -> line.contains("secret 'token' has no value"));
        }
    }

    /** A program that brings services up, and waits to be killed. */
    static final class Owner {
        private Owner() {}

        /** Argument: the root. */
        public static void main(String[] arguments) throws Exception {
            Path root = Path.of(arguments[0]);
            ProjectName project = ProjectName.of("test", root);
            HealthCheck check = new HealthCheck(
                    new HealthCheck.Exec(List.of("sh", "-c", "echo $PPID >>probes")),
                    Duration.ofMillis(100),
                    Duration.ofSeconds(5),
                    3,
                    Duration.ZERO);
            List<WorkloadBuilder> services = List.of(
                    restarted(shell("again", "echo $$ >>again; exec sleep 1000"), "always"),
                    shell(
                                    "bound",
                                    "trap 'echo asked >>bound.end; exit 5' TERM; echo $$ >bound; while :; do sleep 0.05; done")
                            .lifecycle(Lifecycles.with("on_owner_exit", OnOwnerExit.STOP)),
                    shell("stubborn", "trap '' TERM; echo $$ >stubborn; while :; do sleep 0.05; done")
                            .lifecycle(Lifecycles.with(
                                    Map.of("on_owner_exit", OnOwnerExit.STOP, "stop_grace", Duration.ofMillis(300)))),
                    shell("free", "echo $$ >free; exec sleep 1000"),
                    shell("probed", "exec sleep 1000").health(check));
            Backend backend = new ProcessBackendProvider().open(project, root);
            backend.up(
                    RuntimePlan.of(
                            project,
                            root,
                            services.stream().map(WorkloadBuilder::build).toList()),
                    UpOptions.defaults());
            Files.createFile(root.resolve("up"));
            Thread.currentThread().join();
            backend.close();
        }
    }

    private Process owner() throws IOException {
        Process owner = jvm(Owner.class, List.of(), root.toString()).start();
        awaitFile("up");
        pid("bound");
        pid("stubborn");
        pid("free");
        return owner;
    }

    @Test
    void one_supervises_and_when_it_is_killed_another_takes_over_R14() throws Exception {
        Process owner = owner();
        try {
            await().atMost(DEADLINE).until(() -> status("probed").health() == Health.HEALTHY);
            backend.events().close(); // and so it watches too
            int tried = linesOf("probes").size();
            await().atMost(DEADLINE).until(() -> linesOf("probes").size() >= tried + 5);
            assertThat(new TreeSet<>(linesOf("probes"))).containsExactly(Long.toString(owner.pid()));
        } finally {
            owner.destroyForcibly().waitFor();
        }
        String instance = status("free").instance();
        await().atMost(DEADLINE)
                .until(() -> linesOf("probes")
                        .contains(Long.toString(ProcessHandle.current().pid())));
        assertThat(status("probed").health()).as("it goes on where it was").isEqualTo(Health.HEALTHY);
        assertThat(status("free").instance()).isEqualTo(instance);
        long first = Long.parseLong(linesOf("again").get(0));
        ProcessHandle.of(first).orElseThrow().destroyForcibly();
        await().atMost(DEADLINE).until(() -> linesOf("again").size() == 2);
        assertThat(status("again").restarts()).isEqualTo(1);
    }

    @Test
    void what_is_to_end_with_its_owner_does_so_when_that_is_killed_and_the_rest_runs_on_unsupervised()
            throws Exception {
        backend.close();
        Process owner = owner();
        long bound = pid("bound");
        long stubborn = pid("stubborn");
        owner.destroyForcibly().waitFor();
        await().atMost(DEADLINE).until(() -> !isAlive(bound) && !isAlive(stubborn));
        assertThat(linesOf("bound.end")).containsExactly("asked");
        awaitUnsupervised();
        try (Backend other = open()) {
            List<WorkloadStatus> seen = other.status();
            assertThat(seen)
                    .filteredOn(status -> List.of("again", "free", "probed").contains(status.name()))
                    .allSatisfy(status -> {
                        assertThat(status.state()).isEqualTo(WorkloadState.RUNNING);
                        assertThat(status.reason()).startsWith("unsupervised since 20");
                    });
            assertThat(status(other, "bound").state()).isEqualTo(WorkloadState.EXITED);
            assertThat(status(other, "bound").exitCode()).hasValue(5);
            await().atMost(DEADLINE).until(() -> status(other, "free").reason().isEmpty());
        }
    }

    private void awaitUnsupervised() {
        await().atMost(DEADLINE).until(() -> Files.exists(root.resolve("run/processes/.unsupervised")));
    }

    @Test
    void what_is_to_end_with_its_owner_does_so_when_that_is_closed() throws Exception {
        up(
                shell("a", "trap 'exit 6' TERM; echo $$ >pid; while :; do sleep 0.05; done")
                        .lifecycle(Lifecycles.with("on_owner_exit", OnOwnerExit.STOP)),
                service("b", "sleep", "1000"));
        pid("pid");
        backend.close();
        Backend other = open();
        await().atMost(DEADLINE).until(() -> status(other, "a").state() == WorkloadState.EXITED);
        assertThat(status(other, "a").exitCode()).hasValue(6);
        assertThat(status(other, "b").state()).isEqualTo(WorkloadState.RUNNING);
    }

    @Test
    void what_was_to_end_with_an_owner_whose_keeper_was_killed_too_ends_at_the_next_open() throws Exception {
        backend.close();
        Process owner = owner();
        long bound = pid("bound");
        keepers().forEach(ProcessHandle::destroyForcibly);
        owner.destroyForcibly().waitFor();
        keepers().forEach(ProcessHandle::destroyForcibly);
        open();
        await().atMost(DEADLINE).until(() -> !isAlive(bound));
        await().atMost(DEADLINE).until(() -> linesOf("bound.end").equals(List.of("asked")));
    }

    /** The shells that outlive whoever supervises this stack; what they run themselves is in their sessions. */
    private Stream<ProcessHandle> keepers() {
        String marker = Marker.ofStack(project(), root).keeper().value();
        return ProcTable.read().entries().stream()
                .filter(entry -> !entry.ended() && entry.session() == entry.id().pid())
                .filter(entry -> ProcTable.marker(entry.id().pid())
                        .filter(marker::equals)
                        .isPresent())
                .flatMap(entry -> ProcessHandle.of(entry.id().pid()).stream());
    }

    @Test
    void the_keeper_is_replaced_when_it_is_killed_and_gone_when_nothing_is_left() throws Exception {
        up(service("a", "sleep", "1000"));
        await().atMost(DEADLINE).until(() -> keepers().count() > 0);
        List<Long> first = keepers().map(ProcessHandle::pid).toList();
        keepers().forEach(ProcessHandle::destroyForcibly);
        await().atMost(DEADLINE).until(() -> keepers().anyMatch(each -> !first.contains(each.pid())));
        backend.down(DOWN);
        await().atMost(DEADLINE).until(() -> keepers().findAny().isEmpty());
    }

    @Test
    void a_stop_that_nobody_finished_is_finished_by_the_next_who_supervises() throws Exception {
        up(service("a", "sleep", "1000"));
        backend.close();
        ProcessRecord record = record("a");
        store().write(record.asked(ProcessRecord.Asked.TO_END));
        Backend other = open();
        await().atMost(DEADLINE).until(() -> status(other, "a").state() == WorkloadState.EXITED);
        assertThat(isAlive(record.first().orElseThrow().pid())).isFalse();
    }

    @Test
    void a_service_that_is_to_run_always_runs_again_after_the_machine_was_restarted() throws Exception {
        up(restarted(shell("a", "echo $$ >>starts; exec sleep 1000"), "always"));
        await().atMost(DEADLINE).until(() -> linesOf("starts").size() == 1);
        backend.close();
        ProcessRecord old = record("a");
        Shutdown.end(old.tree(), Duration.ZERO);
        store().clear(old);
        store().write(new ProcessRecord(
                old.workload(),
                old.marker(),
                "another boot",
                old.startedAt(),
                old.first(),
                ProcessRecord.Asked.NOTHING,
                old.log(),
                0,
                ProcessRecord.Attempts.NONE));
        Backend other = open();
        await().atMost(DEADLINE).until(() -> linesOf("starts").size() == 2);
        await().atMost(DEADLINE).until(() -> status(other, "a").state() == WorkloadState.RUNNING);
    }

    private static WorkloadBuilder mortal(String policy) {
        return restarted(shell("a", "rm -f dead; echo start >>starts; exec sleep 1000"), policy)
                .liveness(new HealthCheck(
                        new HealthCheck.Exec(List.of("test", "!", "-e", "dead")),
                        Duration.ofMillis(50),
                        Duration.ofSeconds(5),
                        2,
                        Duration.ZERO));
    }

    @Test
    void a_service_that_shows_no_life_is_ended_and_started_again_by_its_policy_R48() throws Exception {
        up(mortal("on-failure"));
        await().atMost(DEADLINE).until(() -> linesOf("starts").size() == 1);
        Files.createFile(root.resolve("dead"));
        await().atMost(DEADLINE).until(() -> linesOf("starts").size() == 2);
        await().atMost(DEADLINE).until(() -> status("a").restarts() == 1);
        await().during(Duration.ofMillis(500))
                .atMost(DEADLINE)
                .until(() -> status("a").state() == WorkloadState.RUNNING);
    }

    @Test
    void a_service_without_a_policy_that_shows_no_life_ends_and_says_why() throws Exception {
        up(mortal("no"));
        await().atMost(DEADLINE).until(() -> linesOf("starts").size() == 1);
        Files.createFile(root.resolve("dead"));
        WorkloadStatus ended = awaitState("a", WorkloadState.EXITED);
        assertThat(ended.reason()).contains("lifeless").contains("exit code 1");
        assertThat(linesOf("starts")).hasSize(1);
    }

    private static long onDisk(Path log) throws IOException, InterruptedException {
        Process stat = new ProcessBuilder("stat", "-c", "%b", log.toString()).start();
        String blocks = new String(stat.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.US_ASCII);
        stat.waitFor();
        return Long.parseLong(blocks.strip()) * 512;
    }

    @Test
    void a_log_is_bounded_by_whoever_supervises_and_when_nobody_does() throws Exception {
        up(shell("a", "while :; do head -c 65536 /dev/zero | tr '\\0' '\\n'; done")
                .lifecycle(Lifecycles.with("logs", new LogRotation(1 << 20, 2))));
        Path log = store().log(record("a"));
        await().atMost(DEADLINE).until(() -> Files.size(log) > 20 << 20);
        await("bounded").atMost(DEADLINE).until(() -> onDisk(log) < 10 << 20);
        backend.close();
        awaitUnsupervised();
        long before = Files.size(log);
        await("it goes on").atMost(DEADLINE).until(() -> Files.size(log) > before + (20 << 20));
        await("bounded by the keeper").atMost(DEADLINE).until(() -> onDisk(log) < 10 << 20);
        assertThat(root.resolve("run/processes/.unsupervised")).exists();
    }

    @Test
    void a_stop_holds_also_while_one_is_being_ended_that_shows_no_life() throws Exception {
        up(restarted(shell("a", "trap '' TERM; rm -f dead; echo start >>starts; while :; do sleep 0.1; done"), "always")
                .liveness(new HealthCheck(
                        new HealthCheck.Exec(List.of("test", "!", "-e", "dead")),
                        Duration.ofMillis(50),
                        Duration.ofSeconds(5),
                        1,
                        Duration.ZERO)));
        await().atMost(DEADLINE).until(() -> linesOf("starts").size() == 1);
        Files.createFile(root.resolve("dead"));
        awaitState("a", WorkloadState.STOPPING);
        backend.stop(Selection.all(), STOP_SOON);
        assertThat(status("a").state()).isEqualTo(WorkloadState.EXITED);
        await().during(Duration.ofSeconds(1))
                .atMost(DEADLINE)
                .until(() -> linesOf("starts").size() == 1);
        assertThat(status("a").state()).isEqualTo(WorkloadState.EXITED);
    }

    /** A program that brings something up and is gone the moment it is up. */
    static final class Halting {
        private Halting() {}

        /** Argument: the root. */
        public static void main(String[] arguments) throws Exception {
            Path root = Path.of(arguments[0]);
            ProjectName project = ProjectName.of("test", root);
            List<WorkloadBuilder> services = new ArrayList<>();
            for (int i = 0; i < 8; i++) {
                services.add(service("s" + i, "sleep", "1000")
                        .lifecycle(Lifecycles.with("on_owner_exit", OnOwnerExit.STOP)));
            }
            Backend backend = new ProcessBackendProvider().open(project, root);
            backend.up(
                    RuntimePlan.of(
                            project,
                            root,
                            services.stream().map(WorkloadBuilder::build).toList()),
                    UpOptions.defaults());
            Runtime.getRuntime().halt(9);
        }
    }

    @Test
    void what_is_to_end_with_its_owner_does_so_from_the_moment_it_is_started() throws Exception {
        backend.close();
        Process owner = jvm(Halting.class, List.of(), root.toString()).start();
        assertThat(owner.waitFor()).isEqualTo(9);
        Truth truth = new Truth(project(), root);
        await().atMost(DEADLINE).until(() -> truth.running().isEmpty());
        try (Backend other = open()) {
            assertThat(other.status())
                    .hasSize(8)
                    .extracting(WorkloadStatus::state)
                    .containsOnly(WorkloadState.EXITED);
        }
    }

    @Test
    void who_opens_and_closes_leaves_one_keeper() throws Exception {
        up(service("a", "sleep", "1000"));
        backend.close();
        for (int i = 0; i < 20; i++) {
            try (Backend other = open()) {
                TimeUnit.MILLISECONDS.sleep(240 + i); // about when it takes over
                assertThat(other.status()).hasSize(1);
            }
        }
        await().atMost(DEADLINE).until(() -> keepers().count() <= 1);
    }

    @Test
    void a_damaged_record_does_not_keep_the_others_from_being_supervised() throws Exception {
        up(restarted(shell("a", "echo start >>starts; exec sleep 1000"), "always"), service("b", "sleep", "1000"));
        await().atMost(DEADLINE).until(() -> linesOf("starts").size() == 1);
        Files.writeString(root.resolve("run/processes/services/b/record.json"), "");
        ProcessHandle.of(record("a", failure -> {}).first().orElseThrow().pid())
                .flatMap(shim -> shim.children().findFirst())
                .orElseThrow()
                .destroyForcibly();
        await().atMost(DEADLINE).until(() -> linesOf("starts").size() == 2);
        assertThatThrownBy(() -> backend.status()).hasMessageContaining("record.json");
    }

    private ProcessRecord record(String name, java.util.function.Consumer<AngeeException> damaged) {
        return store().services(damaged).stream()
                .filter(record -> record.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    private static HealthCheck log(String pattern) {
        return new HealthCheck(
                new HealthCheck.LogLine(pattern), Duration.ofMillis(200), Duration.ofMillis(500), 3, Duration.ZERO);
    }

    @Test
    void a_check_of_a_log_that_is_flooded_or_of_a_pattern_that_asks_too_much_gets_its_verdict() throws Exception {
        up(
                service("a", "yes", "another line").health(log("never")),
                shell("b", "head -c 60000 /dev/zero | tr '\\0' a; echo; exec sleep 1000")
                        .health(log("(\\w|\\s)*ready$")),
                shell("c", "head -c 40 /dev/zero | tr '\\0' a; echo; exec sleep 1000")
                        .health(log("(.*a){20}b")),
                service("d", "sleep", "1000").health(HealthIT.exec("true")));
        for (String name : List.of("a", "b", "c")) {
            await(name).atMost(DEADLINE).until(() -> status(name).health() == Health.UNHEALTHY);
        }
        await().atMost(DEADLINE).until(() -> status("d").health() == Health.HEALTHY);
    }

    @Test
    void a_supervisor_with_nothing_to_do_sleeps() throws Exception {
        up(service("a", "sleep", "1000"));
        java.lang.management.ThreadMXBean threads = java.lang.management.ManagementFactory.getThreadMXBean();
        long id = Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().equals("angee-process-supervisor"))
                .mapToLong(Thread::getId)
                .max()
                .orElseThrow();
        long before = threads.getThreadCpuTime(id);
        await().during(Duration.ofSeconds(3))
                .atMost(DEADLINE)
                .until(() -> status("a").state() == WorkloadState.RUNNING);
        assertThat(Duration.ofNanos(threads.getThreadCpuTime(id) - before))
                .as("of three seconds; a watchdog, it is some milliseconds")
                .isLessThan(Duration.ofSeconds(1));
    }

    @Test
    void what_a_service_writes_is_never_taken_for_its_state_R12() throws Exception {
        up(
                shell(
                        "a",
                        "echo '[{\"name\":\"a\",\"status\":\"Completed\",\"exit_code\":3}]'; echo exit 3 >&2; exec sleep 1000"));
        await().atMost(DEADLINE).until(() -> lines(LogQuery.all()).size() == 2);
        assertThat(status("a").state()).isEqualTo(WorkloadState.RUNNING);
        assertThat(status("a").exitCode()).isEmpty();
    }

    @Test
    void to_look_starts_no_program_R44_R46() throws Exception {
        up(service("a", "sleep", "1000"), restarted(service("b", "sleep", "1000"), "always"));
        await().atMost(DEADLINE).until(() -> keepers().count() > 0);
        List<String> started = new java.util.concurrent.CopyOnWriteArrayList<>();
        try (RecordingStream events = new RecordingStream();
                EventStream changes = backend.events()) {
            events.enable("jdk.ProcessStart");
            events.onEvent("jdk.ProcessStart", event -> started.add(event.getString("command")));
            events.startAsync();
            new ProcessBuilder("true").start().waitFor(); // so that the test knows that it would hear of it
            for (int i = 0; i < 50; i++) {
                assertThat(backend.status()).hasSize(2);
                assertThat(lines(LogQuery.all())).isEmpty();
                changes.poll(Duration.ofMillis(20));
            }
            await().atMost(DEADLINE).until(() -> !started.isEmpty());
        }
        assertThat(started).containsExactly("true");
    }
}
