package dev.angee.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.angee.plan.Launch;
import dev.angee.plan.Workload;
import dev.angee.plan.WorkloadBuilder;
import dev.angee.runtime.LogQuery;
import dev.angee.runtime.RunOptions;
import dev.angee.runtime.Selection;
import dev.angee.runtime.StopOptions;
import dev.angee.runtime.UpOptions;
import dev.angee.runtime.WorkloadState;
import dev.angee.secret.Text;
import java.nio.file.Files;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A service is asked to end in its own way, and has its own time for it. */
@Timeout(value = 2, unit = TimeUnit.MINUTES)
class StopIT extends LocalStack {
    private static final StopOptions LONG = StopOptions.defaults().grace(Duration.ofHours(1));
    private static final StopOptions NONE = StopOptions.defaults().grace(Duration.ZERO);

    /** Ends with code 5 at that signal and says so, ignores the request to end, and tells its pid once it is ready. */
    private static WorkloadBuilder endsAt(String signal) {
        return shell(
                "a",
                "trap '' TERM; trap 'echo got " + signal + "; exit 5' " + signal
                        + "; echo $$ >pid; while true; do sleep 0.1; done");
    }

    @Test
    void the_signal_of_its_own_asks_it_to_end_and_its_exit_code_is_kept() throws Exception {
        for (String signal : List.of("USR1", "USR2", "WINCH")) {
            up(endsAt(signal).lifecycle(Lifecycles.with("stop_signal", "SIG" + signal)));
            pid("pid");
            open().stop(Selection.all(), LONG);
            assertThat(status("a").exitCode()).as(signal).hasValue(5);
            assertThat(lines(LogQuery.all())).contains("got " + signal);
            Files.delete(root.resolve("pid"));
        }
    }

    @Test
    void a_service_whose_signal_is_the_kill_ends_at_once() throws Exception {
        up(endsAt("USR1").lifecycle(Lifecycles.with("stop_signal", "SIGKILL")));
        pid("pid");
        backend.stop(Selection.all(), LONG);
        assertThat(status("a").exitCode()).hasValue(137);
    }

    @Test
    void its_own_grace_holds_whatever_the_caller_says_and_another_service_has_the_callers() throws Exception {
        String slow = "trap 'sleep 1; exit 6' TERM; echo $$ >$0; while true; do sleep 0.1; done";
        up(
                service("a", "sh", "-c", slow, "a").lifecycle(Lifecycles.with("stop_grace", Duration.ofMinutes(1))),
                service("b", "sh", "-c", slow, "b"));
        pid("a");
        pid("b");
        backend.stop(Selection.all(), NONE);
        assertThat(status("a").exitCode()).hasValue(6);
        assertThat(status("b").exitCode()).hasValue(137);
    }

    @Test
    void a_short_grace_of_its_own_is_not_extended_by_the_caller() throws Exception {
        up(endsAt("USR1").lifecycle(Lifecycles.with("stop_grace", Duration.ofMillis(100))));
        pid("pid");
        backend.stop(Selection.all(), LONG);
        assertThat(status("a").exitCode()).hasValue(137);
    }

    @Test
    void its_grace_holds_when_it_is_replaced_and_when_all_is_taken_down() throws Exception {
        String slow = "trap 'sleep 0.5; echo done >>ended; exit 0' TERM; echo $$ >pid; while true; do sleep 0.1; done";
        WorkloadBuilder service = shell("a", slow).lifecycle(Lifecycles.with("stop_grace", Duration.ofMinutes(1)));
        up(service);
        pid("pid");
        Files.delete(root.resolve("pid"));
        up(service.environment(Map.of("NEW", "1")));
        assertThat(Files.readAllLines(root.resolve("ended"))).hasSize(1);
        pid("pid");
        backend.down(DOWN.grace(Duration.ZERO));
        assertThat(Files.readAllLines(root.resolve("ended"))).hasSize(2);
    }

    @Test
    void a_job_that_took_too_long_is_asked_in_its_own_way() throws Exception {
        Workload job = Workload.job("j", new Launch.HostProcess())
                .command(
                        List.of("sh", "-c", "trap 'echo bye; exit' USR1; echo $$ >pid; while true; do sleep 0.1; done"))
                .lifecycle(Lifecycles.with(Map.of(
                        "stop_signal",
                        "SIGUSR1",
                        "stop_grace",
                        Duration.ofMinutes(1),
                        "timeout",
                        Duration.ofSeconds(1))))
                .build();
        assertThatThrownBy(() -> backend.run(job, RunOptions.defaults())).hasMessageContaining("bye");
        assertThat(isAlive(pid("pid"))).isFalse();
    }

    private static WorkloadBuilder withShutdown(String script) {
        return endsAt("USR1").shutdown(List.of("sh", "-c", script));
    }

    @Test
    void a_command_of_its_own_asks_it_to_end_where_it_runs_and_with_its_environment() throws Exception {
        WorkloadBuilder service = withShutdown("echo \"asked by $WHO in $(pwd)\"; kill -USR1 $(cat pid)")
                .variables(Map.of("WHO", Text.of("<").plus(secret("who")).plus(Text.of(">"))));
        backend.up(plan(service), UpOptions.defaults().secrets(secrets("who", "me")));
        pid("pid");
        open().stop(Selection.all(), LONG);
        assertThat(status("a").exitCode()).hasValue(5);
        assertThat(lines(LogQuery.all())).containsExactly("asked by <me> in " + root, "got USR1");
    }

    @Test
    void a_command_that_fails_or_is_not_there_leaves_it_to_the_signal() throws Exception {
        for (String script : List.of("exit 3", "exec no-such-program")) {
            up(withShutdown(script).lifecycle(Lifecycles.with("stop_signal", "SIGUSR1")));
            pid("pid");
            backend.stop(Selection.all(), LONG);
            assertThat(status("a").exitCode()).as(script).hasValue(5);
            Files.delete(root.resolve("pid"));
        }
    }

    @Test
    void what_a_command_did_not_end_is_killed_when_the_grace_is_over_and_the_command_too() throws Exception {
        up(withShutdown("echo $$ >command; exec sleep 1000")
                .lifecycle(Lifecycles.with("stop_grace", Duration.ofSeconds(1))));
        pid("pid");
        backend.stop(Selection.all(), LONG);
        assertThat(status("a").exitCode()).hasValue(137);
        assertThat(isAlive(pid("command"))).isFalse();
    }

    @Test
    void a_service_that_is_being_asked_by_its_command_is_stopping() throws Exception {
        up(withShutdown("while [ ! -e go ]; do sleep 0.05; done; kill -USR1 $(cat pid)"));
        pid("pid");
        var stop = java.util.concurrent.CompletableFuture.runAsync(() -> {
            try {
                backend.stop(Selection.all(), LONG);
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        });
        await().atMost(DEADLINE).until(() -> status("a").state() == WorkloadState.STOPPING);
        Files.createFile(root.resolve("go"));
        stop.get(30, TimeUnit.SECONDS);
        assertThat(status("a").exitCode()).hasValue(5);
    }
}
