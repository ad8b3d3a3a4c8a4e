package dev.angee.compose;

import static org.assertj.core.api.Assertions.assertThat;

import dev.angee.contract.Program;
import dev.angee.plan.Dependency;
import dev.angee.plan.HealthCheck;
import dev.angee.plan.PlannedMount;
import dev.angee.plan.PublishedPort;
import dev.angee.plan.RuntimePlan;
import dev.angee.plan.Workload;
import dev.angee.plan.WorkloadBuilder;
import dev.angee.runtime.RunOptions;
import dev.angee.runtime.Selection;
import dev.angee.runtime.UpOptions;
import dev.angee.runtime.WorkloadState;
import dev.angee.workload.Condition;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** What Compose and the engine make of the compiled file. */
class ComposeFileIT extends OneStack {
    static final List<String> NASTY = List.of(
            "$HOME ${X:-y} $$ $$$ $(id) `id`",
            "\"double\" 'single' back\\slash \\n",
            "two\nlines\r\nand\ta tab\n",
            "grüße 🚀 \u2028\u2029 \u200e \ufeff \u0085 \u007f \u0001",
            "",
            " leading and trailing ",
            "yes",
            "0755",
            "null",
            "- a: b # c",
            "{{.Name}} %s & * ! | > @");

    private static final HealthCheck ALWAYS_WELL = new HealthCheck(
            new HealthCheck.Exec(List.of("true")), Duration.ofMillis(200), Duration.ofSeconds(5), 3, Duration.ZERO);

    @Test
    void a_container_gets_every_argument_and_variable_exactly_as_planned() throws Exception {
        Path out = Files.createDirectory(root().resolve("out $dir"));
        Map<String, String> environment = new LinkedHashMap<>();
        for (int i = 0; i < NASTY.size(); i++) {
            environment.put("NASTY" + i, NASTY.get(i));
        }
        List<String> command = Programs.shell(
                "i=0; for w; do printf %s \"$w\" > /out/arg$i; i=$((i + 1)); done; exec cat /proc/self/environ > /out/env",
                "sh");
        command.addAll(NASTY);
        Workload job = Workload.job("j", Programs.IMAGE)
                .command(command)
                .environment(environment)
                .mount(new PlannedMount.Bind(out, "/out", false))
                .build();
        assertThat(backend().run(job, RunOptions.defaults()).code()).isZero();
        List<String> arguments = new ArrayList<>();
        for (int i = 0; i < NASTY.size(); i++) {
            arguments.add(Files.readString(out.resolve("arg" + i)));
        }
        assertThat(arguments).isEqualTo(NASTY);
        List<String> variables =
                List.of(new String(Files.readAllBytes(out.resolve("env")), StandardCharsets.UTF_8).split("\0"));
        environment.forEach((name, value) -> assertThat(variables).contains(name + "=" + value));
    }

    @Test
    void compose_itself_accepts_the_file_with_everything_in_it() throws Exception {
        Files.createDirectory(root().resolve("data"));
        RuntimePlan plan = everything();
        Files.writeString(
                root().resolve("docker-compose.yaml"), backend().compile(plan).text());
        assertThat(docker("compose", "-f", root().resolve("docker-compose.yaml").toString(), "config", "-q"))
                .isEmpty();
    }

    @Test
    void everything_in_one_plan_comes_up_and_its_ports_answer() throws Exception {
        Files.createDirectory(root().resolve("data"));
        int port = freePort();
        backend().up(everything(port), UpOptions.defaults());
        assertThat(states()).isEqualTo(Map.of("web", WorkloadState.RUNNING, "db", WorkloadState.RUNNING));
        soon().until(() -> read(port), "served from /work"::equals);
        assertThat(docker("compose", "ls", "--all", "--format", "json")).contains("\"" + project() + "\"");
    }

    @Test
    void what_lies_in_the_root_cannot_change_what_is_run() throws Exception {
        Files.writeString(root().resolve(".env"), "COMPOSE_PROFILES=job\nCOMPOSE_PROJECT_NAME=other\n'broken\n");
        Files.writeString(root().resolve("docker-compose.override.yaml"), "services: {extra: {image: nope}}\n");
        backend()
                .up(
                        plan(
                                Programs.service("a", new Program.Sleeps()),
                                Programs.job("j", new Program.Exits("never", 0))),
                        UpOptions.defaults());
        assertThat(engine().listContainersCmd()
                        .withShowAll(true)
                        .withLabelFilter(
                                Map.of(ProjectContainer.PROJECT_LABEL, project().value()))
                        .exec())
                .extracting(c -> c.getLabels().get(ProjectContainer.SERVICE_LABEL))
                .containsExactly("a");
    }

    @Test
    void the_file_follows_the_plan_and_goes_with_it() throws Exception {
        Path file = root().resolve("docker-compose.yaml");
        backend().up(plan(Programs.service("a", new Program.Sleeps())), UpOptions.defaults());
        assertThat(file).isRegularFile();
        backend().up(plan(), UpOptions.defaults());
        assertThat(file).doesNotExist();
        assertThat(states()).isEmpty();
        assertThat(engine().listNetworksCmd().withNameFilter(project().value()).exec())
                .isEmpty();
        backend().up(plan(Programs.service("a", new Program.Sleeps())), UpOptions.defaults());
        backend().down(SHORT);
        assertThat(file).doesNotExist();
    }

    @Test
    void named_volumes_outlive_down() throws Exception {
        WorkloadBuilder writes =
                Programs.service("a", new Program.Sleeps()).mount(new PlannedMount.Volume("data", "/data", false));
        String volume = project() + "_data";
        try {
            backend().up(plan(writes), UpOptions.defaults());
            backend().down(SHORT);
            assertThat(engine().inspectVolumeCmd(volume).exec().getName()).isEqualTo(volume);
        } finally {
            engine().removeVolumeCmd(volume).exec();
        }
    }

    @Test
    void only_the_selection_and_what_it_needs_is_started_but_all_that_is_unplanned_goes() throws Exception {
        backend()
                .up(
                        plan(
                                Programs.service("old", new Program.Sleeps()),
                                Programs.service("kept", new Program.Sleeps())),
                        UpOptions.defaults());
        String kept = status("kept").instance();
        backend()
                .up(
                        plan(
                                Programs.service("kept", new Program.Says("planned differently")),
                                Programs.service("db", new Program.Sleeps()),
                                Programs.service("web", new Program.Sleeps())
                                        .dependsOn(new Dependency("db", Condition.STARTED))),
                        UpOptions.defaults().only(Selection.of("web")));
        assertThat(states().keySet()).containsExactlyInAnyOrder("db", "kept", "web");
        assertThat(status("kept").instance()).isEqualTo(kept);
        backend()
                .up(
                        plan(Programs.service("kept", new Program.Sleeps())),
                        UpOptions.defaults().only(Selection.of(List.of())));
        assertThat(states()).isEqualTo(Map.of("kept", WorkloadState.RUNNING));
    }

    private RuntimePlan everything() throws IOException {
        return everything(freePort());
    }

    private RuntimePlan everything(int port) {
        return plan(
                Workload.service("web", Programs.IMAGE)
                        .command(Programs.shell("while :; do echo \"served from $(pwd)\" | nc -l -p 80; done"))
                        .workdir("/work")
                        .mount(new PlannedMount.Bind(root().resolve("data"), "/work", true))
                        .port(new PublishedPort("127.0.0.1", port, 80, PublishedPort.Protocol.TCP))
                        .port(new PublishedPort("127.0.0.1", 0, 53, PublishedPort.Protocol.UDP))
                        .dependsOn(new Dependency("db", Condition.HEALTHY)),
                Programs.service("db", new Program.Sleeps()).health(ALWAYS_WELL),
                Programs.job("migrate", new Program.Exits("done", 0))
                        .dependsOn(new Dependency("db", Condition.HEALTHY)));
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    private static String read(int port) {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
        } catch (IOException e) {
            return e.toString();
        }
    }

    /** What the docker program says about its work, by its own lights: standard output and error. */
    static String docker(String... words) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of("docker"));
        command.addAll(List.of(words));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
        return said;
    }
}
