package dev.angee.compose;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.github.dockerjava.api.model.HostConfig;
import com.github.dockerjava.api.model.LogConfig;
import com.github.dockerjava.api.model.Network;
import dev.angee.AngeeException;
import dev.angee.ErrorCode;
import dev.angee.contract.Program;
import dev.angee.plan.Dependency;
import dev.angee.plan.RuntimePlan;
import dev.angee.plan.Workload;
import dev.angee.runtime.BackendInfo;
import dev.angee.runtime.DownOptions;
import dev.angee.runtime.LogQuery;
import dev.angee.runtime.RunOptions;
import dev.angee.runtime.UpOptions;
import dev.angee.secret.SecretName;
import dev.angee.secret.Text;
import dev.angee.workload.Condition;
import dev.angee.workload.ContainerOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Health, what is left to read after the end, and ends that go wrong, on a real engine. */
class ComposeCareIT extends OneStack {
    private static final String CANARY = "canary-of-care-91c3";
    private static final UpOptions DEFAULTS = UpOptions.defaults();

    @Test
    void describe_names_the_versions_of_the_real_thing() {
        BackendInfo info = backend().describe();
        assertThat(info.problem()).isEmpty();
        assertThat(info.usable()).isTrue();
        assertThat(info.name()).matches("Docker Compose v?2\\.\\S+, engine \\d+\\..+");
    }

    @Test
    void the_free_space_of_the_engines_own_disk_is_known_where_it_runs_on_this_host() throws Exception {
        try (EngineSession session = new EngineSession(RealDocker.settings())) {
            EngineFacts facts = EngineFacts.of(session.engine());
            EngineHost host = new EngineHost(RealDocker.settings());
            assertThat(host.isOurs(facts)).isTrue();
            assertThat(host.free(facts).orElseThrow())
                    .isPositive()
                    .isLessThanOrEqualTo(facts.rootDir().toFile().getTotalSpace());
            EngineHost far = new EngineHost(RealDocker.settings().dockerHost("tcp://127.0.0.1:1"));
            assertThat(far.free(facts)).isEmpty();
        }
    }

    @Test
    void a_runtime_that_the_engine_lacks_is_refused_before_anything_is_made() {
        ContainerOptions sysbox = runtime("sysbox-runc");
        RuntimePlan plan = plan(
                Programs.service("a", new Program.Sleeps()),
                Programs.service("b", new Program.Sleeps()).container(sysbox));
        assertThatThrownBy(() -> backend().up(plan, DEFAULTS))
                .isInstanceOfSatisfying(
                        AngeeException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.UNSUPPORTED))
                .hasMessageContainingAll("service 'b'", "'sysbox-runc'", "runc", "daemon.json", "container_runtime");
        Workload job =
                Programs.job("j", new Program.Exits("x", 0)).container(sysbox).build();
        assertThatThrownBy(() -> backend().run(job, RunOptions.defaults())).hasMessageContaining("job 'j'");
        assertThat(backend().status()).isEmpty();
        assertThat(networks()).isEmpty();
        assertThat(root().resolve("docker-compose.yaml")).doesNotExist();
    }

    @Test
    void a_runtime_that_the_engine_has_is_used() throws Exception {
        backend().up(plan(Programs.service("a", new Program.Sleeps()).container(runtime("runc"))), DEFAULTS);
        assertThat(engine().inspectContainerCmd(container("a"))
                        .exec()
                        .getHostConfig()
                        .getRuntime())
                .isEqualTo("runc");
    }

    @Test
    void what_was_brought_up_is_on_record_with_its_images_and_without_secrets_also_after_the_end() throws Exception {
        SecretName name = new SecretName("key");
        RuntimePlan plan = plan(
                Programs.service("b", new Program.Sleeps()).variables(Map.of("K", Text.secret(name))),
                Programs.service("a", new Program.Sleeps()));
        backend().up(plan, DEFAULTS.secrets(SecretVariablesTest.secrets(Map.of(name, CANARY))));
        Path file = root().resolve("run/metadata.json");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
        JsonNode record = new ObjectMapper().readTree(file.toFile());
        String image = engine().inspectImageCmd(RealDocker.IMAGE).exec().getId();
        assertThat(record.path("project").textValue()).isEqualTo(project().value());
        assertThat(record.path("root").textValue()).isEqualTo(root().toString());
        assertThat(Instant.parse(record.path("started").textValue()))
                .isBetween(Instant.now().minusSeconds(120), Instant.now());
        assertThat(record.path("library").textValue()).isNotEmpty();
        assertThat(record.path("engine").textValue())
                .isEqualTo(engine().versionCmd().exec().getVersion());
        assertThat(record.path("compose").textValue()).startsWith("2.");
        assertThat(record.path("services").findValuesAsText("name")).containsExactly("a", "b");
        assertThat(record.path("services").findValuesAsText("imageId")).containsOnly(image);
        assertThat(record.path("services").findValuesAsText("image")).containsOnly(RealDocker.IMAGE);
        assertThat(record.path("services").get(0).path("repoDigests").isArray()).isTrue();
        Object inode = Files.readAttributes(file, "unix:ino").get("ino");
        backend().up(plan, DEFAULTS.secrets(SecretVariablesTest.secrets(Map.of(name, CANARY))));
        assertThat(Files.readAttributes(file, "unix:ino")).containsEntry("ino", inode);
        backend().down(SHORT);
        assertThat(file).exists();
        assertThat(root().resolve("docker-compose.yaml")).doesNotExist();
        assertThat(root().resolve("run/last/docker-compose.yaml")).content().contains("\"b\":");
        try (Stream<Path> all = Files.walk(root())) {
            for (Path each : all.filter(Files::isRegularFile).toList()) {
                assertThat(each).content().doesNotContain(CANARY);
            }
        }
    }

    @Test
    void an_up_that_fails_leaves_a_record_of_what_there_is() {
        RuntimePlan plan = plan(
                Programs.service("a", new Program.Exits("x", 3)),
                Programs.service("b", new Program.Sleeps()).dependsOn(new Dependency("a", Condition.COMPLETED)));
        assertThatThrownBy(() -> backend().up(plan, DEFAULTS)).isInstanceOf(AngeeException.class);
        assertThat(root().resolve("run/metadata.json")).content().contains("\"name\" : \"a\"");
    }

    @Test
    void the_logs_of_all_containers_are_kept_in_the_order_of_time_with_their_last_words() throws Exception {
        String script = "trap 'echo farewell; exit 0' TERM; echo \"$0 begins\" >&2; while :; do sleep 0.1; done";
        backend()
                .up(
                        plan(
                                Workload.service("db", Programs.IMAGE).command(Programs.shell(script, "db")),
                                Workload.service("web", Programs.IMAGE)
                                        .command(Programs.shell(script, "web"))
                                        .dependsOn(new Dependency("db", Condition.STARTED))),
                        DEFAULTS);
        soon().until(() -> lines(backend().logs(LogQuery.all())).size() == 2);
        backend().down(DownOptions.defaults().grace(Duration.ofSeconds(5)));
        Path file = root().resolve("run/compose.log");
        List<String> lines = Files.readAllLines(file);
        assertThat(lines).isSorted().allMatch(l -> l.matches("\\d{4}-\\d\\d-\\d\\dT[0-9:.]{18}Z \\S+ \\| .*"));
        assertThat(lines)
                .extracting(l -> l.replaceFirst("^\\S+ ", ""))
                .containsExactly("db | db begins", "web | web begins", "web | farewell", "db | farewell");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
        backend().down(SHORT);
        assertThat(file).as("nothing was there, so nothing is replaced").hasContent(String.join("\n", lines));
    }

    @Test
    void of_much_output_the_newest_is_kept_and_none_of_it_fails_the_down() throws Exception {
        String script = "seq 1 60000; echo ready; exec sleep 86400";
        backend().up(plan(Workload.service("a", Programs.IMAGE).command(Programs.shell(script))), DEFAULTS);
        soon().until(() -> lines(backend().logs(LogQuery.all().tail(1))), List.of("ready")::equals);
        try (EngineSession session = new EngineSession(RealDocker.settings())) {
            ComposeProject project = new ComposeProject(project(), root());
            List<TeardownLog.Attempt> attempts = List.of(
                    new TeardownLog.Attempt(-1, Duration.ZERO), new TeardownLog.Attempt(1000, Duration.ofSeconds(20)));
            new TeardownLog(project, session.engine(), attempts, 1000).write();
        }
        List<String> lines = Files.readAllLines(root().resolve("run/compose.log"));
        assertThat(lines).last().asString().endsWith("a | ready");
        assertThat(lines.get(0)).endsWith("a | " + (60000 - lines.size() + 2));
        assertThat(Files.size(root().resolve("run/compose.log"))).isBetween(900L, 1000L);
        Files.delete(root().resolve("run/compose.log"));
        Files.createDirectories(root().resolve("run/compose.log/in-the-way"));
        backend().down(SHORT);
        assertThat(backend().status()).isEmpty();
    }

    @Test
    void a_log_that_the_engine_cannot_read_is_noted_beside_the_others() throws Exception {
        backend().up(plan(Programs.service("a", new Program.Says("hello"))), DEFAULTS);
        soon().until(() -> lines(backend().logs(LogQuery.all())), List.of("hello")::equals);
        engine().createContainerCmd(RealDocker.IMAGE)
                .withName(project() + "-mute-1")
                .withCmd("sleep", "1000")
                .withHostConfig(HostConfig.newHostConfig().withLogConfig(new LogConfig(LogConfig.LoggingType.NONE)))
                .withLabels(orphan("mute"))
                .exec();
        engine().startContainerCmd(project() + "-mute-1").exec();
        backend().down(SHORT);
        List<String> lines = Files.readAllLines(root().resolve("run/compose.log"));
        assertThat(lines.get(0)).endsWith(" a | hello");
        assertThat(lines.get(1)).startsWith("# mute: its log cannot be read: ").contains("logging driver");
    }

    @Test
    void down_needs_no_file_and_takes_orphans_with_it_R15() throws Exception {
        backend()
                .up(
                        plan(Programs.service("a", new Program.Sleeps()), Programs.service("b", new Program.Sleeps())),
                        DEFAULTS);
        engine().createContainerCmd(RealDocker.IMAGE)
                .withName(project() + "-orphan-1")
                .withLabels(orphan("orphan"))
                .exec();
        Files.delete(root().resolve("docker-compose.yaml"));
        backend().down(SHORT);
        assertThat(backend().status()).isEmpty();
        assertThat(networks()).isEmpty();
    }

    @Test
    void down_removes_all_it_can_before_it_says_what_is_left_and_the_next_one_finishes_R15() throws Exception {
        backend().up(plan(Programs.service("a", new Program.Sleeps())), DEFAULTS);
        String network = networks().get(0);
        String guest = engine().createContainerCmd(RealDocker.IMAGE)
                .withCmd("sleep", "1000")
                .withHostConfig(HostConfig.newHostConfig().withNetworkMode(network))
                .withLabels(Map.of(RealDocker.TEST_LABEL, "1"))
                .exec()
                .getId();
        engine().startContainerCmd(guest).exec();
        try {
            assertThatThrownBy(() -> backend().down(SHORT))
                    .isInstanceOfSatisfying(
                            AngeeException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.FAILED))
                    .hasMessageContaining("1 of its containers and networks could not be removed")
                    .hasMessageContaining("active endpoints");
            assertThat(backend().status()).isEmpty();
            assertThat(networks()).containsExactly(network);
            assertThat(engine().inspectContainerCmd(guest).exec().getState().getRunning())
                    .as("somebody else's container is left alone")
                    .isTrue();
        } finally {
            engine().removeContainerCmd(guest).withForce(true).exec();
        }
        backend().down(SHORT);
        assertThat(networks()).isEmpty();
    }

    @Test
    void a_destroyed_services_container_goes_with_the_next_up_R16() throws Exception {
        backend()
                .up(
                        plan(Programs.service("a", new Program.Sleeps()), Programs.service("b", new Program.Sleeps())),
                        DEFAULTS);
        backend().up(plan(Programs.service("a", new Program.Sleeps())), DEFAULTS);
        assertThat(states()).containsOnlyKeys("a");
    }

    @Test
    void an_engine_that_dies_in_the_middle_of_a_down_is_told_and_the_next_down_finishes() throws Exception {
        backend().up(plan(Programs.service("a", new Program.Sleeps())), DEFAULTS);
        for (String word : List.of("/stop", "DELETE /", "/logs?")) {
            try (EngineProxy proxy = proxy(word, EngineProxy.Fate.DIE);
                    ComposeBackend cut = through(proxy)) {
                assertThatThrownBy(() -> cut.down(SHORT))
                        .as(word)
                        .isInstanceOfSatisfying(
                                AngeeException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.UNAVAILABLE));
            }
            assertThat(root().resolve("docker-compose.yaml"))
                    .as("nothing is given up yet")
                    .exists();
            if (word.equals("DELETE /")) {
                backend().up(plan(Programs.service("a", new Program.Sleeps())), DEFAULTS);
            }
        }
        backend().down(SHORT);
        assertThat(backend().status()).isEmpty();
        assertThat(networks()).isEmpty();
    }

    @Test
    void a_down_that_hangs_with_its_engine_can_be_interrupted_and_the_next_one_finishes() throws Exception {
        backend().up(plan(Programs.service("a", new Program.Sleeps())), DEFAULTS);
        AtomicReference<Throwable> outcome = new AtomicReference<>();
        try (EngineProxy proxy = proxy("/stop", EngineProxy.Fate.HANG);
                ComposeBackend cut = through(proxy)) {
            Thread down = new Thread(() -> {
                try {
                    cut.down(SHORT);
                } catch (InterruptedException | RuntimeException e) {
                    outcome.set(e);
                }
            });
            down.start();
            proxy.awaitStruck();
            down.interrupt();
            down.join(20_000);
            assertThat(outcome.get()).isInstanceOf(InterruptedException.class);
            assertThatThrownBy(() -> cut.down(SHORT))
                    .isInstanceOfSatisfying(
                            AngeeException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.UNAVAILABLE))
                    .hasMessageContaining("did not answer within 1 s");
        }
        backend().down(SHORT);
        assertThat(backend().status()).isEmpty();
    }

    @Test
    void logs_that_cannot_be_read_in_time_do_not_keep_a_down_from_its_end() throws Exception {
        backend().up(plan(Programs.service("a", new Program.Says("x"))), DEFAULTS);
        try (EngineProxy proxy = proxy("/logs?", EngineProxy.Fate.HANG);
                EngineSession session = new EngineSession(RealDocker.settings().dockerHost(proxy.host()))) {
            ComposeProject project = new ComposeProject(project(), root());
            List<TeardownLog.Attempt> attempts = List.of(new TeardownLog.Attempt(10, Duration.ofMillis(200)));
            new TeardownLog(project, session.engine(), attempts, 1000).write();
        }
        assertThat(root().resolve("run/compose.log")).isEmptyFile();
        backend().down(SHORT);
        assertThat(root().resolve("run/compose.log")).content().endsWith(" a | x\n");
    }

    private static ContainerOptions runtime(String name) {
        ContainerOptions standard = ContainerOptions.standard();
        return new ContainerOptions(
                standard.labels(),
                standard.networks(),
                standard.extraHosts(),
                standard.hardening(),
                Optional.of(name),
                standard.dockerAccess());
    }

    private Map<String, String> orphan(String service) {
        return Map.of(
                ProjectContainer.PROJECT_LABEL,
                project().value(),
                ProjectContainer.SERVICE_LABEL,
                service,
                ProjectContainer.ONE_OFF_LABEL,
                "False",
                "com.docker.compose.container-number",
                "1",
                RealDocker.TEST_LABEL,
                "1");
    }

    private List<String> networks() {
        return engine()
                .listNetworksCmd()
                .withFilter("label", List.of(ProjectContainer.PROJECT_LABEL + "=" + project()))
                .exec()
                .stream()
                .map(Network::getId)
                .toList();
    }

    private EngineProxy proxy(String word, EngineProxy.Fate fate) throws IOException {
        Path engine = RealDocker.settings().socket().orElseThrow();
        return EngineProxy.before(engine, root().resolve("proxy.sock"), word, fate);
    }

    private ComposeBackend through(EngineProxy proxy) {
        ComposeSettings settings =
                RealDocker.settings().dockerHost(proxy.host()).engineTimeout(Duration.ofSeconds(1));
        return ComposeBackend.open(project(), root(), settings);
    }
}
