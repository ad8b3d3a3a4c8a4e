package dev.angee.stack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.angee.AngeeException;
import dev.angee.ErrorCode;
import dev.angee.NotFoundException;
import dev.angee.RuntimeKind;
import dev.angee.contract.InMemoryEngine;
import dev.angee.document.InvalidDocumentException;
import dev.angee.operation.Progress;
import dev.angee.plan.ProjectName;
import dev.angee.resolve.StackLayout;
import dev.angee.runtime.DownOptions;
import dev.angee.runtime.JobRun;
import dev.angee.runtime.LogQuery;
import dev.angee.runtime.RunOptions;
import dev.angee.runtime.Selection;
import dev.angee.runtime.StopOptions;
import dev.angee.runtime.UpOptions;
import dev.angee.runtime.WorkloadState;
import dev.angee.secret.ResolvedSecrets;
import dev.angee.secret.SecretName;
import dev.angee.secret.SecretValue;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(value = 1, unit = TimeUnit.MINUTES)
class StackTest {
    private static final String BOTH_RUNTIMES = """
            name: both
            services:
              db: { runtime: container, image: i, command: [sleeps], healthcheck: { exec: [test, -f, "%s"], interval: 50ms } }
              web: { runtime: local, command: [sleeps], depends_on: { db: { condition: healthy }, migrate: {} } }
              edge: { runtime: container, image: i, command: [sleeps], depends_on: [web] }
              other: { runtime: local, command: [says, hello] }
            jobs:
              migrate: { runtime: local, command: [exits, migrated, 0], depends_on: { db: { condition: healthy } } }
              fails: { runtime: local, command: [exits, broken, 3] }
            """;

    @TempDir
    Path root;

    private Stack stack;

    @BeforeEach
    void open() {
        stack = open(new InMemoryEngine(RuntimeKind.LOCAL), new InMemoryEngine(RuntimeKind.CONTAINER));
    }

    @AfterEach
    void close() throws InterruptedException {
        stack.down(DownOptions.defaults().grace(Duration.ZERO));
        stack.close();
    }

    @Test
    void dependencies_are_honoured_across_both_runtimes_and_jobs_R8() throws Exception {
        write(BOTH_RUNTIMES.formatted(Files.createFile(root.resolve("ready"))));
        List<String> order = new ArrayList<>();
        stack.up(UpOptions.defaults().telling(progress -> {
            if (progress instanceof Progress.Starting starting) {
                order.add(starting.workload());
            }
        }));
        assertThat(order)
                .containsSubsequence("db", "migrate", "web", "edge")
                .contains("other")
                .doesNotContain("fails");
        assertThat(stack.status().isReady()).isTrue();
        assertThat(states()).containsOnlyKeys("db", "edge", "other", "web").containsValue("running");
    }

    @Test
    void what_is_selected_brings_what_it_depends_on_and_nothing_else() throws Exception {
        write(BOTH_RUNTIMES.formatted(Files.createFile(root.resolve("ready"))));
        stack.up(UpOptions.defaults().only(Selection.of("web")));
        assertThat(states())
                .isEqualTo(Map.of("db", "running", "web", "running", "edge", "declared", "other", "declared"));
    }

    @Test
    void a_copy_of_a_root_has_nothing_of_the_originals() throws Exception {
        InMemoryEngine engine = new InMemoryEngine(RuntimeKind.LOCAL);
        write("{ name: x, services: { a: { runtime: local, command: [sleeps] } } }");
        Path copy = Files.createDirectory(root.resolve("copy"));
        try (Stack original = open(engine)) {
            original.up(UpOptions.defaults());
            Files.copy(root.resolve("angee.yaml"), copy.resolve("angee.yaml"));
            Files.createDirectory(copy.resolve("run"));
            Files.copy(root.resolve("run/stack.json"), copy.resolve("run/stack.json"));
            try (Stack second = Stack.open(copy, StackContext.of(List.of(engine)))) {
                assertThat(second.status().isReady()).isFalse();
                second.down(DownOptions.defaults());
                assertThat(original.status().isReady()).isTrue();
                second.up(UpOptions.defaults());
                second.down(DownOptions.defaults());
                assertThat(original.status().isReady()).isTrue();
            }
            Path moved = Files.createDirectories(root.resolve("moved"));
            Files.createDirectory(moved.resolve("run"));
            Files.move(root.resolve("run/stack.json"), moved.resolve("run/stack.json"));
            assertThat(StackRecord.read(StackLayout.of(moved)))
                    .as("a root that was moved keeps what it has")
                    .isPresent();
        }
    }

    @Test
    void what_runs_is_taken_down_also_when_its_record_was_lost() throws Exception {
        InMemoryEngine engine = new InMemoryEngine(RuntimeKind.CONTAINER);
        write("{ name: x, services: { a: { runtime: container, image: sleeps, command: [sleeps] } } }");
        try (Stack first = open(engine)) {
            first.up(UpOptions.defaults());
            Files.delete(root.resolve("run/stack.json"));
            first.down(DownOptions.defaults());
            first.up(UpOptions.defaults().only(Selection.of("a")));
            Files.delete(root.resolve("run/stack.json"));
            write("not: [a manifest");
            first.down(DownOptions.defaults()); // nothing is known of it
            write("{ name: x, services: { a: { runtime: container, image: sleeps, command: [sleeps] } } }");
            assertThat(engine.open(first.plan().project(), root).status()).hasSize(1);
            first.down(DownOptions.defaults());
            assertThat(engine.open(first.plan().project(), root).status()).isEmpty();
        }
    }

    @Test
    void a_service_that_does_what_it_is_to_and_ends_does_not_fail_the_up() throws Exception {
        write("""
                name: x
                services:
                  once: { runtime: local, command: [exits, done, 0], restart: "no" }
                  stays: { runtime: local, command: [sleeps] }
                """);
        stack.up(UpOptions.defaults());
        write("""
                name: x
                services:
                  bad:
                    runtime: local
                    command: [exits, oops, 0]
                    healthcheck: { exec: [test, -f, /nope], interval: 50ms, retries: 1000 }
                """);
        assertThatThrownBy(() -> stack.up(UpOptions.defaults()))
                .as("it was to become healthy")
                .hasMessageContaining("service 'bad' has ended: exit 0");
    }

    @Test
    void a_service_that_does_not_become_healthy_is_named_with_its_last_lines() throws Exception {
        write("""
                name: x
                services:
                  a: { runtime: local, command: [says, "listen EADDRINUSE"], healthcheck: { exec: [test, -f, /nope], interval: 50ms } }
                """);
        assertThatThrownBy(() -> stack.up(UpOptions.defaults()))
                .isInstanceOfSatisfying(
                        AngeeException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.FAILED))
                .hasMessageContaining("service 'a' is unhealthy")
                .hasMessageContaining("angee.yaml:3:")
                .hasMessageContaining("listen EADDRINUSE");
    }

    @Test
    void a_job_that_must_complete_and_fails_stops_the_ascent() throws Exception {
        write("""
                name: x
                services: { a: { runtime: local, command: [sleeps], depends_on: [fails] } }
                jobs: { fails: { runtime: local, command: [exits, "no such table", 3] } }
                """);
        assertThatThrownBy(() -> stack.up(UpOptions.defaults()))
                .hasMessageContaining("job 'fails'")
                .hasMessageContaining("exit 3")
                .hasMessageContaining("no such table");
        assertThat(states()).isEqualTo(Map.of("a", "declared"));
    }

    @Test
    void a_job_that_ends_with_a_code_that_it_declares_lets_the_rest_start_R49() throws Exception {
        write("""
                name: x
                services: { a: { runtime: local, command: [sleeps], depends_on: [odd] } }
                jobs: { odd: { runtime: local, command: [exits, "as told", 3], success_exit_codes: [3] } }
                """);
        stack.up(UpOptions.defaults());
        assertThat(states()).isEqualTo(Map.of("a", "running"));
    }

    @Test
    void no_secret_that_a_service_or_a_job_prints_is_quoted() throws Exception {
        SecretName name = new SecretName("db");
        ResolvedSecrets secrets = ResolvedSecrets.of(Map.of(name, SecretValue.of("canary-4711")));
        write("""
                name: x
                secrets: { db: {} }
                services:
                  a: { runtime: local, command: [prints, PW], env: { PW: "${secret.db}" }, healthcheck: { exec: [test, -f, /nope], interval: 50ms } }
                """);
        assertThatThrownBy(() -> stack.up(UpOptions.defaults().secrets(secrets)))
                .hasMessageContaining("service 'a' is unhealthy")
                .hasMessageContaining("***")
                .hasMessageNotContaining("4711");
        write("""
                name: x
                secrets: { db: {} }
                services: { a: { runtime: local, command: [sleeps], env: { PW: "${secret.db}" }, depends_on: [fails] } }
                jobs: { fails: { runtime: local, command: [exits, "no canary-4711", 3] } }
                """);
        assertThatThrownBy(() -> stack.up(UpOptions.defaults().secrets(secrets)))
                .hasMessageContaining("no ***")
                .hasMessageNotContaining("4711");
    }

    @Test
    void artifacts_are_for_their_owner_only_also_when_only_the_mode_differs() throws Exception {
        write("name: x\nservices: { a: { runtime: local, command: [sleeps] } }\n");
        stack.up(UpOptions.defaults());
        Path artifact = root.resolve("in-memory-local.txt");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(artifact)))
                .isEqualTo("rw-------");
        Files.setPosixFilePermissions(artifact, PosixFilePermissions.fromString("rw-r--r--"));
        stack.up(UpOptions.defaults());
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(artifact)))
                .isEqualTo("rw-------");
    }

    @Test
    void a_broken_manifest_changes_nothing() throws Exception {
        write("name: x\nservices: { a: { runtime: local } }\n");
        assertThatThrownBy(() -> stack.up(UpOptions.defaults())).isInstanceOf(InvalidDocumentException.class);
        assertThat(root).isDirectoryNotContaining(path -> !path.endsWith("angee.yaml"));
    }

    @Test
    void a_runtime_that_is_missing_is_said_before_anything_starts() throws Exception {
        Stack local = open(new InMemoryEngine(RuntimeKind.LOCAL));
        write(BOTH_RUNTIMES.formatted("x"));
        assertThatThrownBy(() -> local.up(UpOptions.defaults()))
                .isInstanceOfSatisfying(
                        AngeeException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.UNSUPPORTED))
                .hasMessageContaining("container");
        assertThat(states()).doesNotContainValue("running");
    }

    @Test
    void status_follows_the_manifest_and_the_world() throws Exception {
        write("name: x\nservices: { a: { runtime: local, command: [sleeps] } }\n");
        assertThat(states()).isEqualTo(Map.of("a", "declared"));
        assertThat(root).as("reading writes nothing").isDirectoryNotContaining(path -> !path.endsWith("angee.yaml"));
        stack.up(UpOptions.defaults());
        write("name: x\nservices: { b: { runtime: local, command: [sleeps] } }\n");
        assertThat(states()).isEqualTo(Map.of("a", "running", "b", "declared"));
        stack.stop(Selection.of("a"), StopOptions.defaults());
        assertThat(states()).isEqualTo(Map.of("a", "exited", "b", "declared"));
        stack.up(UpOptions.defaults());
        assertThat(states()).isEqualTo(Map.of("b", "running"));
    }

    @Test
    void stopping_and_taking_down_need_no_manifest_R15_R41() throws Exception {
        write("name: x\nservices: { a: { runtime: local, command: [sleeps] } }\n");
        stack.up(UpOptions.defaults());
        write("no manifest at all");
        stack.stop(Selection.of("a"), StopOptions.defaults());
        stack.down(DownOptions.defaults());
        write("name: renamed\nservices: { a: { runtime: local, command: [sleeps] } }\n");
        assertThat(states()).isEqualTo(Map.of("a", "declared"));
    }

    @Test
    void down_tries_every_runtime_also_when_one_is_missing() throws Exception {
        InMemoryEngine local = new InMemoryEngine(RuntimeKind.LOCAL);
        Stack both = open(local, new InMemoryEngine(RuntimeKind.CONTAINER));
        write(BOTH_RUNTIMES.formatted(Files.createFile(root.resolve("ready"))));
        both.up(UpOptions.defaults());
        Stack half = open(local);
        assertThatThrownBy(() -> half.down(DownOptions.defaults().grace(Duration.ZERO)))
                .hasMessageContaining("container");
        assertThat(states(both)).containsEntry("web", "declared").containsEntry("db", "running");
        both.down(DownOptions.defaults().grace(Duration.ZERO));
    }

    @Test
    void down_waits_for_an_up_under_way_and_leaves_nothing_of_it() throws Exception {
        InMemoryEngine local = new InMemoryEngine(RuntimeKind.LOCAL);
        Stack one = open(local);
        Stack two = open(local);
        Path ready = root.resolve("ready");
        write("""
                name: x
                services:
                  db: { runtime: local, command: [sleeps], healthcheck: { exec: [test, -f, "%s"], interval: 50ms, retries: 500 } }
                  web: { runtime: local, command: [sleeps], depends_on: { job: {} } }
                jobs: { job: { runtime: local, command: [exits, x, 0], depends_on: { db: { condition: healthy } } } }
                """.formatted(ready));
        CompletableFuture<Void> up = CompletableFuture.runAsync(() -> {
            try {
                one.up(UpOptions.defaults());
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        });
        await().until(() -> states(one).get("db").equals("running"));
        CompletableFuture<Void> down = CompletableFuture.runAsync(() -> {
            try {
                two.down(DownOptions.defaults().grace(Duration.ZERO));
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        });
        Files.createFile(ready);
        up.get(30, TimeUnit.SECONDS);
        down.get(30, TimeUnit.SECONDS);
        assertThat(states(two)).doesNotContainValue("running");
    }

    @Test
    void runtimes_remembered_at_the_same_time_are_all_remembered() throws Exception {
        StackLayout layout = StackLayout.of(root);
        ProjectName project = ProjectName.of("x", root.toAbsolutePath());
        for (int round = 0; round < 50; round++) {
            StackRecord.forget(layout);
            CompletableFuture<Void> one =
                    CompletableFuture.runAsync(() -> StackRecord.remember(layout, project, Set.of(RuntimeKind.LOCAL)));
            StackRecord.remember(layout, project, Set.of(RuntimeKind.CONTAINER));
            one.get(30, TimeUnit.SECONDS);
            assertThat(StackRecord.read(layout).orElseThrow().kinds()).hasSize(2);
        }
        StackRecord.forget(layout);
    }

    @Test
    void restarting_gives_a_new_instance() throws Exception {
        write("name: x\nservices: { a: { runtime: local, command: [sleeps] } }\n");
        stack.up(UpOptions.defaults());
        String before = instance("a");
        stack.restart(Selection.of("a"), StopOptions.defaults());
        assertThat(instance("a")).isNotEqualTo(before);
    }

    @Test
    void a_job_runs_by_name_and_its_exit_code_is_a_result() throws Exception {
        write("name: x\njobs: { j: { runtime: local, command: [exits, out, 3] } }\n");
        assertThat(stack.run("j", RunOptions.defaults()).code()).isEqualTo(3);
        assertThatThrownBy(() -> stack.run("k", RunOptions.defaults()))
                .isInstanceOf(NotFoundException.class)
                .hasMessageContaining("jobs: j");
    }

    @Test
    void runs_of_jobs_on_both_runtimes_are_in_one_list_and_found_by_id_R49() throws Exception {
        assertThat(stack.jobRuns().list()).isEmpty();
        write("""
                name: x
                jobs:
                  j: { runtime: local, command: [exits, here, 0] }
                  k: { runtime: container, image: i, command: [exits, there, 3] }
                """);
        String local = stack.run("j", RunOptions.defaults()).run().orElseThrow();
        String contained = stack.run("k", RunOptions.defaults()).run().orElseThrow();
        assertThat(stack.jobRuns().list()).extracting(JobRun::id).containsExactlyInAnyOrder(local, contained);
        assertThat(stack.jobRuns().output(local)).isEqualTo("here");
        assertThat(stack.jobRuns().output(contained)).isEqualTo("there");
        stack.jobRuns().cancel(contained, StopOptions.defaults());
        assertThatThrownBy(() -> stack.jobRuns().cancel("nope", StopOptions.defaults()))
                .isInstanceOf(NotFoundException.class)
                .hasMessageContaining("nope");
    }

    @Test
    void unknown_names_are_not_found_and_change_nothing() throws Exception {
        write("name: x\nservices: { a: { runtime: local, command: [sleeps] } }\n");
        assertThatThrownBy(() -> stack.up(UpOptions.defaults().only(Selection.of("b"))))
                .isInstanceOf(NotFoundException.class)
                .hasMessageContaining("services: a");
        assertThatThrownBy(() -> stack.stop(Selection.of("a"), StopOptions.defaults()))
                .isInstanceOf(NotFoundException.class);
        assertThatThrownBy(() -> stack.logs(LogQuery.all().only(Selection.of("a"))))
                .isInstanceOf(NotFoundException.class);
        assertThat(states()).isEqualTo(Map.of("a", "declared"));
    }

    @Test
    void closing_leaves_services_running_and_a_closed_stack_says_so() throws Exception {
        InMemoryEngine engine = new InMemoryEngine(RuntimeKind.LOCAL);
        write("name: x\nservices: { a: { runtime: local, command: [sleeps] } }\n");
        Stack first = open(engine);
        first.up(UpOptions.defaults());
        first.close();
        assertThatThrownBy(() -> first.up(UpOptions.defaults())).hasMessageContaining("closed");
        try (Stack second = open(engine)) {
            assertThat(second.status()
                            .services()
                            .get("a")
                            .observed()
                            .orElseThrow()
                            .state())
                    .isEqualTo(WorkloadState.RUNNING);
            second.down(DownOptions.defaults());
        }
    }

    @Test
    void artifacts_are_written_only_when_their_bytes_change_R43() throws Exception {
        write("name: x\nservices: { a: { runtime: local, command: [sleeps] } }\n");
        stack.up(UpOptions.defaults());
        Path artifact = root.resolve("in-memory-local.txt");
        Object before = Files.readAttributes(artifact, "unix:ino,ctime");
        stack.up(UpOptions.defaults());
        assertThat(Files.readAttributes(artifact, "unix:ino,ctime")).isEqualTo(before);
        write("name: x\nservices: { a: { runtime: local, command: [ticks] } }\n");
        stack.up(UpOptions.defaults());
        assertThat(Files.readAttributes(artifact, "unix:ino,ctime")).isNotEqualTo(before);
        write("name: x\n");
        stack.up(UpOptions.defaults());
        assertThat(artifact).doesNotExist();
    }

    private Stack open(InMemoryEngine... engines) {
        return Stack.open(root, StackContext.of(List.of(engines)));
    }

    private void write(String manifest) throws IOException {
        Files.writeString(root.resolve("angee.yaml"), manifest);
    }

    private Map<String, String> states() {
        return states(stack);
    }

    private static Map<String, String> states(Stack stack) {
        return stack.status().services().values().stream()
                .collect(Collectors.toMap(ServiceStatus::name, ServiceStatus::state));
    }

    private String instance(String service) {
        return stack.status().services().get(service).observed().orElseThrow().instance();
    }
}
