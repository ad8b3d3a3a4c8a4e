package dev.angee.compose;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.angee.AngeeException;
import dev.angee.ErrorCode;
import dev.angee.contract.Program;
import dev.angee.plan.Dependency;
import dev.angee.plan.PlannedMount;
import dev.angee.plan.PublishedPort;
import dev.angee.plan.RuntimePlan;
import dev.angee.plan.Workload;
import dev.angee.plan.WorkloadBuilder;
import dev.angee.runtime.RunOptions;
import dev.angee.runtime.Selection;
import dev.angee.runtime.UpOptions;
import dev.angee.runtime.WorkloadState;
import dev.angee.secret.SecretName;
import dev.angee.secret.Text;
import dev.angee.workload.Condition;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What becomes of the values of secrets between the options of a call and a container. */
class ComposeSecretsIT extends OneStack {
    private static final String CANARY =
            "canary-4711-" + ProcessHandle.current().pid(); // other tests run on this machine
    private static final SecretName A = new SecretName("a");
    private static final SecretName B = new SecretName("b");

    @Test
    void values_arrive_exactly_and_are_in_no_file_and_on_no_command_line_R7_R10() throws Exception {
        Map<SecretName, String> values = new TreeMap<>();
        Map<String, Text> variables = new LinkedHashMap<>();
        List<String> nasty = new ArrayList<>(ComposeFileIT.NASTY);
        nasty.add("  # leading blanks and a number sign");
        nasty.add("${ANGEE_SECRET_N0} $ANGEE_SECRET_N0 $$ ${ANGEE_SECRET_N0");
        for (int i = 0; i < nasty.size(); i++) {
            SecretName name = new SecretName("n" + i);
            values.put(name, nasty.get(i) + CANARY);
            variables.put("NASTY" + i, Text.of("$$<").plus(Text.secret(name)).plus(Text.of(">$")));
        }
        Path up = Files.createDirectory(root().resolve("up"));
        Path run = Files.createDirectory(root().resolve("run-out"));
        WorkloadBuilder service =
                writes(Workload.service("a", Programs.IMAGE), up).variables(variables);
        Workload job = writes(Workload.job("j", Programs.IMAGE), run)
                .variables(variables)
                .build();

        List<String> commandLines;
        try (CommandLines watch = CommandLines.watch()) {
            backend().up(plan(service), UpOptions.defaults().secrets(SecretVariablesTest.secrets(values)));
            backend().run(job, RunOptions.defaults().secrets(SecretVariablesTest.secrets(values)));
            commandLines = watch.seen();
        }

        soon().until(() -> Files.exists(up.resolve("done")));
        for (Path out : List.of(up, run)) {
            List<String> got = List.of(Files.readString(out.resolve("env")).split("\0"));
            for (int i = 0; i < nasty.size(); i++) {
                assertThat(got).contains("NASTY" + i + "=$$<" + nasty.get(i) + CANARY + ">$");
            }
            Files.delete(out.resolve("env"));
        }
        assertThat(commandLines).anyMatch(line -> line.contains(" up -d ")).anyMatch(line -> line.contains(" run -d "));
        assertThat(commandLines).noneMatch(line -> line.contains(CANARY));
        assertThat(root().resolve("docker-compose.yaml")).content().contains("${ANGEE_SECRET_N0}");
        try (Stream<Path> files = Files.walk(root())) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                assertThat(new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1))
                        .as(file.toString())
                        .doesNotContain(CANARY);
            }
        }
    }

    @Test
    void a_secret_without_a_value_is_found_out_before_anything_is_written_or_started() {
        RuntimePlan plan = plan(Programs.service("well", new Program.Sleeps()), needing("lacking", A));
        assertThatThrownBy(() -> backend().up(plan, UpOptions.defaults()))
                .isInstanceOfSatisfying(
                        AngeeException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.NOT_FOUND))
                .hasMessageContaining("service 'lacking'")
                .hasMessageContaining("secret 'a'");
        assertThat(states()).isEmpty();
        assertThat(root().resolve("docker-compose.yaml")).doesNotExist();
        assertThatThrownBy(() -> backend()
                        .run(
                                Programs.job("j", new Program.Exits("ran", 0))
                                        .variables(Map.of("V", Text.secret(B)))
                                        .build(),
                                RunOptions.defaults()))
                .hasMessageContaining("job 'j'")
                .hasMessageContaining("secret 'b'");
        assertThat(containers()).isZero();
    }

    @Test
    void a_selection_needs_its_own_secrets_only_and_nobody_else_is_touched() throws Exception {
        RuntimePlan plan = plan(needing("one", A), needing("two", B));
        backend().up(plan, with(Map.of(A, CANARY, B, "bee")));
        String one = status("one").instance();
        String two = status("two").instance();

        backend().up(plan, with(Map.of(A, CANARY)).only(Selection.of("one")));
        assertThat(status("one").instance()).isEqualTo(one);
        backend().up(plan, with(Map.of(A, "another")).only(Selection.of("one")));
        assertThat(status("one").instance())
                .as("a new value means a new container")
                .isNotEqualTo(one);

        assertThat(status("two").instance()).isEqualTo(two);
        assertThat(variables("one")).contains("V=another");
        assertThat(variables("two")).contains("V=bee");
        backend().up(plan, UpOptions.defaults().only(Selection.of(List.of())));
        assertThat(status("two").instance()).isEqualTo(two);
    }

    @Test
    void the_secrets_of_what_a_selected_service_depends_on_are_needed_too_or_it_would_be_made_anew_without()
            throws Exception {
        RuntimePlan plan = plan(
                needing("db", A),
                Programs.service("mid", new Program.Sleeps()).dependsOn(new Dependency("db", Condition.STARTED)),
                Programs.service("web", new Program.Sleeps()).dependsOn(new Dependency("mid", Condition.STARTED)));
        backend().up(plan, with(Map.of(A, CANARY)));
        String db = status("db").instance();
        assertThatThrownBy(() -> backend().up(plan, UpOptions.defaults().only(Selection.of("web"))))
                .hasMessageContaining("service 'db'")
                .hasMessageContaining("secret 'a'");
        assertThat(status("db").instance()).isEqualTo(db);
        backend().up(plan, with(Map.of(A, CANARY)).only(Selection.of("web")));
        assertThat(status("db").instance()).isEqualTo(db);
        assertThat(states().values()).containsOnly(WorkloadState.RUNNING);
    }

    @Test
    void no_failure_shows_a_value_whatever_compose_says() throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            RuntimePlan plan = plan(needing("web", A)
                    .port(new PublishedPort("127.0.0.1", taken.getLocalPort(), 80, PublishedPort.Protocol.TCP)));
            assertThatThrownBy(() -> backend().up(plan, with(Map.of(A, CANARY))))
                    .hasMessageContaining("service 'web'")
                    .hasMessageContaining(":" + taken.getLocalPort())
                    .hasMessageNotContaining(CANARY);
        }
        Path talkative = Files.writeString(root().resolve("docker"), "#!/bin/sh\nenv >&2; exit 1\n");
        Files.setPosixFilePermissions(talkative, PosixFilePermissions.fromString("rwx------"));
        try (ComposeBackend other =
                ComposeBackend.open(project(), root(), RealDocker.settings().program(talkative.toString()))) {
            Workload job = Programs.job("j", new Program.Sleeps())
                    .variables(Map.of("V", Text.secret(A)))
                    .build();
            for (String value : List.of(CANARY, CANARY + "\n" + CANARY + "-2", "  " + CANARY + "  ")) {
                assertThatThrownBy(() -> other.up(plan(needing("web", A)), with(Map.of(A, value))))
                        .hasMessageContaining("ANGEE_SECRET_A=")
                        .hasMessageContaining("***")
                        .hasMessageNotContaining(CANARY);
                assertThatThrownBy(() -> other.run(
                                job, RunOptions.defaults().secrets(SecretVariablesTest.secrets(Map.of(A, value)))))
                        .hasMessageContaining("ANGEE_SECRET_A=")
                        .hasMessageContaining("***")
                        .hasMessageNotContaining(CANARY);
            }
        }
    }

    private static UpOptions with(Map<SecretName, String> values) {
        return UpOptions.defaults().secrets(SecretVariablesTest.secrets(values));
    }

    private static WorkloadBuilder needing(String name, SecretName secret) {
        return Programs.service(name, new Program.Sleeps()).variables(Map.of("V", Text.secret(secret)));
    }

    private static WorkloadBuilder writes(WorkloadBuilder workload, Path out) {
        return workload.command(Programs.shell("cat /proc/self/environ > /out/env; touch /out/done"))
                .mount(new PlannedMount.Bind(out, "/out", false));
    }

    private List<String> variables(String service) {
        String[] variables = engine().inspectContainerCmd(container(service))
                .exec()
                .getConfig()
                .getEnv();
        return variables == null ? List.of() : List.of(variables);
    }

    private int containers() {
        return engine().listContainersCmd()
                .withShowAll(true)
                .withLabelFilter(
                        Map.of(ProjectContainer.PROJECT_LABEL, project().value()))
                .exec()
                .size();
    }

    /** The words of every process of this machine that are about Compose or the canary, as often as they can be read. */
    private static final class CommandLines implements AutoCloseable {
        private final List<String> lines = new ArrayList<>();
        private final Thread reader = new Thread(this::read, "command lines");
        private volatile boolean over;

        static CommandLines watch() {
            CommandLines watch = new CommandLines();
            watch.reader.start();
            return watch;
        }

        /** Ends the watch. */
        List<String> seen() throws InterruptedException {
            over = true;
            reader.join();
            return lines;
        }

        private void read() {
            while (!over) {
                ProcessHandle.allProcesses().forEach(each -> {
                    try {
                        byte[] words = Files.readAllBytes(Path.of("/proc/" + each.pid() + "/cmdline"));
                        String line = new String(words, StandardCharsets.ISO_8859_1).replace('\0', ' ');
                        if ((line.contains("compose") || line.contains(CANARY)) && !lines.contains(line)) {
                            lines.add(line);
                        }
                    } catch (IOException e) {
                        return; // it has ended since
                    }
                });
            }
        }

        @Override
        public void close() {
            over = true;
        }
    }
}
