package dev.angee.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.angee.AngeeException;
import dev.angee.ErrorCode;
import dev.angee.plan.Launch;
import dev.angee.plan.Workload;
import dev.angee.runtime.ExitStatus;
import dev.angee.runtime.JobRun;
import dev.angee.runtime.JobRuns;
import dev.angee.runtime.JobState;
import dev.angee.runtime.RunOptions;
import dev.angee.runtime.StopOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Runs of jobs as resources: what is known of them, how they are ended, and what they may leave on disk. */
@Timeout(value = 2, unit = TimeUnit.MINUTES)
class JobIT extends LocalStack {
    /** A child, and an orphan of an orphan in a session of its own that ignores requests to end. */
    private static final String TREE = """
            sh -c 'echo $$ >child; exec sleep 1000' &
            (setsid sh -c '(trap "" TERM HUP INT; echo $$ >parent; sh -c "echo \\$\\$ >hidden; while :; do sleep 1; done" &) ' &)
            while [ ! -s hidden ] || [ ! -s child ]; do sleep 0.05; done
            echo $$ >job
            while :; do sleep 1; done
            """;

    private static StopOptions grace(Duration time) {
        return StopOptions.defaults().grace(time);
    }

    private CompletableFuture<Throwable> runAside(String script) {
        return CompletableFuture.supplyAsync(() -> {
            try {
                return new AssertionError(
                        "it ended: " + backend.run(job("j", "sh", "-c", script), RunOptions.defaults()));
            } catch (InterruptedException | RuntimeException e) {
                return e;
            }
        });
    }

    private static void assertCancelled(CompletableFuture<Throwable> outcome) throws Exception {
        assertThat(outcome.get(30, TimeUnit.SECONDS))
                .isInstanceOfSatisfying(
                        AngeeException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.FAILED))
                .hasMessageContaining("'j' was cancelled");
    }

    @Test
    void when_cancel_returns_the_whole_tree_is_gone_also_what_hid_and_ignores_requests_R36_R49() throws Exception {
        CompletableFuture<Throwable> outcome = runAside(TREE);
        List<Long> pids = List.of(pid("job"), pid("child"), pid("hidden"));
        assertThat(pids).allMatch(LocalStack::isAlive);
        JobRuns others = open().jobRuns().orElseThrow();
        others.cancel(others.list().get(0).id(), grace(Duration.ofMillis(500)));
        assertThat(pids).noneMatch(LocalStack::isAlive);
        assertThat(others.list()).extracting(JobRun::state).containsExactly(JobState.CANCELLED);
        assertCancelled(outcome);
        assertThat(lastRun().exitCode()).hasValue(143);
    }

    @Test
    void a_cancelled_job_has_the_whole_grace_to_clean_up_R49() throws Exception {
        CompletableFuture<Throwable> outcome =
                runAside("trap 'sleep 3; echo cleaned up; exit 5' TERM; echo $$ >job; while :; do sleep 0.05; done");
        pid("job");
        open().jobRuns().orElseThrow().cancel(lastRun().id(), grace(Duration.ofSeconds(30)));
        assertThat(lastRun().exitCode()).hasValue(5);
        assertThat(lastRun().state()).isEqualTo(JobState.CANCELLED);
        assertThat(jobRuns().output(lastRun().id())).endsWith("cleaned up\n");
        assertCancelled(outcome);
    }

    @Test
    void a_run_is_ended_also_when_who_cancels_it_dies_before_he_has_done_anything_R49() throws Exception {
        CompletableFuture<Throwable> outcome = runAside("trap '' TERM; echo $$ >job; while :; do sleep 1; done");
        long pid = pid("job");
        ProcessRecord record = store().jobs(damaged -> {}).get(0);
        new JobRecords(store(), new ProcessViews(store())).mark(record, JobEnding.cancelled(Duration.ofMillis(100)));
        assertCancelled(outcome);
        assertThat(isAlive(pid)).isFalse();
        assertThat(lastRun().exitCode()).as("it has left none").isEmpty();
    }

    /** A program that runs a job, and waits for it until it is killed. */
    static final class Caller {
        private Caller() {}

        /** Arguments: the root, and the script. */
        public static void main(String[] arguments) throws Exception {
            Path root = Path.of(arguments[0]);
            Workload job = job("j", "sh", "-c", arguments[1]);
            var unused = new ProcessBackendProvider()
                    .open(dev.angee.plan.ProjectName.of("test", root), root)
                    .run(job, RunOptions.defaults());
        }
    }

    /** Runs a job in a JVM that is killed once the job has written its pid, and is on record with its process. */
    private long orphan(String script) throws Exception {
        Process caller = jvm(Caller.class, List.of(), root.toString(), "echo $$ >job; " + script)
                .start();
        try {
            long pid = pid("job");
            await().atMost(DEADLINE)
                    .until(() -> store().jobs(damaged -> {}).get(0).first().isPresent());
            return pid;
        } finally {
            caller.destroyForcibly().waitFor();
        }
    }

    private Map<String, Object> files() throws IOException {
        try (Stream<Path> files = Files.walk(root.resolve("run"))) {
            return files.collect(java.util.stream.Collectors.toMap(Path::toString, file -> {
                try {
                    return Files.getLastModifiedTime(file);
                } catch (IOException e) {
                    throw new java.io.UncheckedIOException(e);
                }
            }));
        }
    }

    @Test
    void a_run_whose_caller_was_killed_goes_on_and_its_end_is_known_to_who_only_reads_R49() throws Exception {
        orphan("while [ ! -e go ]; do sleep 0.05; done; echo done; exit 3");
        Map<String, Object> before = files();
        JobRun running = lastRun();
        assertThat(running.state()).isEqualTo(JobState.RUNNING);
        assertThat(running.job()).isEqualTo("j");
        assertThat(running.exitCode()).isEmpty();
        assertThat(running.duration()).isEmpty();
        assertThat(jobRuns().output(running.id())).isEmpty();
        assertThat(files()).isEqualTo(before);

        Files.createFile(root.resolve("go"));
        await().atMost(DEADLINE).until(() -> lastRun().state() != JobState.RUNNING);
        before = files();
        JobRun ended = lastRun();
        assertThat(ended.id()).isEqualTo(running.id());
        assertThat(ended.state()).isEqualTo(JobState.FAILED);
        assertThat(ended.exitCode()).hasValue(3);
        assertThat(ended.duration()).isPresent();
        assertThat(jobRuns().output(ended.id())).isEqualTo("done\n");
        assertThat(files()).as("reading writes nothing").isEqualTo(before);

        backend.run(job("j", "true"), RunOptions.defaults());
        assertThat(jobRuns().list()).hasSize(2).endsWith(ended);
        assertThat(leftovers()).as("the next run settles it").contains("jobs/j." + ended.id() + "/result.json");
    }

    @Test
    void a_run_whose_caller_was_killed_can_be_cancelled_R49() throws Exception {
        long pid = orphan("exec sleep 1000");
        jobRuns().cancel(lastRun().id(), grace(Duration.ofSeconds(5)));
        assertThat(isAlive(pid)).isFalse();
        assertThat(lastRun().state()).isEqualTo(JobState.CANCELLED);
        assertThat(lastRun().exitCode()).hasValue(143);
    }

    @Test
    void a_run_that_nobody_saw_end_is_lost_R49() throws Exception {
        long pid = orphan("exec sleep 1000");
        long shell = store().jobs(damaged -> {}).get(0).first().orElseThrow().pid();
        ProcessHandle.of(shell).orElseThrow().destroyForcibly();
        ProcessHandle.of(pid).orElseThrow().destroyForcibly();
        await().atMost(DEADLINE).until(() -> !isAlive(shell) && !isAlive(pid));
        assertThat(lastRun().state()).isEqualTo(JobState.LOST);
        assertThat(lastRun().reason()).contains("not known");
        assertThat(lastRun().exitCode()).isEmpty();
    }

    @Test
    void a_job_that_cannot_be_started_has_failed_R49() {
        assertThatThrownBy(() -> backend.run(job("j", "echo", "x".repeat(1 << 20)), RunOptions.defaults()))
                .isInstanceOfSatisfying(
                        AngeeException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.FAILED))
                .hasMessageContaining("'j' cannot be started");
        assertThat(lastRun().state()).isEqualTo(JobState.FAILED);
        assertThat(lastRun().reason()).contains("could not be started");
    }

    @Test
    void a_job_writes_more_than_fits_the_heap_and_leaves_a_mib_R49() throws Exception {
        Process caller = jvm(
                        Caller.class,
                        List.of("-Xmx24m"),
                        root.toString(),
                        "yes 'a line of some thirty characters' | head -c 100000000; echo; echo the end")
                .start();
        assertThat(caller.waitFor(100, TimeUnit.SECONDS)).isTrue();
        assertThat(folder.resolve("jvm.log")).content().doesNotContain("OutOfMemory");
        assertThat(lastRun().state()).isEqualTo(JobState.SUCCEEDED);
        Path log = log(lastRun());
        assertThat(Files.size(log)).isBetween(JobOutput.KEPT - 100L, (long) JobOutput.KEPT);
        String output = jobRuns().output(lastRun().id());
        assertThat(output).startsWith("a line of").endsWith("the end\n");
        assertThat(output.length()).isBetween(ExitStatus.OUTPUT_LIMIT - 100, ExitStatus.OUTPUT_LIMIT);
    }

    private Path log(JobRun run) throws IOException {
        try (Stream<Path> files = Files.list(root.resolve("run/processes/jobs/" + run.job() + "." + run.id()))) {
            return files.filter(file -> file.getFileName().toString().matches("log\\.[^.]+")) // and not its note
                    .findFirst()
                    .orElseThrow();
        }
    }

    @Test
    void what_was_heard_long_ago_is_given_up_while_the_job_still_runs_R49() throws Exception {
        CompletableFuture<Throwable> outcome = runAside("""
                yes 'a line of some thirty characters' | head -c 60000000
                echo $$ >job
                exec sleep 1000
                """);
        pid("job");
        Path log = log(lastRun());
        assertThat(Files.size(log)).isEqualTo(60_000_000);
        long bound = (JobOutput.KEPT_BEHIND + JobOutput.KEPT) / 1024;
        await().atMost(DEADLINE).until(() -> kibOnDisk(log) <= bound);
        jobRuns().cancel(lastRun().id(), grace(Duration.ofSeconds(5)));
        assertCancelled(outcome);
        assertThat(Files.size(log)).isLessThanOrEqualTo(JobOutput.KEPT);
    }

    private static long kibOnDisk(Path file) throws Exception {
        Process du = new ProcessBuilder("du", "-k", file.toString()).start();
        String text = new String(du.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.US_ASCII);
        return Long.parseLong(text.substring(0, text.indexOf('\t')));
    }

    @Test
    void a_job_that_writes_faster_than_its_listener_takes_is_killed_in_time_R49() throws Exception {
        AtomicLong lines = new AtomicLong();
        RunOptions slow = RunOptions.defaults().within(Duration.ofSeconds(2)).to(line -> {
            lines.incrementAndGet();
            LockSupport.parkNanos(Duration.ofMillis(2).toNanos());
        });
        assertThatThrownBy(() -> backend.run(job("j", "sh", "-c", "echo $$ >job; seq 1 100000; exec sleep 1000"), slow))
                .hasMessageContaining("longer than 2000 ms");
        Duration took = lastRun().duration().orElseThrow();
        assertThat(took).as("not the minutes of all lines").isLessThan(Duration.ofSeconds(30));
        assertThat(lines.get()).as("nor after it was killed").isLessThan(15_000);
        assertThat(lastRun().state()).isEqualTo(JobState.TIMED_OUT);
    }

    @Test
    void no_secret_is_in_a_record_nor_in_what_a_failed_run_is_told_with() throws Exception {
        Workload job = Workload.job("j", new Launch.HostProcess())
                .command(List.of("sh", "-c", "echo \"key $KEY\"; echo $$ >job; exec sleep 1000"))
                .variables(Map.of("KEY", secret("key")))
                .build();
        RunOptions options = RunOptions.defaults().secrets(secrets("key", "canary-7f3a"));
        assertThatThrownBy(() -> backend.run(job, options.within(Duration.ofSeconds(2))))
                .hasMessageContaining("key ***")
                .hasMessageNotContaining("canary");
        Files.delete(root.resolve("job"));
        CompletableFuture<Throwable> outcome = CompletableFuture.supplyAsync(() -> {
            try {
                return new AssertionError(backend.run(job, options));
            } catch (InterruptedException | RuntimeException e) {
                return e;
            }
        });
        pid("job");
        jobRuns().cancel(lastRun().id(), grace(Duration.ofSeconds(5)));
        assertThat(outcome.get(30, TimeUnit.SECONDS))
                .hasMessageContaining("key ***")
                .hasMessageNotContaining("canary");
        assertThat(jobRuns().list()).hasSize(2).noneMatch(run -> run.toString().contains("canary"));
        for (String file : leftovers()) {
            if (file.endsWith(".json")) {
                assertThat(root.resolve("run/processes").resolve(file))
                        .content()
                        .doesNotContain("canary");
            }
        }
    }
}
