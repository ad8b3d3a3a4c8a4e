package dev.angee.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.angee.AngeeException;
import dev.angee.plan.WorkloadBuilder;
import dev.angee.runtime.ExitStatus;
import dev.angee.runtime.JobState;
import dev.angee.runtime.RunOptions;
import dev.angee.runtime.Selection;
import dev.angee.runtime.UpOptions;
import dev.angee.runtime.WorkloadState;
import dev.angee.runtime.WorkloadStatus;
import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Ending a service or job ends all it has led to, and nothing else. */
@Timeout(value = 2, unit = TimeUnit.MINUTES)
class ProcessTreeIT extends LocalStack {
    private static final String WAIT = "while :; do sleep 1; done";

    /**
     * Writes the pids of: a child, an orphan, an orphan in a session of its own that ignores requests, its child, and an
     * orphan without environment that ignores requests.
     */
    private static final String FAMILY = """
            sh -c 'echo $$ >child; exec sleep 1000' &
            (sh -c 'echo $$ >orphan; exec sleep 1000' &)
            (setsid sh -c 'trap "" TERM HUP; echo $$ >hidden; sh -c "echo \\$\\$ >grandchild; exec sleep 1000"' &)
            (env -i /bin/sh -c 'trap "" TERM; echo $$ >ghost; while :; do sleep 1; done' &)
            """;

    private static final List<String> MEMBERS = List.of("child", "orphan", "hidden", "grandchild", "ghost");

    /** A child without environment in a session of its own: found as long as its parent lives. */
    private static final String NAMELESS = """
            setsid env -i /bin/sh -c 'echo $$ >nameless; exec sleep 1000' &
            """;

    private static final String UNTIL_ALL_ARE_THERE =
            "for name in child orphan hidden grandchild ghost; do while [ ! -s $name ]; do sleep 0.05; done; done; ";

    private List<Long> members() {
        return MEMBERS.stream().map(this::pid).toList();
    }

    @Test
    void stop_ends_children_orphans_and_what_left_the_session_or_emptied_its_environment() throws Exception {
        up(shell("a", FAMILY + NAMELESS + WAIT));
        List<Long> pids = new ArrayList<>(members());
        pids.add(pid("nameless"));
        backend.stop(Selection.all(), STOP_SOON);
        assertThat(pids).noneMatch(LocalStack::isAlive);
        assertThat(status("a").state()).isEqualTo(WorkloadState.EXITED);
        assertThat(status("a").exitCode()).hasValue(143);
    }

    @Test
    void down_ends_them_too_and_leaves_no_file() throws Exception {
        up(shell("a", FAMILY + WAIT));
        List<Long> pids = members();
        backend.down(DOWN);
        assertThat(pids).noneMatch(LocalStack::isAlive);
        assertThat(leftovers()).isEmpty();
    }

    @Test
    void up_ends_what_an_ended_service_has_left_before_it_starts_it_again() throws Exception {
        up(shell("a", FAMILY + UNTIL_ALL_ARE_THERE + "exit 4"));
        List<Long> pids = members();
        await().atMost(DEADLINE).until(() -> status("a").state() == WorkloadState.EXITED);
        assertThat(status("a").exitCode()).hasValue(4);
        assertThat(pids).allMatch(LocalStack::isAlive);
        backend.up(plan(service("a", "sleep", "1000")), UpOptions.defaults().within(Duration.ofSeconds(2)));
        assertThat(pids).noneMatch(LocalStack::isAlive);
        assertThat(status("a").state()).isEqualTo(WorkloadState.RUNNING);
    }

    @Test
    void stop_leaves_processes_of_others_alone() throws Exception {
        Process stranger = new ProcessBuilder("sleep", "1000").start();
        try {
            up(service("a", "sleep", "1000"), service("b", "sleep", "1000"));
            long b = record("b").first().orElseThrow().pid();
            backend.stop(Selection.of("a"), STOP);
            assertThat(stranger.isAlive()).isTrue();
            assertThat(isAlive(b)).isTrue();
        } finally {
            stranger.destroyForcibly();
        }
    }

    @Test
    void a_service_that_cleans_up_when_asked_to_end_has_the_code_it_chose() throws Exception {
        up(shell("a", "trap 'echo cleaned up; exit 5' TERM; echo $$ >ready; while :; do sleep 0.05; done"));
        pid("ready");
        backend.stop(Selection.all(), STOP);
        assertThat(status("a").exitCode()).hasValue(5);
    }

    @Test
    void a_service_killed_from_outside_is_seen_at_once() throws Exception {
        up(shell("a", "echo $$ >pid; exec sleep 1000"));
        ProcessHandle.of(pid("pid")).orElseThrow().destroyForcibly();
        await().atMost(Duration.ofSeconds(5)).until(() -> status("a").state() == WorkloadState.EXITED);
        assertThat(status("a").exitCode()).hasValue(137);
    }

    @Test
    void when_the_waiting_shell_is_killed_the_program_is_found_by_its_marker_and_only_its_code_is_lost()
            throws Exception {
        WorkloadBuilder service = shell("a", "echo $$ >pid; exec sleep 1000");
        up(service);
        long program = pid("pid");
        WorkloadStatus before = status("a");
        ProcessHandle.of(record("a").first().orElseThrow().pid()).orElseThrow().destroyForcibly();
        await().atMost(DEADLINE).until(() -> status("a").reason().contains("found again by its marker"));
        up(service);
        assertThat(status("a").state()).isEqualTo(WorkloadState.RUNNING);
        assertThat(status("a").instance()).isEqualTo(before.instance());
        assertThat(isAlive(program)).isTrue();
        ProcessHandle.of(program).orElseThrow().destroyForcibly();
        await().atMost(DEADLINE).until(() -> status("a").state() == WorkloadState.EXITED);
        assertThat(status("a").exitCode()).isEmpty();
        assertThat(status("a").reason()).contains("killed from outside");
        Files.delete(root.resolve("pid"));
        up(service);
        assertThat(isAlive(pid("pid"))).isTrue();
    }

    @Test
    void what_a_job_has_left_running_ends_with_it() throws Exception {
        ExitStatus status =
                backend.run(job("j", "sh", "-c", FAMILY + UNTIL_ALL_ARE_THERE + "exit 6"), RunOptions.defaults());
        assertThat(status.code()).isEqualTo(6);
        assertThat(members()).noneMatch(LocalStack::isAlive);
        assertThat(lastRun().state()).isEqualTo(JobState.FAILED);
    }

    @Test
    void a_job_whose_time_is_up_is_killed_with_its_children() throws Exception {
        assertThatThrownBy(() -> backend.run(
                        job("j", "sh", "-c", FAMILY + "echo working; " + WAIT),
                        RunOptions.defaults().within(Duration.ofMillis(1500))))
                .isInstanceOf(AngeeException.class)
                .hasMessageContaining("'j'")
                .hasMessageContaining("working");
        assertThat(members()).noneMatch(LocalStack::isAlive);
        assertThat(lastRun().state()).isEqualTo(JobState.TIMED_OUT);
    }

    @Test
    void a_job_whose_caller_is_interrupted_is_killed_with_its_children() throws Exception {
        CompletableFuture<Throwable> outcome = new CompletableFuture<>();
        Thread caller = new Thread(() -> {
            try {
                backend.run(job("j", "sh", "-c", FAMILY + WAIT), RunOptions.defaults());
                outcome.complete(new AssertionError("it ended"));
            } catch (InterruptedException | RuntimeException e) {
                outcome.complete(e);
            }
        });
        caller.start();
        List<Long> pids = members();
        caller.interrupt();
        assertThat(outcome.get(30, TimeUnit.SECONDS)).isInstanceOf(InterruptedException.class);
        assertThat(pids).noneMatch(LocalStack::isAlive);
        assertThat(lastRun().state()).isEqualTo(JobState.CANCELLED);
    }

    @Test
    void down_ends_a_running_job_and_its_caller_learns_its_code() throws Exception {
        CompletableFuture<ExitStatus> outcome = CompletableFuture.supplyAsync(() -> {
            try {
                return backend.run(job("j", "sh", "-c", "echo $$ >job; exec sleep 1000"), RunOptions.defaults());
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        });
        long pid = pid("job");
        open().down(DOWN);
        assertThat(isAlive(pid)).isFalse();
        assertThat(outcome.get(30, TimeUnit.SECONDS).code()).isEqualTo(143);
        assertThat(leftovers()).isEmpty();
    }

    @Test
    void an_interrupted_stop_says_so_and_the_next_one_finishes() throws Exception {
        up(shell("a", "trap '' TERM; echo $$ >pid; while :; do sleep 1; done"));
        long pid = pid("pid");
        Thread.currentThread().interrupt();
        assertThatThrownBy(() -> backend.stop(Selection.all(), STOP)).isInstanceOf(InterruptedException.class);
        assertThat(isAlive(pid)).isTrue();
        backend.stop(Selection.all(), STOP_SOON);
        assertThat(isAlive(pid)).isFalse();
    }
}
