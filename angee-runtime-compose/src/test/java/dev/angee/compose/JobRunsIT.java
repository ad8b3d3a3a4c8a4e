package dev.angee.compose;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.angee.AngeeException;
import dev.angee.ErrorCode;
import dev.angee.contract.Program;
import dev.angee.internal.FileLocks;
import dev.angee.plan.Launch;
import dev.angee.plan.ProjectName;
import dev.angee.plan.Workload;
import dev.angee.runtime.ExitStatus;
import dev.angee.runtime.JobEndedException;
import dev.angee.runtime.JobRun;
import dev.angee.runtime.JobRuns;
import dev.angee.runtime.JobState;
import dev.angee.runtime.RunOptions;
import dev.angee.runtime.StopOptions;
import dev.angee.runtime.UpOptions;
import dev.angee.secret.ResolvedSecrets;
import dev.angee.secret.SecretName;
import dev.angee.secret.SecretValue;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Runs of container jobs as resources: when callers die, dawdle or leave, and somebody else lays hands on containers. */
class JobRunsIT extends OneStack {
    private static final Duration HOUR = Duration.ofHours(1);

    /** A program that runs a job for at most an hour, and waits for it until it is killed. */
    static final class Caller {
        private Caller() {}

        /** Arguments: the project, the root, the docker program and the script. */
        public static void main(String[] arguments) throws Exception {
            Path root = Path.of(arguments[1]);
            try (ComposeBackend backend = ComposeBackend.open(
                    new ProjectName(arguments[0]), root, RealDocker.settings().program(arguments[2]))) {
                ExitStatus status =
                        backend.run(script(arguments[3]), RunOptions.defaults().within(HOUR));
                Files.writeString(root.resolve("status"), status.toString());
            }
        }
    }

    private static Workload script(String script) {
        return Workload.job("j", Programs.IMAGE).command(Programs.shell(script)).build();
    }

    private Process caller(String docker, String script, String... options) throws IOException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of(options));
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), Caller.class.getName()));
        command.addAll(List.of(project().value(), root().toString(), docker, script));
        return new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(root().resolve("jvm.log").toFile())
                .start();
    }

    /** Runs a job in a JVM that is killed once the job has written a line. */
    private JobRun orphan(String script) throws Exception {
        return orphan("docker", script);
    }

    private JobRun orphan(String docker, String script) throws Exception {
        Process caller = caller(docker, "echo begun; " + script);
        try {
            soon().until(() -> !runs().list().isEmpty());
            soon().until(() -> runs().output(onlyRun().id()).contains("begun"));
            soon().until(() -> store().record(store().places().get(0))
                    .orElseThrow()
                    .container()
                    .isPresent());
        } finally {
            caller.destroyForcibly().waitFor();
        }
        return onlyRun();
    }

    private JobRuns runs() {
        return backend().jobRuns().orElseThrow();
    }

    private JobRun onlyRun() {
        List<JobRun> all = runs().list();
        assertThat(all).hasSize(1);
        return all.get(0);
    }

    private JobRun run(String id) {
        return runs().list().stream()
                .filter(run -> run.id().equals(id))
                .findFirst()
                .orElseThrow();
    }

    private RunStore store() {
        return new RunStore(new ComposeProject(project(), root()));
    }

    private List<String> containers() {
        return engine()
                .listContainersCmd()
                .withShowAll(true)
                .withLabelFilter(
                        Map.of(ProjectContainer.PROJECT_LABEL, project().value()))
                .exec()
                .stream()
                .map(c -> c.getId())
                .toList();
    }

    private Map<String, String> files() throws IOException {
        Map<String, String> files = new TreeMap<>();
        try (Stream<Path> all = Files.walk(root().resolve("run"))) {
            all.forEach(file -> {
                try {
                    files.put(file.toString(), Files.getLastModifiedTime(file).toString());
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            });
        }
        return files;
    }

    private CompletableFuture<Throwable> runAside(ComposeBackend by, Workload job, RunOptions options) {
        return CompletableFuture.supplyAsync(() -> {
            try {
                return new AssertionError("it ended: " + by.run(job, options));
            } catch (InterruptedException | RuntimeException e) {
                return e;
            }
        });
    }

    private static StopOptions grace(long millis) {
        return StopOptions.defaults().grace(Duration.ofMillis(millis));
    }

    @Test
    void a_run_whose_caller_was_killed_goes_on_is_known_to_who_only_reads_and_collected_by_the_next_run_R49()
            throws Exception {
        JobRun running = orphan("trap 'echo done; exit 3' USR1; while :; do sleep 0.1; done");
        Map<String, String> before = files();
        assertThat(running.state()).isEqualTo(JobState.RUNNING);
        assertThat(running.exitCode()).isEmpty();
        assertThat(onlyRun()).isEqualTo(running);
        assertThat(files()).isEqualTo(before);

        engine().killContainerCmd(containers().get(0)).withSignal("USR1").exec();
        soon().until(() -> onlyRun().state() != JobState.RUNNING);
        JobRun ended = onlyRun();
        assertThat(ended.state()).isEqualTo(JobState.FAILED);
        assertThat(ended.exitCode()).hasValue(3);
        assertThat(ended.duration()).isPresent();
        assertThat(runs().output(ended.id())).isEqualTo("begun\ndone");
        assertThat(files()).as("reading writes nothing").isEqualTo(before);
        assertThat(containers()).as("and removes nothing").hasSize(1);

        backend().run(Programs.job("k", new Program.Exits("x", 0)).build(), RunOptions.defaults());
        assertThat(containers()).as("the next run collects it").isEmpty();
        assertThat(run(ended.id())).isEqualTo(ended);
        assertThat(runs().output(ended.id())).isEqualTo("begun\ndone");
    }

    @Test
    void a_run_whose_caller_was_killed_is_cancelled_and_collected_by_who_cancels_it_R49() throws Exception {
        JobRun running = orphan("trap 'echo cleaned; exit 5' TERM; while :; do sleep 0.1; done");
        runs().cancel(running.id(), grace(20_000));
        assertThat(containers()).isEmpty();
        assertThat(onlyRun().state()).isEqualTo(JobState.CANCELLED);
        assertThat(onlyRun().exitCode()).hasValue(5);
        assertThat(runs().output(running.id())).isEqualTo("begun\ncleaned");
    }

    @Test
    void a_run_that_had_to_be_killed_has_left_no_exit_code_R49() throws Exception {
        JobRun running = orphan("trap '' TERM; while :; do sleep 0.1; done");
        runs().cancel(running.id(), grace(300));
        assertThat(containers()).isEmpty();
        assertThat(onlyRun().state()).isEqualTo(JobState.CANCELLED);
        assertThat(onlyRun().exitCode()).isEmpty();
    }

    @Test
    void an_orphan_ends_when_its_time_is_up_and_not_before_and_up_looks_after_that_R49() throws Exception {
        JobRun running = orphan("while :; do sleep 0.1; done");
        backend().up(plan(), UpOptions.defaults());
        assertThat(onlyRun().state()).isEqualTo(JobState.RUNNING);
        assertThat(containers()).hasSize(1);

        RunRecord record = store().record(store().places().get(0)).orElseThrow();
        store().write(new RunRecord(
                record.id(), "j", record.startedAt(), record.startedAt(), record.successCodes(), record.container()));
        backend().up(plan(), UpOptions.defaults());
        assertThat(onlyRun().state()).isEqualTo(JobState.TIMED_OUT);
        assertThat(containers()).isEmpty();
        assertThat(runs().output(running.id())).isEqualTo("begun");
    }

    @Test
    void an_orphan_whose_container_somebody_removed_is_lost_R49() throws Exception {
        JobRun running = orphan("while :; do sleep 0.1; done");
        engine().removeContainerCmd(containers().get(0)).withForce(true).exec();
        assertThat(onlyRun().state()).isEqualTo(JobState.LOST);
        assertThat(onlyRun().reason()).contains("container is gone");
        runs().cancel(running.id(), grace(100));
        assertThat(onlyRun().state()).isEqualTo(JobState.LOST);
    }

    @Test
    void a_caller_that_was_killed_before_its_container_was_made_leaves_a_run_that_can_be_cancelled_R49()
            throws Exception {
        Path asked = root().resolve("asked");
        Path hangs = program("case \"$*\" in *' run '*) touch " + asked + "; exec sleep 30;; esac; exec docker \"$@\"");
        Process caller = caller(hangs.toString(), "true");
        soon().until(() -> Files.exists(asked));
        caller.destroyForcibly().waitFor();
        assertThat(onlyRun().state()).isEqualTo(JobState.RUNNING);
        assertThat(onlyRun().reason()).contains("may still be made");
        runs().cancel(onlyRun().id(), grace(100));
        assertThat(onlyRun().state()).isEqualTo(JobState.CANCELLED);
    }

    @Test
    void a_run_that_waits_for_a_slow_start_is_cancelled_at_once_R49() throws Exception {
        Path asked = root().resolve("asked");
        Path hangs =
                program("case \"$*\" in *' run '*) touch " + asked + "; exec sleep 100;; esac; exec docker \"$@\"");
        try (ComposeBackend slow =
                ComposeBackend.open(project(), root(), RealDocker.settings().program(hangs.toString()))) {
            CompletableFuture<Throwable> outcome = runAside(slow, script("true"), RunOptions.defaults());
            soon().until(() -> Files.exists(asked));
            runs().cancel(onlyRun().id(), grace(100));
            assertThat(onlyRun().state()).isEqualTo(JobState.CANCELLED);
            assertThat(outcome.get(30, TimeUnit.SECONDS))
                    .isInstanceOfSatisfying(
                            JobEndedException.class, e -> assertThat(e.state()).isEqualTo(JobState.CANCELLED));
        }
    }

    @Test
    void a_cancelled_job_has_the_whole_grace_and_its_caller_hears_its_last_words_R49() throws Exception {
        List<String> heard = new CopyOnWriteArrayList<>();
        CompletableFuture<Throwable> outcome = runAside(
                backend(),
                script("trap 'sleep 2; echo cleaned; exit 5' TERM; echo begun; while :; do sleep 0.1; done"),
                RunOptions.defaults().to(line -> heard.add(line.text())));
        soon().until(() -> heard.contains("begun"));
        try (ComposeBackend other = RealDocker.open(project(), root())) {
            other.jobRuns().orElseThrow().cancel(onlyRun().id(), grace(30_000));
        }
        assertThat(onlyRun().state()).isEqualTo(JobState.CANCELLED);
        assertThat(onlyRun().exitCode()).hasValue(5);
        assertThat(outcome.get(30, TimeUnit.SECONDS))
                .hasMessageContaining("cancelled")
                .hasMessageEndingWith("cleaned");
        assertThat(heard).containsExactly("begun", "cleaned");
        assertThat(containers()).isEmpty();
    }

    @Test
    void a_run_is_ended_by_its_caller_when_who_cancels_it_died_before_he_did_anything_R49() throws Exception {
        List<String> heard = new CopyOnWriteArrayList<>();
        CompletableFuture<Throwable> outcome = runAside(
                backend(),
                script("trap '' TERM; echo begun; while :; do sleep 0.1; done"),
                RunOptions.defaults().to(line -> heard.add(line.text())));
        soon().until(() -> heard.contains("begun"));
        RunRecord record = store().record(store().places().get(0)).orElseThrow();
        store().write(record, RunEnding.cancelled(Duration.ofMillis(100)));
        assertThat(outcome.get(30, TimeUnit.SECONDS))
                .isInstanceOfSatisfying(
                        JobEndedException.class, e -> assertThat(e.state()).isEqualTo(JobState.CANCELLED));
        assertThat(containers()).isEmpty();
    }

    @Test
    void a_container_that_somebody_else_removes_ends_the_call_with_a_failure_R49() throws Exception {
        List<String> heard = new CopyOnWriteArrayList<>();
        CompletableFuture<Object> outcome = CompletableFuture.supplyAsync(() -> {
            try {
                return backend()
                        .run(
                                script("echo begun; while :; do sleep 0.1; done"),
                                RunOptions.defaults().to(line -> heard.add(line.text())));
            } catch (InterruptedException | RuntimeException e) {
                return e;
            }
        });
        soon().until(() -> heard.contains("begun"));
        engine().removeContainerCmd(containers().get(0)).withForce(true).exec();
        Object end = outcome.get(30, TimeUnit.SECONDS);
        if (end instanceof ExitStatus status) {
            assertThat(status.code()).isEqualTo(137);
            assertThat(onlyRun().state()).isEqualTo(JobState.FAILED);
        } else {
            assertThat(end)
                    .isInstanceOfSatisfying(
                            AngeeException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.FAILED));
            assertThat(onlyRun().state()).isEqualTo(JobState.LOST);
        }
    }

    @Test
    void a_backend_that_is_closed_lets_its_callers_go_and_its_jobs_run_R49() throws Exception {
        ComposeBackend closed = RealDocker.open(project(), root());
        List<String> heard = new CopyOnWriteArrayList<>();
        CompletableFuture<Throwable> outcome = runAside(
                closed,
                script("echo begun; while :; do sleep 0.1; done"),
                RunOptions.defaults().to(line -> heard.add(line.text())));
        soon().until(() -> heard.contains("begun"));
        closed.close();
        assertThat(outcome.get(10, TimeUnit.SECONDS))
                .isInstanceOfSatisfying(
                        AngeeException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.UNAVAILABLE))
                .hasMessageContaining(onlyRun().id());
        assertThat(onlyRun().state()).isEqualTo(JobState.RUNNING);
        runs().cancel(onlyRun().id(), grace(100));
        assertThat(onlyRun().state()).isEqualTo(JobState.CANCELLED);
        assertThat(containers()).isEmpty();
    }

    @Test
    @Timeout(value = 6, unit = TimeUnit.MINUTES)
    void a_job_writes_more_than_fits_the_heap_and_leaves_what_may_be_kept_R49() throws Exception {
        Process caller = caller(
                "docker", "yes 'a line of some thirty characters' | head -c 100000000; echo; echo the end", "-Xmx40m");
        assertThat(caller.waitFor(5, TimeUnit.MINUTES)).isTrue();
        assertThat(root().resolve("jvm.log")).content().doesNotContain("OutOfMemory");
        assertThat(onlyRun().state()).isEqualTo(JobState.SUCCEEDED);
        String output = runs().output(onlyRun().id());
        assertThat(output).endsWith("the end");
        assertThat(output.length()).isBetween(ExitStatus.OUTPUT_LIMIT - 100, ExitStatus.OUTPUT_LIMIT);
        assertThat(root().resolve("status")).content().contains("the end");
    }

    @Test
    void what_a_running_job_has_written_is_told_within_its_bound_whatever_its_lines_R49() throws Exception {
        for (String lines : List.of(
                "i=0; while [ $i -lt 3000 ]; do i=$((i+1)); echo; done",
                "head -c 200000 /dev/zero | tr '\\0' x; echo")) {
            CompletableFuture<String> id = new CompletableFuture<>();
            CompletableFuture<Throwable> outcome = runAside(
                    backend(),
                    script(lines + "; echo last; while :; do sleep 0.1; done"),
                    RunOptions.defaults().onStart(id::complete));
            String run = id.get(30, TimeUnit.SECONDS);
            soon().until(() -> runs().output(run).endsWith("last"));
            String output = runs().output(run);
            assertThat(output.length()).isBetween(3000, ExitStatus.OUTPUT_LIMIT);
            runs().cancel(run, grace(100));
            outcome.get(30, TimeUnit.SECONDS);
        }
    }

    @Test
    void a_job_that_writes_faster_than_its_listener_takes_is_killed_in_time_R49() throws Exception {
        RunOptions slow =
                RunOptions.defaults().within(Duration.ofSeconds(15)).to(line -> LockSupport.parkNanos(2_000_000));
        assertThatThrownBy(() -> backend().run(script("while :; do echo line; done"), slow))
                .isInstanceOfSatisfying(
                        JobEndedException.class, e -> assertThat(e.state()).isEqualTo(JobState.TIMED_OUT));
        assertThat(onlyRun().duration().orElseThrow()).isLessThan(Duration.ofMinutes(1));
    }

    @Test
    void what_the_listener_for_the_id_throws_ends_the_run_R49() {
        RunOptions options = RunOptions.defaults().onStart(id -> {
            throw new IllegalStateException("no room for " + id);
        });
        assertThatThrownBy(() ->
                        backend().run(Programs.job("j", new Program.Sleeps()).build(), options))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining(onlyRun().id());
        assertThat(onlyRun().state()).isEqualTo(JobState.CANCELLED);
        assertThat(containers()).isEmpty();
    }

    @Test
    void a_job_that_cannot_be_started_has_failed_R49() {
        Workload job = Workload.job("j", new Launch.Image("localhost:1/angee-missing:none"))
                .build();
        assertThatThrownBy(() -> backend().run(job, RunOptions.defaults())).hasMessageContaining("'j'");
        assertThat(onlyRun().state()).isEqualTo(JobState.FAILED);
        assertThat(onlyRun().reason()).contains("could not be started");
    }

    @Test
    void records_are_their_owners_only_and_a_damaged_one_keeps_nobody_from_the_others_R49() throws Exception {
        Workload job = Programs.job("j", new Program.Exits("x", 0)).build();
        String good = backend().run(job, RunOptions.defaults()).run().orElseThrow();
        String bad = backend().run(job, RunOptions.defaults()).run().orElseThrow();
        Path place = root().resolve("run/compose/jobs/j." + bad);
        try (Stream<Path> files = Files.walk(root().resolve("run/compose/jobs"))) {
            assertThat(files.toList())
                    .hasSizeGreaterThan(5)
                    .allSatisfy(file -> assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                            .isEqualTo(Files.isDirectory(file) ? "rwx------" : "rw-------"));
        }
        String record = Files.readString(place.resolve("record.json"));
        for (String file : List.of("result.json", "record.json")) {
            for (String damage :
                    List.of("{\"format\": 1", "{}", "{\"format\": 9}", "", "[]", "{\"format\":1,\"id\":7}")) {
                Files.writeString(place.resolve("record.json"), record);
                Files.writeString(place.resolve(file), damage);
                assertThat(run(bad).state()).as(file + damage).isEqualTo(JobState.LOST);
                assertThat(run(bad).reason()).contains(place.resolve(file).toString());
                assertThat(run(bad).job()).isEqualTo("j");
                assertThat(run(good).state()).isEqualTo(JobState.SUCCEEDED);
            }
        }
        assertThatThrownBy(() -> runs().cancel(bad, grace(1)))
                .isInstanceOfSatisfying(
                        AngeeException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.UNAVAILABLE))
                .hasMessageContaining(place.toString());
        backend().run(job, RunOptions.defaults());
        backend().down(SHORT);
        assertThat(runs().list()).isEmpty();
        assertThat(root().resolve("run/compose/jobs")).isEmptyDirectory();
    }

    @Test
    void what_has_ended_is_known_also_without_an_engine_and_what_has_not_is_unavailable_R49() throws Exception {
        String id = backend()
                .run(Programs.job("j", new Program.Exits("said", 3)).build(), RunOptions.defaults())
                .run()
                .orElseThrow();
        try (ComposeBackend lost = ComposeBackend.open(
                project(), root(), RealDocker.settings().dockerHost("unix://" + root() + "/nowhere.sock"))) {
            JobRuns seen = lost.jobRuns().orElseThrow();
            assertThat(seen.list()).isEqualTo(runs().list()).hasSize(1);
            assertThat(seen.output(id)).isEqualTo("said");
            Files.delete(root().resolve("run/compose/jobs/j." + id + "/result.json"));
            assertThatThrownBy(seen::list)
                    .isInstanceOfSatisfying(
                            AngeeException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.UNAVAILABLE));
            assertThatThrownBy(() ->
                            lost.run(Programs.job("k", new Program.Sleeps()).build(), RunOptions.defaults()))
                    .isInstanceOfSatisfying(
                            AngeeException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.UNAVAILABLE));
        }
        assertThat(runs().list()).as("nothing was begun").hasSize(1);
    }

    @Test
    void down_ends_an_orphan_and_another_stack_keeps_its_runs_R49() throws Exception {
        orphan("while :; do sleep 0.1; done");
        Path elsewhere = Files.createDirectory(root().resolve("other"));
        ProjectName name = ProjectName.of("it", elsewhere);
        try (ComposeBackend other = RealDocker.open(name, elsewhere)) {
            CompletableFuture<Throwable> outcome =
                    runAside(other, Programs.job("o", new Program.Sleeps()).build(), RunOptions.defaults());
            soon().until(() -> !other.jobRuns().orElseThrow().list().isEmpty());
            backend().down(SHORT);
            assertThat(containers()).isEmpty();
            assertThat(runs().list()).isEmpty();
            assertThat(other.jobRuns().orElseThrow().list())
                    .extracting(JobRun::state)
                    .containsExactly(JobState.RUNNING);
            other.down(SHORT);
            assertThat(outcome.get(30, TimeUnit.SECONDS)).isInstanceOf(JobEndedException.class);
        }
    }

    @Test
    void down_at_any_moment_of_a_start_leaves_no_container_and_no_record_R49() throws Exception {
        Random random = new Random(4711);
        for (int round = 0; round < 6; round++) {
            CompletableFuture<Throwable> outcome =
                    runAside(backend(), Programs.job("j", new Program.Sleeps()).build(), RunOptions.defaults());
            soon().until(() -> !runs().list().isEmpty());
            LockSupport.parkNanos(random.nextInt(600_000_000));
            backend().down(SHORT);
            assertThat(outcome.get(30, TimeUnit.SECONDS))
                    .as("round " + round)
                    .isInstanceOfSatisfying(
                            JobEndedException.class, e -> assertThat(e.state()).isEqualTo(JobState.CANCELLED));
            assertThat(runs().list()).isEmpty();
            assertThat(containers()).isEmpty();
        }
    }

    @Test
    void a_job_whose_log_cannot_be_read_is_told_how_it_ends_and_ends_in_time() throws Exception {
        Path deaf = program("case \"$*\" in *' run '*) sed 's/^    image: .*/&\\n    logging: {driver: none}/'"
                + " | docker \"$@\"; exit;; esac; exec docker \"$@\"");
        try (ComposeBackend backend =
                ComposeBackend.open(project(), root(), RealDocker.settings().program(deaf.toString()))) {
            ExitStatus ended = backend.run(script("echo unheard; sleep 1; exit 3"), RunOptions.defaults());
            assertThat(ended.code()).isEqualTo(3);
            assertThat(ended.output()).isEmpty();
            RunOptions hasty = RunOptions.defaults().within(Duration.ofSeconds(8));
            assertThatThrownBy(() -> backend.run(script("while :; do sleep 0.1; done"), hasty))
                    .isInstanceOfSatisfying(
                            JobEndedException.class, e -> assertThat(e.state()).isEqualTo(JobState.TIMED_OUT));
            CompletableFuture<String> id = new CompletableFuture<>();
            CompletableFuture<Throwable> outcome = runAside(
                    backend,
                    script("while :; do sleep 0.1; done"),
                    RunOptions.defaults().within(HOUR).onStart(id::complete));
            runs().cancel(id.get(30, TimeUnit.SECONDS), grace(100));
            assertThat(outcome.get(30, TimeUnit.SECONDS)).hasMessageContaining("was cancelled");
        }
        assertThat(containers()).isEmpty();
    }

    @Test
    void an_end_that_cannot_be_put_on_record_leaves_the_container_to_tell_it_later() throws Exception {
        CompletableFuture<Path> blocked = new CompletableFuture<>();
        RunOptions options = RunOptions.defaults().onStart(id -> {
            try {
                Path output = root().resolve("run/compose/jobs/j." + id + "/output");
                Files.createDirectories(output.resolve("in-the-way"));
                blocked.complete(output);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
        assertThatThrownBy(() -> backend().run(script("echo said; exit 3"), options))
                .isInstanceOf(AngeeException.class)
                .hasMessageContaining("output");
        assertThat(containers())
                .as("nobody knows how it ended but its container")
                .hasSize(1);
        Files.delete(blocked.get().resolve("in-the-way"));
        Files.delete(blocked.get());
        backend().up(plan(), UpOptions.defaults());
        assertThat(containers()).isEmpty();
        assertThat(onlyRun().exitCode()).hasValue(3);
        assertThat(runs().output(onlyRun().id())).isEqualTo("said");
    }

    @Test
    void a_run_is_known_while_its_image_is_fetched_and_down_ends_it_there() throws Exception {
        Path asked = root().resolve("asked");
        Path hangs =
                program("case \"$*\" in *' pull '*) touch " + asked + "; exec sleep 100;; esac; exec docker \"$@\"");
        Workload job = Workload.job("j", new Launch.Image("localhost:1/angee-missing:none"))
                .build();
        try (ComposeBackend slow =
                ComposeBackend.open(project(), root(), RealDocker.settings().program(hangs.toString()))) {
            CompletableFuture<Throwable> outcome = runAside(slow, job, RunOptions.defaults());
            soon().until(() -> Files.exists(asked));
            assertThat(onlyRun().state()).isEqualTo(JobState.RUNNING);
            backend().down(SHORT);
            assertThat(outcome.get(30, TimeUnit.SECONDS))
                    .isInstanceOfSatisfying(
                            JobEndedException.class, e -> assertThat(e.state()).isEqualTo(JobState.CANCELLED));
        }
        assertThat(runs().list()).isEmpty();
    }

    @Test
    void an_orphan_that_takes_its_time_to_end_does_not_take_it_from_up() throws Exception {
        Path patient = program("case \"$*\" in *' run '*) sed 's/^    image: .*/&\\n    stop_grace_period: 90s/'"
                + " | docker \"$@\"; exit;; esac; exec docker \"$@\"");
        orphan(patient.toString(), "trap '' TERM; while :; do sleep 0.1; done");
        RunRecord record = store().record(store().places().get(0)).orElseThrow();
        store().write(new RunRecord(
                record.id(), "j", record.startedAt(), record.startedAt(), record.successCodes(), record.container()));
        CompletableFuture<Void> up = CompletableFuture.runAsync(() -> {
            try {
                backend()
                        .up(
                                plan(Programs.service("web", new Program.Sleeps())),
                                UpOptions.defaults().within(Duration.ofSeconds(30)));
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        });
        up.get(45, TimeUnit.SECONDS);
        assertThat(onlyRun().state()).isEqualTo(JobState.RUNNING);
        engine().killContainerCmd(record.container().orElseThrow()).exec();
        soon().until(() -> onlyRun().state() == JobState.TIMED_OUT);
    }

    @Test
    void what_an_orphan_has_written_is_kept_without_the_secrets_that_the_next_caller_knows() throws Exception {
        JobRun running = orphan("trap 'echo canary-4711; exit 4' USR1; while :; do sleep 0.1; done");
        engine().killContainerCmd(containers().get(0)).withSignal("USR1").exec();
        soon().until(() -> onlyRun().state() != JobState.RUNNING);
        SecretName name = new SecretName("key");
        backend()
                .up(
                        plan(),
                        UpOptions.defaults().secrets(ResolvedSecrets.of(Map.of(name, SecretValue.of("canary-4711")))));
        assertThat(containers()).isEmpty();
        assertThat(runs().output(running.id())).isEqualTo("begun\n***");
    }

    @Test
    void a_run_that_is_forgotten_while_it_waits_for_its_turn_is_not_started_R49() throws Exception {
        Path asked = root().resolve("asked");
        Path spy = program("case \"$*\" in *' run '*) touch " + asked + ";; esac; exec docker \"$@\"");
        ComposeProject own = new ComposeProject(project(), root());
        try (ComposeBackend spied =
                ComposeBackend.open(project(), root(), RealDocker.settings().program(spy.toString()))) {
            CompletableFuture<Throwable> outcome;
            try (FileLocks.Held held = new ProjectLock(own).take("test", Deadline.after(Duration.ofMinutes(1)))) {
                outcome = runAside(spied, script("sleep 1000"), RunOptions.defaults());
                soon().until(() -> !runs().list().isEmpty());
                held.check();
                store().forget(store().places().get(0));
            }
            assertThat(outcome.get(30, TimeUnit.SECONDS))
                    .isInstanceOfSatisfying(
                            JobEndedException.class, e -> assertThat(e.state()).isEqualTo(JobState.CANCELLED));
        }
        assertThat(asked).doesNotExist();
        assertThat(containers()).isEmpty();
    }

    private Path program(String script) throws IOException {
        Path file = Files.writeString(root().resolve("docker"), "#!/bin/sh\n" + script + "\n");
        return Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwx------"));
    }
}
