package dev.angee.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.angee.AngeeException;
import dev.angee.ErrorCode;
import dev.angee.InvalidInputException;
import dev.angee.plan.Dependency;
import dev.angee.plan.WorkloadBuilder;
import dev.angee.runtime.Selection;
import dev.angee.runtime.UpOptions;
import dev.angee.runtime.WorkloadState;
import dev.angee.runtime.WorkloadStatus;
import dev.angee.workload.Condition;
import dev.angee.workload.Lifecycle;
import java.nio.file.Files;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Services wait for what they depend on, and end before it. */
@Timeout(value = 2, unit = TimeUnit.MINUTES)
class DependencyIT extends LocalStack {

    private static WorkloadBuilder web(Condition condition) {
        return service("web", "sleep", "1000").dependsOn(new Dependency("db", condition));
    }

    @Test
    void a_dependent_of_a_completed_service_starts_after_its_success() throws Exception {
        up(
                shell("db", "sleep 0.5; echo done >done"),
                shell("web", "cat done; exec sleep 1000").dependsOn(new Dependency("db", Condition.COMPLETED)));
        assertThat(status("db").exitCode()).hasValue(0);
        assertThat(status("web").state()).isEqualTo(WorkloadState.RUNNING);
    }

    @Test
    void an_exit_code_that_means_success_completes_a_service_and_others_do_not() throws Exception {
        Lifecycle lifecycle = Lifecycles.with("success_exit_codes", Set.of(3));
        up(shell("db", "exit 3").lifecycle(lifecycle), web(Condition.COMPLETED));
        assertThat(status("db").exitCode()).hasValue(3);
        assertThat(status("web").state()).isEqualTo(WorkloadState.RUNNING);
        backend.stop(Selection.all(), STOP_SOON);
        up(shell("db", "exit 0").lifecycle(lifecycle), web(Condition.COMPLETED));
        assertThat(status("web").state()).isEqualTo(WorkloadState.RUNNING);
        backend.stop(Selection.all(), STOP_SOON);
        assertThatThrownBy(() -> up(shell("db", "exit 4").lifecycle(lifecycle), web(Condition.COMPLETED)))
                .hasMessageContaining("exit code 4");
    }

    @Test
    void a_dependent_waits_for_the_new_start_of_what_it_depends_on_not_for_the_one_before() throws Exception {
        up(shell("db", "exit 0"), web(Condition.COMPLETED));
        backend.stop(Selection.all(), STOP_SOON);
        assertThatThrownBy(() -> up(shell("db", "sleep 0.3; exit 4"), web(Condition.COMPLETED)))
                .hasMessageContaining("exit code 4");
        assertThat(status("web").state()).isEqualTo(WorkloadState.EXITED);
    }

    @Test
    void a_changed_dependency_restarts_nothing_and_counts_from_now_on() throws Exception {
        String script = "trap 'echo $0 >>ended; exit' TERM; echo $$ >$0; while true; do sleep 0.1; done";
        WorkloadBuilder a = service("a", "sh", "-c", script, "a");
        WorkloadBuilder b = service("b", "sh", "-c", script, "b");
        up(a, b);
        pid("a");
        pid("b");
        WorkloadStatus before = status("b");
        up(
                service("a", "sh", "-c", script, "a").dependsOn(new Dependency("b", Condition.HEALTHY)),
                service("b", "sh", "-c", script, "b"));
        assertThat(status("b")).isEqualTo(before);
        assertThat(record("a").workload().dependencies()).containsExactly(new Dependency("b", Condition.HEALTHY));
        open().stop(Selection.all(), STOP);
        assertThat(Files.readAllLines(root.resolve("ended"))).containsExactly("a", "b");
    }

    @Test
    void a_dependency_that_fails_fails_the_dependent_with_its_last_words_and_the_rest_keeps_running() throws Exception {
        assertThatThrownBy(() -> up(
                        service("other", "sleep", "1000"),
                        shell("db", "echo disk is full; exit 3"),
                        web(Condition.COMPLETED)))
                .isInstanceOfSatisfying(
                        AngeeException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.FAILED))
                .hasMessageContaining("'web'")
                .hasMessageContaining("'db'")
                .hasMessageContaining("exit code 3")
                .hasMessageContaining("disk is full");
        assertThat(status("other").state()).isEqualTo(WorkloadState.RUNNING);
        assertThat(backend.status()).extracting(WorkloadStatus::name).containsExactly("db", "other");
    }

    @Test
    void a_dependency_that_ends_before_it_is_healthy_fails_the_dependent() {
        assertThatThrownBy(() -> up(
                        shell("db", "echo no config; exit 1").health(HealthIT.exec("false")), web(Condition.HEALTHY)))
                .hasMessageContaining("'db'")
                .hasMessageContaining("exit code 1")
                .hasMessageContaining("no config");
    }

    @Test
    void a_dependency_that_becomes_unhealthy_fails_the_dependent_and_says_what_the_probe_found() {
        assertThatThrownBy(() -> up(
                        service("db", "sleep", "1000").health(HealthIT.exec("sh", "-c", "exit 9")),
                        web(Condition.HEALTHY)))
                .hasMessageContaining("'db'")
                .hasMessageContaining("unhealthy")
                .hasMessageContaining("exit code 9");
    }

    @Test
    void a_dependency_that_takes_too_long_is_named() {
        assertThatThrownBy(() -> backend.up(
                        plan(service("db", "sleep", "1000"), web(Condition.COMPLETED)),
                        UpOptions.defaults().within(Duration.ofSeconds(1))))
                .isInstanceOfSatisfying(
                        AngeeException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.FAILED))
                .hasMessageContaining("'web' waits for db");
    }

    @Test
    void a_selected_service_brings_what_it_depends_on() throws Exception {
        backend.up(
                plan(service("db", "sleep", "1000"), web(Condition.STARTED), service("x", "sleep", "1000")),
                UpOptions.defaults().only(Selection.of("web")));
        assertThat(backend.status()).extracting(WorkloadStatus::name).containsExactly("db", "web");
    }

    @Test
    void services_that_wait_for_each_other_are_refused() {
        assertThatThrownBy(() -> up(
                        web(Condition.STARTED),
                        service("db", "sleep", "1000").dependsOn(new Dependency("web", Condition.STARTED))))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("db, web");
        assertThat(backend.status()).isEmpty();
    }

    @Test
    void dependents_end_before_what_they_depend_on() throws Exception {
        String script = "trap 'sleep 0.2; echo $0 >>order; exit 0' TERM; echo $$ >$0; while :; do sleep 0.02; done";
        up(
                service("a", "sh", "-c", script, "a"),
                service("b", "sh", "-c", script, "b").dependsOn(new Dependency("a", Condition.STARTED)),
                service("c", "sh", "-c", script, "c").dependsOn(new Dependency("b", Condition.STARTED)));
        for (String name : new String[] {"a", "b", "c"}) {
            pid(name);
        }
        backend.stop(Selection.all(), STOP);
        assertThat(Files.readString(root.resolve("order"))).isEqualTo("c\nb\na\n");
    }

    @Test
    void closing_the_backend_ends_an_up_that_waits() throws Exception {
        java.util.concurrent.CompletableFuture<Throwable> outcome = new java.util.concurrent.CompletableFuture<>();
        Thread caller = new Thread(() -> {
            try {
                up(service("db", "sleep", "1000"), web(Condition.COMPLETED));
                outcome.complete(new AssertionError("it ended"));
            } catch (InterruptedException | RuntimeException e) {
                outcome.complete(e);
            }
        });
        caller.start();
        org.awaitility.Awaitility.await()
                .atMost(DEADLINE)
                .until(() -> !backend.status().isEmpty());
        backend.close();
        assertThat(outcome.get(30, TimeUnit.SECONDS)).hasMessageContaining("closed");
    }
}
