package dev.angee.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.angee.AngeeException;
import dev.angee.ErrorCode;
import dev.angee.plan.Launch;
import dev.angee.plan.Workload;
import dev.angee.plan.WorkloadBuilder;
import dev.angee.runtime.Backend;
import dev.angee.runtime.ExitStatus;
import dev.angee.runtime.JobState;
import dev.angee.runtime.RunOptions;
import dev.angee.runtime.UpOptions;
import dev.angee.runtime.WorkloadState;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a process is given, and what is refused before anything is started. */
@Timeout(value = 2, unit = TimeUnit.MINUTES)
class LaunchIT extends LocalStack {
    /** What the system's shell itself may add. */
    private static final Set<String> OF_THE_SHELL = Set.of("PWD", "OLDPWD", "SHLVL", "_");

    private ExitStatus run(String... command) throws InterruptedException {
        return backend.run(job("j", command), RunOptions.defaults());
    }

    @Test
    void R38_a_process_gets_a_few_variables_of_ours_and_its_own_and_no_others() throws Exception {
        Map<String, String> ours = Map.of(
                "PATH",
                System.getenv("PATH"),
                "HOME",
                "/home/me",
                "LC_ALL",
                "C.UTF-8",
                "LANG",
                "C",
                "TZ",
                "UTC",
                "API_TOKEN",
                "canary-7f3a",
                "JAVA_HOME",
                "/canary-7f3a");
        Backend other = open(ProcessSettings.of(ours));
        Workload job = Workload.job("j", new Launch.HostProcess())
                .command(List.of("env"))
                .environment(Map.of("DECLARED", "yes", "TZ", "CET", "EMPTY", ""))
                .build();
        String output = other.run(job, RunOptions.defaults()).output();
        assertThat(output).doesNotContain("canary-7f3a").contains("TZ=CET\n", "DECLARED=yes\n", "EMPTY=\n");
        Set<String> names = output.lines()
                .map(line -> line.substring(0, line.indexOf('=')))
                .collect(Collectors.toCollection(TreeSet::new));
        names.removeAll(OF_THE_SHELL);
        assertThat(names)
                .containsExactly("ANGEE_PROCESS_MARKER", "DECLARED", "EMPTY", "HOME", "LANG", "LC_ALL", "PATH", "TZ");
    }

    @Test
    void a_service_and_its_health_probe_get_no_others_either() throws Exception {
        Backend other = open(ProcessSettings.of(Map.of("PATH", System.getenv("PATH"), "API_TOKEN", "canary-7f3a")));
        WorkloadBuilder service = shell("a", "env >env.tmp; mv env.tmp env.service; exec sleep 1000")
                .health(HealthIT.exec("sh", "-c", "env >probe.tmp; mv probe.tmp env.probe"));
        other.up(plan(service), UpOptions.defaults());
        other.status();
        for (String file : List.of("env.service", "env.probe")) {
            Path written = root.resolve(file);
            org.awaitility.Awaitility.await().atMost(DEADLINE).until(() -> Files.exists(written));
            assertThat(Files.readString(written)).contains("PATH=").doesNotContain("canary-7f3a");
        }
    }

    @Test
    void arguments_arrive_as_they_are() throws Exception {
        List<String> words = List.of("a b", "", "$HOME", "`id`", "'", "\"", "\\", "*", "-n", "--", "ü€😀", "x\ny", "~");
        List<String> command = new ArrayList<>(List.of("printf", "<%s>"));
        command.addAll(words);
        assertThat(run(command.toArray(String[]::new)).output())
                .isEqualTo(words.stream().map(word -> "<" + word + ">").collect(Collectors.joining()));
    }

    @Test
    void what_only_the_shell_has_built_in_is_no_program() throws Exception {
        assertThat(run("exit", "3").code()).isEqualTo(127);
        assertThat(run("trap").code()).isEqualTo(127);
        assertThat(run("./missing").code()).isEqualTo(127);
    }

    @Test
    void a_job_that_may_not_be_executed_is_126() throws Exception {
        Files.writeString(root.resolve("plain.txt"), "text");
        assertThat(run("./plain.txt").code()).isEqualTo(126);
    }

    @Test
    void variables_that_the_waiting_shell_might_use_itself_arrive() throws Exception {
        Workload job = Workload.job("j", new Launch.HostProcess())
                .command(List.of("sh", "-c", "echo \"$code $status $exit $1\"", "x", "one"))
                .environment(Map.of("code", "c", "status", "s", "exit", "e"))
                .build();
        assertThat(backend.run(job, RunOptions.defaults()).output()).isEqualTo("c s e one\n");
    }

    @Test
    void input_is_empty_and_the_working_directory_is_the_root_unless_said_otherwise() throws Exception {
        assertThat(run("cat").output()).isEmpty();
        assertThat(run("pwd").output()).isEqualTo(root + "\n");
        Path sub = Files.createDirectories(root.resolve("a b"));
        Workload job = Workload.job("j", new Launch.HostProcess())
                .command(List.of("pwd"))
                .workdir(sub.toString())
                .build();
        assertThat(backend.run(job, RunOptions.defaults()).output()).isEqualTo(sub + "\n");
    }

    @Test
    void long_output_is_kept_to_its_last_64_kib_and_heard_in_full() throws Exception {
        List<String> heard = new ArrayList<>();
        ExitStatus status = backend.run(
                job("j", "sh", "-c", "i=0; while [ $i -lt 20000 ]; do echo \"line $i\"; i=$((i+1)); done"),
                RunOptions.defaults().to(line -> heard.add(line.text())));
        assertThat(heard).hasSize(20000).endsWith("line 19999");
        assertThat(status.output().length()).isBetween(60 * 1024, ExitStatus.OUTPUT_LIMIT);
        assertThat(status.output()).startsWith("line ").endsWith("line 19999\n");
    }

    @Test
    void a_listener_that_fails_ends_the_job() throws Exception {
        assertThatThrownBy(() -> backend.run(
                        job("j", "sh", "-c", "echo $$ >pid; echo x; exec sleep 1000"),
                        RunOptions.defaults().to(line -> {
                            throw new IllegalStateException("listener");
                        })))
                .hasMessage("listener");
        assertThat(isAlive(pid("pid"))).isFalse();
        assertThat(lastRun().state()).isEqualTo(JobState.CANCELLED);
        assertThat(lastRun().reason()).contains("failed to take what the job wrote");
    }

    @Test
    void nothing_is_started_when_one_of_them_cannot_be() throws Exception {
        Files.writeString(root.resolve("plain.txt"), "text");
        WorkloadBuilder good = service("good", "sleep", "1000");
        assertRefused(service("bad", "no-such-program"), "PATH", good);
        assertRefused(service("bad", "./plain.txt"), "executed", good);
        assertRefused(service("bad", "./missing"), "no program", good);
        assertRefused(service("bad"), "no command", good);
        assertRefused(service("bad", "sleep", "1").workdir(root + "/nowhere"), "working directory", good);
        assertRefused(service("bad", "sleep", "a\0b"), "NUL", good);
    }

    private void assertRefused(WorkloadBuilder bad, String why, WorkloadBuilder good) {
        assertThatThrownBy(() -> up(good, bad))
                .isInstanceOfSatisfying(
                        AngeeException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.FAILED))
                .hasMessageContaining("'bad'")
                .hasMessageContaining(why);
        assertThat(backend.status()).isEmpty();
    }

    @Test
    void a_variable_that_a_shell_would_drop_is_refused() {
        assertThatThrownBy(() -> up(service("a", "sleep", "1000").environment(Map.of("a.b", "1"))))
                .isInstanceOfSatisfying(
                        AngeeException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.INVALID))
                .hasMessageContaining("'a.b'");
    }

    @Test
    void what_already_runs_is_not_checked_again() throws Exception {
        Path program = root.resolve("program");
        Files.writeString(program, "#!/bin/sh\necho $$ >pid\nexec sleep 1000\n");
        assertThat(program.toFile().setExecutable(true)).isTrue();
        up(service("a", "./program"));
        String instance = status("a").instance();
        pid("pid");
        Files.delete(program);
        up(service("a", "./program"), service("b", "sleep", "1000"));
        assertThat(status("a").instance()).isEqualTo(instance);
        assertThat(status("b").state()).isEqualTo(WorkloadState.RUNNING);
    }
}
