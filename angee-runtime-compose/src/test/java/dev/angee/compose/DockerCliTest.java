package dev.angee.compose;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.angee.AngeeException;
import dev.angee.ErrorCode;
import dev.angee.plan.Launch;
import dev.angee.plan.Workload;
import dev.angee.secret.SecretName;
import dev.angee.secret.Text;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Scanner;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class DockerCliTest {
    private static final ComposeCommand COMMAND = new ComposeCommand(List.of("compose", "a b", "$HOME"), "in put");

    @TempDir
    Path folder;

    private final ExecutorService workers = Executors.newCachedThreadPool();

    @AfterEach
    void endWorkers() throws InterruptedException {
        workers.shutdownNow();
        assertThat(workers.awaitTermination(10, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void words_input_output_and_exit_code_pass_unchanged_and_apart_R12() throws Exception {
        CliResult result = run("for w; do echo \"<$w>\"; done; cat; echo trouble >&2; exit 7");
        assertThat(result.exitCode()).hasValue(7);
        assertThat(result.stdout()).isEqualTo("<compose>\n<a b>\n<$HOME>\nin put");
        assertThat(result.stderr()).isEqualTo("trouble");
    }

    @Test
    void the_program_sees_no_variable_that_could_change_its_meaning() throws Exception {
        Map<String, String> ours = Map.of(
                "PATH", System.getenv("PATH"), "COMPOSE_PROFILES", "job", "COMPOSE_FILE", "x", "DOCKER_CONTEXT", "x");
        ComposeSettings settings =
                ComposeSettings.of(ours).program(program("env").toString());
        CliResult result = new DockerCli(settings, workers).run(COMMAND, seconds(20));
        assertThat(result.stdout()).contains("DOCKER_HOST=unix:///var/run/docker.sock");
        assertThat(result.stdout().lines().map(line -> line.substring(0, line.indexOf('='))))
                .as("PWD, OLDPWD, SHLVL and _ are the shell's own")
                .isSubsetOf("PATH", "DOCKER_HOST", "PWD", "OLDPWD", "SHLVL", "_");
    }

    @Test
    void a_secret_is_in_the_programs_environment_and_nowhere_else_R10() throws Exception {
        SecretName name = new SecretName("key");
        Workload web = Workload.service("web", new Launch.Image("x"))
                .variables(Map.of("V", Text.secret(name)))
                .build();
        String value = "  canary $HOME '\"\n# ünd\t";
        ComposeCommand knowing = COMMAND.knowing(SecretVariables.of(
                List.of(web), SecretVariablesTest.secrets(Map.of(name, value)), StandardCharsets.UTF_8));
        Path program = program("printf %s \"$ANGEE_SECRET_KEY\" > " + folder + "/got; tr '\\0' ' ' </proc/$$/cmdline;"
                + " tr '\\0' ' ' </proc/$PPID/cmdline; cat");
        CliResult result = cli(program).run(knowing, seconds(20));
        assertThat(folder.resolve("got")).hasContent(value);
        assertThat(result.stdout()).contains("compose a b").contains("in put").doesNotContain("canary");
        assertThat(knowing.toString()).contains("ANGEE_SECRET_KEY").doesNotContain("canary");
    }

    @Test
    void both_outputs_are_drained_and_their_ends_kept() throws Exception {
        CliResult result = run("i=0; while [ $i -lt 40000 ]; do i=$((i+1)); echo out$i; echo err$i >&2; done");
        assertThat(result.exitCode()).hasValue(0);
        assertThat(result.stdout()).endsWith("\nout40000").hasSizeLessThanOrEqualTo(64 * 1024);
        assertThat(result.stderr()).endsWith("\nerr40000").hasSizeLessThanOrEqualTo(64 * 1024);
    }

    @Test
    void a_program_and_its_children_are_killed_at_the_deadline_whatever_they_ignore() throws Exception {
        Path pids = folder.resolve("pids");
        Path program = program("trap '' TERM; sleep 1000 & echo $$ $! > " + pids
                + "; echo here; wait; sleep 1001 & echo $! >> " + pids + "; wait; sleep 1002");
        CliResult result = cli(program).run(COMMAND, Deadline.after(Duration.ofSeconds(1)));
        assertThat(result.wasKilled()).isTrue();
        assertThat(result.stdout()).isEqualTo("here");
        assertGone(pids);
    }

    @Test
    void what_was_written_is_told_also_when_somebody_keeps_the_pipe_open() throws Exception {
        Path pid = folder.resolve("pid");
        try {
            CliResult result = run(
                    "sleep 1000 & echo $! > " + pid + "; echo first; printf 'half a line'; echo trouble >&2; exit 3");
            assertThat(result.exitCode()).hasValue(3);
            assertThat(result.stdout()).isEqualTo("first\nhalf a line");
            assertThat(result.stderr()).isEqualTo("trouble");
        } finally {
            long keeper = Long.parseLong(Files.readString(pid).strip());
            ProcessHandle.of(keeper).ifPresent(ProcessHandle::destroyForcibly);
        }
        assertGone(pid);
    }

    @Test
    void an_interrupt_kills_the_program() throws Exception {
        Path pids = folder.resolve("pids");
        Path program = program("sleep 1000 & echo $$ $! > " + pids + "; wait");
        Future<?> running = workers.submit(() -> cli(program).run(COMMAND, seconds(60)));
        await().atMost(Duration.ofSeconds(10)).until(() -> Files.exists(pids) && Files.size(pids) > 0);
        running.cancel(true);
        assertGone(pids);
    }

    @Test
    void a_second_interrupt_kills_a_program_that_takes_its_time() throws Exception {
        Path pids = folder.resolve("pids");
        Path asked = folder.resolve("asked");
        Path program = program("trap 'touch " + asked + "' TERM; echo $$ > " + pids + "; while :; do sleep 0.05; done");
        Thread caller = new Thread(() -> {
            try {
                cli(program).run(COMMAND, seconds(60));
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        caller.start();
        await().atMost(Duration.ofSeconds(10)).until(() -> Files.exists(pids) && Files.size(pids) > 0);
        caller.interrupt();
        await().atMost(Duration.ofSeconds(10))
                .pollInterval(Duration.ofMillis(5))
                .until(() -> Files.exists(asked));
        caller.interrupt();
        assertGone(pids);
        caller.join(10_000);
        assertThat(caller.isAlive()).isFalse();
    }

    @Test
    void a_program_that_is_not_there_is_unavailable_and_says_what_to_install() {
        Path nowhere = folder.resolve("nowhere");
        assertThatThrownBy(() -> cli(nowhere).run(COMMAND, seconds(20)))
                .isInstanceOfSatisfying(
                        AngeeException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.UNAVAILABLE))
                .hasMessageContaining(nowhere.toString())
                .hasMessageContaining("install");
    }

    private static void assertGone(Path pids) throws IOException {
        for (String pid : new Scanner(Files.readString(pids)).tokens().toList()) {
            await().atMost(Duration.ofSeconds(10))
                    .until(() -> ProcessHandle.of(Long.parseLong(pid))
                            .filter(ProcessHandle::isAlive)
                            .isEmpty());
        }
    }

    private CliResult run(String script) throws Exception {
        return cli(program(script)).run(COMMAND, seconds(30));
    }

    private DockerCli cli(Path program) {
        return new DockerCli(ComposeSettings.of(System.getenv()).program(program.toString()), workers);
    }

    private Path program(String script) throws IOException {
        Path file = Files.writeString(folder.resolve("docker"), "#!/bin/sh\n" + script + "\n");
        return Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwx------"));
    }

    private static Deadline seconds(int limit) {
        return Deadline.after(Duration.ofSeconds(limit));
    }
}
