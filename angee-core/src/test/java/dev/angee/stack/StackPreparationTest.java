package dev.angee.stack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.angee.AngeeException;
import dev.angee.ConflictException;
import dev.angee.ErrorCode;
import dev.angee.InvalidInputException;
import dev.angee.RuntimeKind;
import dev.angee.contract.InMemoryEngine;
import dev.angee.contract.InMemorySecretStore;
import dev.angee.plan.PlanChange;
import dev.angee.plan.RuntimePlan;
import dev.angee.port.PortLedger;
import dev.angee.port.PortProbe;
import dev.angee.runtime.Backend;
import dev.angee.runtime.BackendInfo;
import dev.angee.runtime.DownOptions;
import dev.angee.runtime.LogLine;
import dev.angee.runtime.LogQuery;
import dev.angee.runtime.LogStream;
import dev.angee.runtime.PortTakenException;
import dev.angee.runtime.RunOptions;
import dev.angee.runtime.Selection;
import dev.angee.runtime.StartOptions;
import dev.angee.runtime.StopOptions;
import dev.angee.runtime.UpOptions;
import dev.angee.secret.ResolvedSecrets;
import dev.angee.secret.SecretName;
import dev.angee.secret.SecretValue;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What a stack sees to before anything starts: ports, folders, secrets, features, inputs. */
@Timeout(value = 1, unit = TimeUnit.MINUTES)
class StackPreparationTest {
    @TempDir
    Path folder;

    private Path root;
    private PortLedger ledger;
    private InMemorySecretStore store;
    private Stack stack;

    @BeforeEach
    void open() throws IOException {
        root = Files.createDirectory(folder.toRealPath().resolve("stack"));
        ledger = PortLedger.in(folder.resolve("state"), Clock.systemUTC(), PortProbe.noObjection());
        store = new InMemorySecretStore();
        stack = Stack.open(root, context());
    }

    private StackContext context() {
        return StackContext.of(
                        List.of(new InMemoryEngine(RuntimeKind.LOCAL), new InMemoryEngine(RuntimeKind.CONTAINER)))
                .ports(ledger)
                .secretStore(store)
                .environment(Map.of("FROM_OUTSIDE", "imported-x47y"));
    }

    @AfterEach
    void close() throws InterruptedException {
        stack.down(DownOptions.defaults().grace(Duration.ZERO));
        stack.close();
    }

    @Test
    void only_the_pools_a_manifest_names_are_leased_from_and_a_plan_leases_nothing_C21() throws Exception {
        write("""
                name: x
                operator: { port_pool: { web: { range: 8101-8103 }, never: { range: 9000-9001 } } }
                services: { a: { runtime: local, command: [says, "${alloc.web}"] } }
                """);
        RuntimePlan plan = stack.plan();
        assertThat(plan.workload("a").orElseThrow().command()).containsExactly("says", "8101");
        assertThat(plan.explain("services.a.command[1]")).asString().contains("a port leased from pool 'web'");
        assertThat(ledger.all()).isEmpty();

        stack.up(UpOptions.defaults());

        assertThat(ledger.leases(root)).singleElement().satisfies(lease -> {
            assertThat(lease.port()).isEqualTo(8101);
            assertThat(lease.owner()).hasToString("stack/web");
        });
        assertThat(stack.plan()).isEqualTo(plan);
    }

    @Test
    void ports_that_a_manifest_fixes_and_its_pools_never_meet_R22() throws Exception {
        write("""
                name: x
                operator: { port_pool: { a: { range: 8000-8010 }, b: { range: 8000-8010 } } }
                ports: { api: { value: 8000 } }
                services:
                  api: { runtime: container, image: i, command: [sleeps], ports: ["${ports.api}:80", "8001:81"] }
                  a: { runtime: container, image: i, command: [sleeps], ports: ["${alloc.a}:80"] }
                  b: { runtime: container, image: i, command: [sleeps], ports: ["${alloc.b}:80"] }
                """);
        RuntimePlan plan = stack.plan();
        assertThat(plan.workload("a").orElseThrow().ports()).hasToString("[0.0.0.0:8002:80/tcp]");
        assertThat(plan.workload("b").orElseThrow().ports()).hasToString("[0.0.0.0:8003:80/tcp]");
        stack.up(UpOptions.defaults());
        assertThat(stack.plan()).isEqualTo(plan);

        write("""
                name: x
                operator: { port_pool: { a: { range: 8000-8010 } } }
                ports: { api: { value: 8002 } }
                services:
                  a: { runtime: local, command: [says, "${ports.api}", "${alloc.a}"] }
                """);
        stack.up(UpOptions.defaults());
        assertThat(stack.plan().workload("a").orElseThrow().command()).containsExactly("says", "8002", "8000");
    }

    @Test
    void a_leased_port_that_is_taken_before_it_is_bound_is_replaced_and_a_fixed_one_is_not() throws Exception {
        try (Stack busy = Stack.open(
                root, StackContext.of(List.of(new BusyEngine(8000, 8001))).ports(ledger))) {
            write("""
                    name: x
                    operator: { port_pool: { web: { range: 8000-8010 } } }
                    services: { a: { runtime: container, image: i, command: [sleeps], ports: ["${alloc.web}:80"] } }
                    """);
            busy.up(UpOptions.defaults());
            assertThat(busy.plan().workload("a").orElseThrow().ports()).hasToString("[0.0.0.0:8002:80/tcp]");
            assertThat(ledger.leases(root)).hasSize(1);
            write("""
                    name: x
                    services: { a: { runtime: container, image: i, command: [sleeps], ports: ["8000:80"] } }
                    """);
            assertThatThrownBy(() -> busy.up(UpOptions.defaults()))
                    .isInstanceOfSatisfying(
                            PortTakenException.class, e -> assertThat(e.port()).isEqualTo(8000));
            busy.down(DownOptions.defaults().grace(Duration.ZERO));
        }
    }

    @Test
    void a_runtime_that_nothing_selected_needs_need_not_be_there() throws Exception {
        write("""
                name: x
                services:
                  web: { runtime: local, command: [sleeps] }
                  db: { runtime: container, image: i, profiles: [full] }
                jobs: { dump: { runtime: container, image: i } }
                """);
        try (Stack local = Stack.open(root, StackContext.of(List.of(new InMemoryEngine(RuntimeKind.LOCAL))))) {
            local.up(UpOptions.defaults());
            assertThat(local.status().services().get("web").state()).isEqualTo("running");
            local.down(DownOptions.defaults().grace(Duration.ZERO));
        }
    }

    @Test
    void a_job_can_mount_what_its_inputs_name() throws Exception {
        write("""
                name: x
                sources: { app: { kind: local, path: app } }
                services: { web: { runtime: local, command: [sleeps] } }
                jobs:
                  look: { runtime: local, command: [exits, "${inputs.which}", 0], mounts: ["source://${inputs.which}:/w"] }
                """);
        stack.up(UpOptions.defaults());
        assertThat(stack.run(JobRequest.named("look").input("which", "app"), RunOptions.defaults())
                        .output())
                .isEqualTo("app");
        assertThatThrownBy(() -> stack.run(JobRequest.named("look").input("which", "nope"), RunOptions.defaults()))
                .hasMessageContaining("'nope' is not declared");
    }

    @Test
    void a_port_that_another_stack_has_fixed_is_refused_until_that_is_down_R56() throws Exception {
        Path other = Files.createDirectory(folder.toRealPath().resolve("other"));
        String manifest =
                "name: x\nports: { web: { value: 8080 } }\nservices: { a: { runtime: local, command: [sleeps] } }\n";
        Files.writeString(other.resolve("angee.yaml"), manifest);
        write(manifest);
        try (Stack first = Stack.open(other, context())) {
            first.up(UpOptions.defaults());
            assertThatThrownBy(() -> stack.up(UpOptions.defaults()))
                    .isInstanceOf(ConflictException.class)
                    .hasMessageContaining("8080")
                    .hasMessageContaining(other.toString());
            first.down(DownOptions.defaults().grace(Duration.ZERO));
        }
        stack.up(UpOptions.defaults());
        assertThat(state("a")).isEqualTo("running");
    }

    @Test
    void persist_folders_are_made_when_something_starts_and_not_by_looking_R21() throws Exception {
        write("""
                name: x
                persist: { data: { subpath: var/data } }
                services: { a: { runtime: local, command: [says, "${persist.data}"] } }
                """);
        assertThat(stack.plan().workload("a").orElseThrow().command())
                .containsExactly("says", root.resolve("var/data").toString());
        assertThat(root.resolve("var")).doesNotExist();
        stack.up(UpOptions.defaults());
        assertThat(root.resolve("var/data")).isDirectory();
    }

    @Test
    void a_preparation_that_fails_half_way_leaves_everything_as_it_was_R33() throws Exception {
        write("name: x\nservices: { a: { runtime: container, image: i, command: [sleeps] } }\n");
        stack.up(UpOptions.defaults());
        String before = Files.readString(root.resolve("in-memory-container.txt"));
        Files.createDirectory(
                root.resolve("in-memory-local.txt")); // the artifact of the other runtime cannot be written
        write("""
                name: x
                operator: { port_pool: { web: { range: 8101-8103 } } }
                ports: { api: { value: 8080 } }
                persist: { data: { subpath: var/data } }
                services:
                  a: { runtime: container, image: other, command: [sleeps] }
                  b: { runtime: local, command: [says, "${alloc.web}"] }
                """);

        assertThatThrownBy(() -> stack.up(UpOptions.defaults())).hasMessageContaining("in-memory-local.txt");

        assertThat(Files.readString(root.resolve("in-memory-container.txt"))).isEqualTo(before);
        assertThat(ledger.all()).isEmpty();
        assertThat(ledger.reservations()).isEmpty();
        assertThat(root.resolve("var")).doesNotExist();
        Files.delete(root.resolve("in-memory-local.txt"));
        stack.up(UpOptions.defaults());
        assertThat(state("b")).isEqualTo("running");
    }

    @Test
    void secrets_are_imported_generated_or_taken_from_the_store_when_something_starts_that_needs_them()
            throws Exception {
        store.put(new SecretName("db"), SecretValue.of("stored-x47y"));
        write("""
                name: x
                secrets:
                  db: {}
                  key: { generated: true, length: 20 }
                  token: { import: "env:FROM_OUTSIDE" }
                  unused: { generated: true }
                services:
                  a: { runtime: local, command: [prints, ALL], env: { ALL: "${secret.db}/${secret.key}/${secret.token}" } }
                """);
        assertThat(stack.plan().print()).doesNotContain("x47y").contains("${secret.db}/${secret.key}");
        assertThat(store.keys()).containsExactly(store.key(new SecretName("db")));

        stack.up(UpOptions.defaults());

        assertThat(lines(1)).singleElement().asString().matches("stored-x47y/[A-Za-z0-9_-]{20}/imported-x47y");
        assertThat(store.get(new SecretName("unused"))).isEmpty();
        stack.stop(Selection.of("a"), StopOptions.defaults().grace(Duration.ZERO));
        stack.start(Selection.of("a"), StartOptions.defaults());
        assertThat(lines(2)).hasSize(2).containsOnly(lines(1).get(0));
        assertNoFileHolds("x47y");
    }

    @Test
    void a_secret_that_has_no_value_is_named_before_anything_starts_and_can_be_given_in_the_call() throws Exception {
        write("""
                name: x
                secrets: { db: { required: true } }
                services:
                  a: { runtime: local, command: [prints, A], env: { A: "${secret.db}" } }
                """);
        assertThatThrownBy(() -> stack.up(UpOptions.defaults()))
                .hasMessageContaining("secret 'db'")
                .hasMessageContaining("set it");
        assertThat(root.resolve("run/stack.json")).doesNotExist();

        ResolvedSecrets given = ResolvedSecrets.of(Map.of(new SecretName("db"), SecretValue.of("given")));
        stack.up(UpOptions.defaults().secrets(given));
        assertThat(lines(1)).containsExactly("given");
        assertThat(store.keys()).isEmpty();
    }

    @Test
    void variables_of_an_env_file_reach_the_service_and_no_generated_file_R27() throws Exception {
        Files.writeString(root.resolve("web.env"), "A=from-file-x47y\nB='b $HOME'\n");
        write("""
                name: x
                services:
                  a: { runtime: local, command: [prints, A], env_file: web.env, env: { B: "written" } }
                  b: { runtime: local, command: [prints, B], env_file: [web.env] }
                """);
        stack.up(UpOptions.defaults());
        assertThat(lines(2)).containsExactlyInAnyOrder("from-file-x47y", "b $HOME");
        assertThat(stack.plan().workload("a").orElseThrow().environment().get("B"))
                .hasToString("written");
        Files.delete(root.resolve("web.env"));
        assertNoFileHolds("x47y");
        assertThatThrownBy(() -> stack.plan())
                .hasMessageContaining("services.a.env_file[0]")
                .hasMessageContaining("web.env");
    }

    @Test
    void an_env_file_stays_below_the_root_and_is_not_where_secrets_are_kept() throws IOException {
        Files.writeString(folder.resolve("outside.env"), "A=1\n");
        Files.writeString(root.resolve(".env"), "A=1\n");
        Files.createLink(root.resolve("second.env"), root.resolve(".env"));
        Files.createSymbolicLink(root.resolve("linked.env"), Path.of(".env"));
        write("name: x\nservices: { a: { runtime: local, command: [x], env_file: [../outside.env, .env, second.env,"
                + " linked.env] } }\n");
        assertThatThrownBy(() -> ownStore().plan())
                .hasMessageContaining("env_file[0]: '../outside.env' leads out of")
                .hasMessageContaining("env_file[1]: it is where this stack keeps its secrets")
                .hasMessageContaining("env_file[2]: it is where this stack keeps its secrets")
                .hasMessageContaining("env_file[3]: it is where this stack keeps its secrets");
    }

    @Test
    void who_works_in_a_workspace_cannot_lead_an_env_file_out_of_it() throws IOException {
        Files.createDirectories(root.resolve("workspaces/w"));
        Files.writeString(root.resolve(".env"), "A=1\n");
        Files.writeString(root.resolve("other.env"), "A=1\n");
        Files.createSymbolicLink(root.resolve("workspaces/w/app.env"), Path.of("../../.env"));
        Files.createSymbolicLink(root.resolve("workspaces/w/more.env"), Path.of("../../other.env"));
        write("""
                name: x
                workspaces: { w: { template: t } }
                services: { a: { runtime: local, command: [x], env_file: [workspaces/w/app.env, workspaces/w/more.env] } }
                """);
        assertThatThrownBy(() -> ownStore().plan())
                .hasMessageContaining("env_file[0]: it passes through the link")
                .hasMessageContaining("env_file[1]: it passes through the link");
    }

    @Test
    void an_env_file_that_is_a_pipe_or_a_device_is_refused() throws Exception {
        assertThat(new ProcessBuilder("mkfifo", root.resolve("pipe.env").toString())
                        .start()
                        .waitFor())
                .isZero();
        Files.createDirectory(root.resolve("folder.env"));
        write("name: x\nservices: { a: { runtime: local, command: [x], env_file: [pipe.env, folder.env] } }\n");
        assertThatThrownBy(() -> stack.plan())
                .hasMessageContaining("pipe.env is not a plain file")
                .hasMessageContaining("folder.env is not a plain file");
    }

    @Test
    void a_manifest_that_is_a_pipe_or_a_device_is_refused() throws Exception {
        Path manifest = root.resolve("angee.yaml");
        Files.createSymbolicLink(manifest, Path.of("/dev/zero"));
        assertThatThrownBy(() -> stack.plan()).hasMessageContaining("is not a plain file");
        Files.delete(manifest);
        assertThat(new ProcessBuilder("mkfifo", manifest.toString()).start().waitFor())
                .isZero();
        assertThatThrownBy(() -> stack.plan()).hasMessageContaining("is not a plain file");
        Files.delete(manifest);
        write("name: x\n");
    }

    @Test
    void where_secrets_are_kept_elsewhere_the_file_dot_env_is_an_env_file_like_others() throws IOException {
        Files.writeString(root.resolve(".env"), "A=1\n");
        write("name: x\nservices: { a: { runtime: local, command: [x], env_file: .env } }\n");
        assertThat(stack.plan().secrets()).hasSize(1);
        write("""
                name: x
                secrets_backend: { type: openbao, address: "http://127.0.0.1:1" }
                services: { a: { runtime: local, command: [x], env_file: .env } }
                """);
        assertThat(ownStore().plan().secrets()).hasSize(1);
    }

    /** The same stack, with the store that its manifest names. */
    private Stack ownStore() {
        return Stack.open(root, StackContext.of(context().providers()).ports(ledger));
    }

    @Test
    void jobs_run_when_something_depends_on_them_or_run_on_says_so_and_not_otherwise_R9() throws Exception {
        write("""
                name: x
                services: { web: { runtime: local, command: [sleeps], depends_on: [migrate] } }
                jobs:
                  migrate: { runtime: local, command: [exits, migrated, 0] }
                  seed: { runtime: local, command: [exits, seeded, 0], run_on: up }
                  wipe: { runtime: local, command: [exits, wiped, 0] }
                """);
        List<String> started = new ArrayList<>();
        stack.up(UpOptions.defaults().telling(progress -> {
            if (progress instanceof dev.angee.operation.Progress.Starting starting) {
                started.add(starting.workload());
            }
        }));
        assertThat(started).containsExactlyInAnyOrder("migrate", "web", "seed");
    }

    @Test
    void a_service_with_profiles_starts_only_with_one_of_them_or_by_name() throws Exception {
        write("""
                name: x
                services:
                  web: { runtime: local, command: [sleeps] }
                  debug: { runtime: local, command: [sleeps], profiles: [debug] }
                """);
        stack.up(UpOptions.defaults());
        assertThat(state("debug")).isEqualTo("declared");
        stack.up(UpOptions.defaults().only(Selection.profiles("debug")));
        assertThat(state("debug")).isEqualTo("running");
        assertThat(state("web")).isEqualTo("running");
    }

    @Test
    void a_job_is_given_its_inputs_and_told_which_are_missing() throws Exception {
        write("""
                name: x
                jobs: { greet: { runtime: local, command: [exits, "hello ${inputs.whom | upper}", 0] } }
                """);
        assertThat(stack.run(JobRequest.named("greet").input("whom", "you"), RunOptions.defaults())
                        .output())
                .isEqualTo("hello YOU");
        assertThatThrownBy(() -> stack.run("greet", RunOptions.defaults()))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("needs a value for: whom");
    }

    @Test
    void a_job_is_killed_when_its_own_time_is_up() throws Exception {
        write("name: x\njobs: { slow: { runtime: local, command: [sleeps], timeout: 200ms } }\n");
        assertThatThrownBy(() -> stack.run("slow", RunOptions.defaults())).hasMessageContaining("took too long");
    }

    @Test
    void what_a_backend_does_not_honour_is_refused_by_name_and_place_before_anything_starts_R27() throws Exception {
        try (Stack poor = Stack.open(root, StackContext.of(List.of(new PoorEngine())))) {
            write("""
                    name: x
                    services:
                      a: { runtime: local, command: [sleeps], replicas: 3, restart: always, liveness: { tcp: { port: 1 } } }
                    """);
            assertThatThrownBy(() -> poor.up(UpOptions.defaults()))
                    .isInstanceOfSatisfying(
                            AngeeException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.UNSUPPORTED))
                    .hasMessageContaining("angee.yaml:3:53  services.a.replicas: is not supported by poor")
                    .hasMessageContaining("services.a.restart")
                    .hasMessageContaining("angee.yaml:3:83  services.a.liveness: is not supported by poor");
            assertThat(root.resolve("run")).doesNotExist();
        }
    }

    @Test
    void a_diff_of_two_plans_says_what_restarts_and_why() throws Exception {
        write("""
                name: x
                services:
                  same: { runtime: local, command: [sleeps] }
                  gone: { runtime: local, command: [sleeps] }
                  web: { runtime: local, command: [says, one], env: { A: "1" } }
                  late: { runtime: local, command: [sleeps] }
                """);
        RuntimePlan before = stack.plan();
        write("""
                name: x
                services:
                  same: { runtime: local, command: [sleeps] }
                  new: { runtime: local, command: [sleeps] }
                  web: { runtime: local, command: [says, two] }
                  late: { runtime: local, command: [sleeps], depends_on: [web] }
                """);
        List<String> changes =
                before.diff(stack.plan()).stream().map(PlanChange::toString).toList();
        assertThat(changes)
                .containsExactly(
                        "removed gone",
                        "updated late\n  depends_on.web: nothing → started  # angee.yaml:6:59",
                        "added new",
                        "restarted web\n  command: \"says\" \"one\" → \"says\" \"two\"  # angee.yaml:5:35\n"
                                + "  env.A: \"1\" → nothing  # angee.yaml:5:8");
        assertThat(before.diff(before)).isEmpty();
    }

    @Test
    void a_root_of_a_newer_version_is_refused() throws Exception {
        Files.createDirectories(root.resolve("run"));
        Files.writeString(root.resolve("run/format.json"), "{\"version\": 2}");
        assertThatThrownBy(() -> Stack.open(root, context()))
                .isInstanceOfSatisfying(
                        AngeeException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.UNSUPPORTED))
                .hasMessageContaining("newer version");
    }

    @Test
    void what_was_started_first_marks_the_version() throws Exception {
        write("name: x\nservices: { a: { runtime: local, command: [sleeps] } }\n");
        stack.plan();
        assertThat(root.resolve("run")).doesNotExist();
        stack.up(UpOptions.defaults());
        assertThat(root.resolve("run/format.json")).content().contains("\"version\" : 1");
    }

    private void write(String manifest) throws IOException {
        Files.writeString(root.resolve("angee.yaml"), manifest);
    }

    private String state(String service) {
        return stack.status().services().get(service).state();
    }

    /** All that services have written, once it is so many lines. */
    private List<String> lines(int atLeast) {
        return await().atMost(Duration.ofSeconds(20)).until(this::lines, lines -> lines.size() >= atLeast);
    }

    private List<String> lines() throws InterruptedException {
        List<String> lines = new ArrayList<>();
        try (LogStream logs = stack.logs(LogQuery.all())) {
            for (Optional<LogLine> line = logs.next(); line.isPresent(); line = logs.next()) {
                lines.add(line.get().text());
            }
        }
        return lines;
    }

    private void assertNoFileHolds(String canary) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            assertThat(files.filter(Files::isRegularFile))
                    .allSatisfy(file -> assertThat(file).content().doesNotContain(canary));
        }
    }

    /** An engine on a host where somebody has some ports, and only binding them tells. */
    private static final class BusyEngine implements dev.angee.runtime.BackendProvider {
        private final InMemoryEngine engine = new InMemoryEngine(RuntimeKind.CONTAINER);
        private final List<Integer> taken;

        BusyEngine(Integer... taken) {
            this.taken = List.of(taken);
        }

        @Override
        public RuntimeKind runtime() {
            return RuntimeKind.CONTAINER;
        }

        @Override
        public Backend open(dev.angee.plan.ProjectName project, Path root) {
            Backend real = engine.open(project, root);
            Backend busy = org.mockito.Mockito.mock(Backend.class, org.mockito.AdditionalAnswers.delegatesTo(real));
            try {
                org.mockito.Mockito.doAnswer(call -> {
                            RuntimePlan plan = call.getArgument(0);
                            UpOptions options = call.getArgument(1);
                            plan.workloads().stream()
                                    .filter(w -> options.which().includes(w.name()))
                                    .flatMap(w -> w.ports().stream())
                                    .filter(port -> taken.contains(port.hostPort()))
                                    .findFirst()
                                    .ifPresent(port -> {
                                        throw new PortTakenException(port.hostPort(), "taken");
                                    });
                            real.up(plan, options);
                            return null;
                        })
                        .when(busy)
                        .up(org.mockito.ArgumentMatchers.any(), org.mockito.ArgumentMatchers.any());
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
            return busy;
        }
    }

    /** An engine whose backends honour nothing but what every backend does. */
    private static final class PoorEngine implements dev.angee.runtime.BackendProvider {
        private final InMemoryEngine engine = new InMemoryEngine(RuntimeKind.LOCAL);

        @Override
        public RuntimeKind runtime() {
            return RuntimeKind.LOCAL;
        }

        @Override
        public Backend open(dev.angee.plan.ProjectName project, Path root) {
            Backend poor = org.mockito.Mockito.mock(
                    Backend.class, org.mockito.AdditionalAnswers.delegatesTo(engine.open(project, root)));
            org.mockito.Mockito.doReturn(BackendInfo.usable(RuntimeKind.LOCAL, "poor"))
                    .when(poor)
                    .describe();
            return poor;
        }
    }
}
