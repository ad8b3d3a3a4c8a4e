package dev.angee.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.angee.AngeeException;
import dev.angee.ErrorCode;
import dev.angee.plan.Launch;
import dev.angee.plan.Workload;
import dev.angee.plan.WorkloadBuilder;
import dev.angee.runtime.ExitStatus;
import dev.angee.runtime.LogQuery;
import dev.angee.runtime.RunOptions;
import dev.angee.runtime.Selection;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Processes that run as another user of this machine; the judge is {@code id}. Only root can show it. */
@Timeout(value = 2, unit = TimeUnit.MINUTES)
class UserIT extends LocalStack {
    private static final String WHO = "echo \"$(id -u) $(id -g) $(id -G)\"";

    @BeforeEach
    void openTheFolders() throws Exception {
        Assumptions.assumeTrue("root".equals(System.getProperty("user.name")), "only root can become another user");
        for (Path each : List.of(folder, root)) {
            Files.setPosixFilePermissions(each, PosixFilePermissions.fromString("rwxr-xr-x"));
        }
    }

    private ExitStatus run(String user, String... command) throws InterruptedException {
        return backend.run(
                Workload.job("j", new Launch.HostProcess())
                        .command(List.of(command))
                        .user(user)
                        .build(),
                RunOptions.defaults());
    }

    private static String id(String option, String user) throws Exception {
        Process id = new ProcessBuilder("id", option, user).start();
        return new String(id.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
    }

    private List<String> awaitLines(int count) throws Exception {
        await().atMost(DEADLINE).until(() -> lines(LogQuery.all()).size() >= count);
        return lines(LogQuery.all());
    }

    @Test
    void a_service_has_the_number_the_groups_and_the_home_of_its_user() throws Exception {
        up(shell("a", WHO + "; echo $HOME $USER $LOGNAME; exec sleep 1000").user("daemon"));
        assertThat(awaitLines(2))
                .containsExactly(
                        id("-u", "daemon") + " " + id("-g", "daemon") + " " + id("-G", "daemon"),
                        "/usr/sbin daemon daemon");
    }

    @Test
    void every_form_that_a_container_takes_is_taken() throws Exception {
        String nogroup = id("-g", "nobody");
        assertThat(run("1", "sh", "-c", WHO).output()).isEqualTo("1 1 1\n");
        assertThat(run("daemon:nogroup", "sh", "-c", WHO).output()).isEqualTo("1 " + nogroup + " " + nogroup + "\n");
        assertThat(run("54321:54322", "sh", "-c", WHO + "; echo $HOME").output())
                .isEqualTo("54321 54322 54322\n/\n");
        assertThat(run("root", "sh", "-c", WHO).output()).startsWith("0 0 ");
    }

    @Test
    void what_it_declares_comes_before_what_its_user_has() throws Exception {
        Workload job = Workload.job("j", new Launch.HostProcess())
                .command(List.of("sh", "-c", "echo $HOME $USER"))
                .environment(Map.of("HOME", "/srv"))
                .user("daemon")
                .build();
        assertThat(backend.run(job, RunOptions.defaults()).output()).isEqualTo("/srv daemon\n");
    }

    @Test
    void it_may_do_no_more_than_its_user_and_its_exit_code_is_kept() throws Exception {
        assertThat(run("daemon", "sh", "-c", "echo x >file; exit 7").code()).isEqualTo(7);
        assertThat(root.resolve("file")).doesNotExist();
        assertThat(run("daemon", "no-such-program").code()).isEqualTo(127);
        assertThat(run("daemon", "grep", "CapEff", "/proc/self/status").output())
                .isEqualTo("CapEff:\t0000000000000000\n");
    }

    @Test
    void its_probe_and_its_shutdown_command_run_as_that_user_too() throws Exception {
        WorkloadBuilder service = shell("a", "echo $$; exec sleep 1000")
                .user("daemon")
                .health(HealthIT.exec("sh", "-c", "test $(id -u) = 1"))
                .shutdown(List.of("sh", "-c", WHO + "; exit 1"));
        up(service);
        await().atMost(DEADLINE).until(() -> status("a").isReady());
        backend.stop(Selection.all(), STOP);
        assertThat(lines(LogQuery.all())).contains("1 1 1").doesNotContain("0 0 0");
    }

    @Test
    void what_it_leaves_running_out_of_sight_is_found_by_its_marker_and_ended() throws Exception {
        up(shell("a", "setsid sh -c 'echo $$; exec sleep 1000' & wait $!; exit 0")
                .user("nobody"));
        long hidden = Long.parseLong(awaitLines(1).get(0));
        up(shell("b", "(setsid sh -c 'echo $$; exec sleep 1000' &); exec sleep 1000")
                .user("nobody"));
        assertThat(isAlive(hidden)).as("no longer planned").isFalse();
        long orphan = Long.parseLong(awaitLines(1).get(0));
        assertThat(ProcTable.entry(orphan).orElseThrow().session()).isEqualTo(orphan);
        assertThat(Files.getAttribute(Path.of("/proc/" + orphan), "unix:uid")).isEqualTo(65534);
        backend.stop(Selection.all(), STOP);
        assertThat(isAlive(orphan)).isFalse();
        assertThat(status("b").exitCode()).hasValue(143);
    }

    @Test
    void an_unknown_user_is_refused_before_anything_is_started() throws Exception {
        assertThatThrownBy(() -> up(
                        service("good", "sleep", "1000"),
                        service("bad", "sleep", "1000").user("no-such-user")))
                .isInstanceOfSatisfying(
                        AngeeException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.INVALID))
                .hasMessageContaining("service 'bad' user")
                .hasMessageContaining("no user 'no-such-user'");
        assertThat(backend.status()).isEmpty();
        assertThatThrownBy(() -> run("no-such-user", "true")).hasMessageContaining("no user 'no-such-user'");
    }
}
