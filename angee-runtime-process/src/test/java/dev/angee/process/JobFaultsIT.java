package dev.angee.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.angee.AngeeException;
import dev.angee.ErrorCode;
import dev.angee.NotFoundException;
import dev.angee.runtime.JobEndedException;
import dev.angee.runtime.JobRun;
import dev.angee.runtime.JobState;
import dev.angee.runtime.RunOptions;
import dev.angee.runtime.StopOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Runs of jobs whose callers die, are interrupted or dawdle, and whose records are damaged or forgotten meanwhile. */
@Timeout(value = 2, unit = TimeUnit.MINUTES)
class JobFaultsIT extends LocalStack {
    private static final Duration HOUR = Duration.ofHours(1);

    /** A program that runs a job for at most an hour, and waits for it until it is killed. */
    static final class Caller {
        private Caller() {}

        /** Arguments: the root, and the script. */
        public static void main(String[] arguments) throws Exception {
            Path root = Path.of(arguments[0]);
            var unused = new ProcessBackendProvider()
                    .open(dev.angee.plan.ProjectName.of("test", root), root)
                    .run(
                            job("j", "sh", "-c", arguments[1]),
                            RunOptions.defaults().within(HOUR));
        }
    }

    private long orphan(String script) throws Exception {
        Process caller = jvm(Caller.class, List.of(), root.toString(), "echo $$ >job; " + script)
                .start();
        try {
            long pid = pid("job");
            await().atMost(DEADLINE).until(() -> onlyRecord().first().isPresent());
            assertThat(orphans().logs()).as("somebody waits for it").isEmpty();
            return pid;
        } finally {
            caller.destroyForcibly().waitFor();
        }
    }

    private ProcessRecord onlyRecord() {
        return store().jobs((place, damaged) -> {}).get(0);
    }

    private OrphanedJobs orphans() {
        return new OrphanedJobs(store(), new JobRecords(store(), new ProcessViews(store())), shutdown());
    }

    private Shutdown shutdown() {
        ChildEnvironment environment = new ChildEnvironment(System.getenv());
        Host host = Host.detect(environment.path());
        Launcher launcher = new Launcher(
                host,
                environment,
                root,
                store(),
                new Keeper(store(), host, Marker.ofStack(project(), root), environment.path()));
        return new Shutdown(store(), new ProcessViews(store()), launcher);
    }

    private static ProcessSettings later(Duration time) {
        ProcessSettings now = ProcessSettings.of(System.getenv());
        return new ProcessSettings(now.environment(), Clock.fixed(Instant.now().plus(time), ZoneOffset.UTC));
    }

    @Test
    void a_run_whose_caller_died_is_ended_when_its_time_is_up_and_not_before_R49() throws Exception {
        long pid = orphan("exec sleep 1000");
        ProcessRecord record = onlyRecord();
        assertThat(orphans().logs()).containsExactly(store().log(record));
        orphans().endOverdue(record.startedAt().plus(HOUR));
        assertThat(isAlive(pid)).isTrue();
        assertThat(lastRun().state()).isEqualTo(JobState.RUNNING);
        orphans().endOverdue(record.startedAt().plus(HOUR).plusMillis(1));
        assertThat(isAlive(pid)).isFalse();
        assertThat(lastRun().state()).isEqualTo(JobState.TIMED_OUT);
        assertThat(lastRun().reason()).contains("3600000 ms");
        assertThat(store().result(record)).exists();
        assertThat(orphans().logs()).isEmpty();
    }

    @Test
    void the_next_run_of_any_job_ends_those_whose_time_is_up_R49() throws Exception {
        long pid = orphan("exec sleep 1000");
        open(later(HOUR.multipliedBy(2))).run(job("other", "true"), RunOptions.defaults());
        assertThat(isAlive(pid)).isFalse();
        assertThat(jobRuns().list()).extracting(JobRun::state).containsExactly(JobState.SUCCEEDED, JobState.TIMED_OUT);
    }

    @Test
    void a_run_that_ended_by_itself_before_its_time_was_up_stays_as_it_ended_R49() throws Exception {
        orphan("while [ ! -e go ]; do sleep 0.05; done; exit 3");
        ProcessRecord record = onlyRecord();
        Files.createFile(root.resolve("go"));
        await().atMost(DEADLINE).until(() -> lastRun().state().isOver());
        orphans().endOverdue(record.startedAt().plus(HOUR.multipliedBy(2)));
        assertThat(lastRun().state()).isEqualTo(JobState.FAILED);
        assertThat(lastRun().exitCode()).hasValue(3);
    }

    @Test
    void a_run_whose_caller_died_is_not_over_as_long_as_a_process_that_it_left_runs_R49() throws Exception {
        orphan("sleep 1000 & echo $! >child; while [ ! -e go ]; do sleep 0.05; done; exit 0");
        long child = pid("child");
        Files.createFile(root.resolve("go"));
        await().atMost(DEADLINE).until(() -> store().exitCode(onlyRecord()).isPresent());
        assertThat(lastRun().state()).isEqualTo(JobState.RUNNING);
        backend.run(job("other", "true"), RunOptions.defaults());
        assertThat(isAlive(child)).isTrue();
        ProcessHandle.of(child).orElseThrow().destroyForcibly();
        await().atMost(DEADLINE).until(() -> !isAlive(child));
        assertThat(jobRuns().list())
                .filteredOn(run -> run.job().equals("j"))
                .extracting(JobRun::state)
                .containsExactly(JobState.SUCCEEDED);
    }

    @Test
    void a_run_that_is_forgotten_while_it_is_being_ended_stays_forgotten_R49() throws Exception {
        RunOptions options = RunOptions.defaults()
                .within(Duration.ofMillis(500))
                .onStart(id -> {
                    store().forget(onlyRecord());
                });
        assertThatThrownBy(() -> backend.run(job("j", "sleep", "1000"), options))
                .isInstanceOf(JobEndedException.class);
        assertThat(leftovers()).isEmpty();
        assertThat(jobRuns().list()).isEmpty();
    }

    @Test
    void cancel_and_down_at_the_same_time_leave_nothing_R49() throws Exception {
        Random random = new Random(4711);
        for (int round = 0; round < 6; round++) {
            CompletableFuture<String> id = new CompletableFuture<>();
            CompletableFuture<Throwable> outcome = outcome(() ->
                    backend.run(job("j", "sleep", "1000"), RunOptions.defaults().onStart(id::complete)));
            String run = id.get(30, TimeUnit.SECONDS);
            long pause = random.nextInt(30_000_000);
            CompletableFuture<Throwable> cancelled = outcome(() -> {
                LockSupport.parkNanos(pause);
                jobRuns().cancel(run, StopOptions.defaults());
                return run;
            });
            open().down(DOWN);
            assertThat(cancelled.get(30, TimeUnit.SECONDS))
                    .isInstanceOfAny(AssertionError.class, NotFoundException.class);
            assertThat(outcome.get(30, TimeUnit.SECONDS))
                    .as("its caller is free")
                    .isNotNull();
            assertThat(leftovers()).isEmpty();
        }
    }

    /** What it threw, or an error that says that it threw nothing. */
    private static CompletableFuture<Throwable> outcome(JobRecords.Change<?> action) {
        return CompletableFuture.supplyAsync(() -> {
            try {
                return new AssertionError("no exception, but " + action.run());
            } catch (InterruptedException | RuntimeException e) {
                return e;
            }
        });
    }

    @Test
    void an_interrupt_ends_a_run_also_while_its_listener_has_more_to_hear_than_it_can_R49() throws Exception {
        CompletableFuture<Throwable> outcome = new CompletableFuture<>();
        RunOptions slow = RunOptions.defaults().to(line -> LockSupport.parkNanos(1_000_000));
        Thread caller = new Thread(() -> {
            try {
                outcome.complete(new AssertionError(
                        backend.run(job("j", "sh", "-c", "echo $$ >job; seq 1 1000000; exec sleep 1000"), slow)));
            } catch (InterruptedException | RuntimeException e) {
                outcome.complete(e);
            }
        });
        caller.start();
        long pid = pid("job");
        caller.interrupt();
        assertThat(outcome.get(30, TimeUnit.SECONDS)).isInstanceOf(InterruptedException.class);
        assertThat(isAlive(pid)).isFalse();
        assertThat(lastRun().state()).isEqualTo(JobState.CANCELLED);
    }

    @Test
    void a_run_whose_caller_is_interrupted_at_any_moment_is_cancelled_and_never_one_that_could_not_start_R49()
            throws Exception {
        Random random = new Random(11);
        for (int round = 0; round < 40; round++) {
            List<String> ids = records();
            Thread caller = new Thread(() -> {
                try {
                    var unused = backend.run(job("j", "sleep", "1000"), RunOptions.defaults());
                } catch (InterruptedException | AngeeException e) {
                    // what matters is what is on record
                }
            });
            caller.start();
            if (round % 3 == 0) {
                awaitRecord(ids);
            } else {
                LockSupport.parkNanos(random.nextInt(25_000_000));
            }
            caller.interrupt();
            caller.join(30_000);
            assertThat(caller.isAlive()).isFalse();
        }
        assertThat(jobRuns().list())
                .isNotEmpty()
                .allSatisfy(run -> assertThat(run.state()).as(run.toString()).isEqualTo(JobState.CANCELLED));
    }

    private List<String> records() {
        return store().jobs((place, damaged) -> {}).stream()
                .map(record -> record.marker().last())
                .toList();
    }

    /** Until one is on record that was not before: it is about to be started. */
    private void awaitRecord(List<String> before) {
        Deadline deadline = Deadline.in(DEADLINE);
        while (before.containsAll(records())) {
            assertThat(deadline.isOver()).as("no run begins").isFalse();
            Thread.onSpinWait();
        }
    }

    @Test
    void a_run_that_had_to_be_killed_has_no_exit_code_as_it_left_none_R49() throws Exception {
        long pid = orphan("trap '' TERM; while :; do sleep 1; done");
        jobRuns().cancel(lastRun().id(), StopOptions.defaults().grace(Duration.ofMillis(200)));
        assertThat(isAlive(pid)).isFalse();
        assertThat(lastRun().state()).isEqualTo(JobState.CANCELLED);
        assertThat(lastRun().exitCode()).isEmpty();
    }

    @Test
    void no_exit_code_is_made_up_of_a_run_whose_end_nobody_has_recorded_R49() throws Exception {
        orphan("trap '' TERM; while :; do sleep 1; done");
        shutdown().end(List.of(onlyRecord()), Duration.ofMillis(200));
        assertThat(lastRun().state()).isEqualTo(JobState.LOST);
        assertThat(lastRun().exitCode()).isEmpty();
        assertThat(lastRun().reason()).contains("not known");
    }

    @Test
    void what_a_listener_throws_ends_the_run_R49() {
        RunOptions options = RunOptions.defaults().onStart(id -> {
            throw new IllegalStateException("no room for " + id);
        });
        assertThatThrownBy(() -> backend.run(job("j", "sleep", "1000"), options))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining(lastRun().id());
        assertThat(lastRun().state()).isEqualTo(JobState.CANCELLED);
    }

    @Test
    void a_damaged_record_is_reported_with_its_path_and_all_other_runs_go_on_R49() throws Exception {
        String good =
                backend.run(job("good", "true"), RunOptions.defaults()).run().orElseThrow();
        String id = backend.run(job("j", "sh", "-c", "echo x"), RunOptions.defaults())
                .run()
                .orElseThrow();
        Path place = root.resolve("run/processes/jobs/j." + id);
        for (String file : List.of("result.json", "ending.json", "record.json")) {
            for (String damage : List.of("{\"format\": 1", "{}", "{\"format\": 9}", "", "[]")) {
                Files.deleteIfExists(place.resolve("result.json"));
                Files.writeString(place.resolve(file), damage);
                List<JobRun> runs = open().jobRuns().orElseThrow().list();
                assertThat(runs).extracting(JobRun::id).contains(good, id);
                JobRun damaged = runs.stream()
                        .filter(run -> run.id().equals(id))
                        .findFirst()
                        .orElseThrow();
                assertThat(damaged.job()).isEqualTo("j");
                assertThat(damaged.state()).as(file + damage).isEqualTo(JobState.LOST);
                assertThat(damaged.reason()).contains(place.resolve(file).toString());
                assertThat(backend.run(job("j", "true"), RunOptions.defaults()).succeeded())
                        .isTrue();
            }
        }
        assertThatThrownBy(() -> jobRuns().output(id))
                .isInstanceOfSatisfying(
                        AngeeException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.UNAVAILABLE))
                .hasMessageContaining(place.toString());
        backend.down(DOWN);
        assertThat(leftovers()).isEmpty();
        assertThat(jobRuns().list()).isEmpty();
    }

    @Test
    void a_run_that_goes_on_is_told_as_such_also_when_its_record_is_damaged_R49() throws Exception {
        long pid = orphan("exec sleep 1000");
        Path record = store().place(onlyRecord()).resolve(RecordStore.RECORD);
        String text = Files.readString(record);
        Files.writeString(record, "{}");
        assertThat(lastRun().state()).isEqualTo(JobState.RUNNING);
        assertThat(lastRun().reason()).contains(record.toString());
        assertThat(isAlive(pid)).isTrue();
        damageAndRestore(record.resolveSibling("caller.json"), record, text);
    }

    /** Nobody can tell any more whether somebody waits for it: so nobody ends it by the clock. */
    private void damageAndRestore(Path caller, Path record, String text) throws IOException, InterruptedException {
        Files.writeString(record, text);
        Files.writeString(caller, "{}");
        orphans().endOverdue(Instant.now().plus(HOUR.multipliedBy(2)));
        assertThat(lastRun().state()).isEqualTo(JobState.RUNNING);
        jobRuns().cancel(lastRun().id(), StopOptions.defaults());
        assertThat(lastRun().state()).isEqualTo(JobState.CANCELLED);
    }
}
