package dev.angee.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.angee.AngeeException;
import dev.angee.ErrorCode;
import dev.angee.NotFoundException;
import dev.angee.operation.Progress;
import dev.angee.plan.Dependency;
import dev.angee.plan.ProjectName;
import dev.angee.plan.RuntimePlan;
import dev.angee.plan.Workload;
import dev.angee.plan.WorkloadBuilder;
import dev.angee.runtime.Backend;
import dev.angee.runtime.DownOptions;
import dev.angee.runtime.EventStream;
import dev.angee.runtime.ExitStatus;
import dev.angee.runtime.Feature;
import dev.angee.runtime.Health;
import dev.angee.runtime.JobEndedException;
import dev.angee.runtime.JobRun;
import dev.angee.runtime.JobRuns;
import dev.angee.runtime.JobState;
import dev.angee.runtime.LogLine;
import dev.angee.runtime.LogQuery;
import dev.angee.runtime.LogStream;
import dev.angee.runtime.RunOptions;
import dev.angee.runtime.RuntimeEvent;
import dev.angee.runtime.Selection;
import dev.angee.runtime.StartOptions;
import dev.angee.runtime.StopOptions;
import dev.angee.runtime.UpOptions;
import dev.angee.runtime.WorkloadState;
import dev.angee.runtime.WorkloadStatus;
import dev.angee.secret.ResolvedSecrets;
import dev.angee.secret.SecretName;
import dev.angee.secret.SecretValue;
import dev.angee.secret.Text;
import dev.angee.workload.Condition;
import dev.angee.workload.Lifecycle;
import dev.angee.workload.RestartPolicy;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.assertj.core.groups.Tuple;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What every {@link Backend} promises, one test per sentence of its documentation. */
@Timeout(value = 3, unit = TimeUnit.MINUTES)
public abstract class BackendContract {
    private static final Duration DEADLINE = Duration.ofSeconds(30);
    private static final StopOptions SHORT_GRACE = StopOptions.defaults().grace(Duration.ofSeconds(2));
    private static final StopOptions NO_GRACE = StopOptions.defaults().grace(Duration.ZERO);
    private static final DownOptions SHORT_DOWN = DownOptions.defaults().grace(Duration.ofSeconds(1));

    @TempDir
    protected Path folder;

    private final List<Backend> opened = new ArrayList<>();
    private final List<Path> roots = new ArrayList<>();
    private Path root;
    private Backend backend;

    /** Opens the backend under test for a root; called several times for one root. */
    protected abstract Backend open(ProjectName project, Path root);

    /** A service that runs the program. */
    protected abstract WorkloadBuilder service(String name, Program program);

    /** A job that runs the program. */
    protected abstract WorkloadBuilder job(String name, Program program);

    /** The same service, with a health check, tried about every 200 ms, that passes while the file exists. */
    protected abstract WorkloadBuilder healthyWhile(WorkloadBuilder service, Path flag);

    /** A service whose command does not exist. */
    protected abstract WorkloadBuilder broken(String name);

    @BeforeEach
    void openOne() throws IOException {
        root = newRoot("stack");
        backend = openAt(root);
    }

    @AfterEach
    void takeEverythingDown() throws InterruptedException {
        for (Path each : roots) {
            openAt(each).down(SHORT_DOWN);
        }
        opened.forEach(Backend::close);
    }

    @Test
    void describe_says_that_it_works_here() {
        assertThat(backend.describe().usable()).as(backend.describe().problem()).isTrue();
        assertThat(backend.describe().problem()).isEmpty();
        assertThat(backend.describe().name()).isNotBlank();
    }

    @Test
    void compile_gives_the_same_bytes_for_the_same_plan_and_others_for_another() {
        RuntimePlan plan = plan(service("a", new Program.Sleeps()));
        String first = backend.compile(plan).text();
        assertThat(backend.compile(plan).text()).isEqualTo(first).isNotEmpty();
        assertThat(backend.compile(plan(service("b", new Program.Sleeps()))).text())
                .isNotEqualTo(first);
        assertThat(backend.compile(plan()).isEmpty()).isTrue();
        assertThat(backend.status()).isEmpty();
    }

    @Test
    void status_is_empty_where_nothing_was_brought_up() {
        assertThat(backend.status()).isEmpty();
    }

    @Test
    void up_starts_every_selected_service_and_no_job() throws Exception {
        RuntimePlan plan = plan(
                service("a", new Program.Sleeps()),
                service("b", new Program.Sleeps()),
                service("c", new Program.Sleeps()),
                job("j", new Program.Exits("never", 0)));
        backend.up(plan, UpOptions.defaults().only(Selection.of("a", "b")));
        assertThat(states()).isEqualTo(Map.of("a", WorkloadState.RUNNING, "b", WorkloadState.RUNNING));
    }

    @Test
    void up_again_leaves_alone_what_runs_as_planned() throws Exception {
        RuntimePlan plan = plan(service("a", new Program.Sleeps()));
        backend.up(plan, UpOptions.defaults());
        String before = status("a").instance();
        backend.up(plan, UpOptions.defaults());
        assertThat(status("a").instance()).isEqualTo(before);
    }

    @Test
    void up_tells_of_each_service_that_it_starts_and_of_none_that_runs() throws Exception {
        RuntimePlan plan = plan(
                service("a", new Program.Sleeps()),
                service("b", new Program.Sleeps()).dependsOn(new Dependency("a", Condition.STARTED)));
        assertThat(startedBy(plan)).containsExactly("a", "b");
        assertThat(startedBy(plan)).isEmpty();
        backend.stop(Selection.of("b"), NO_GRACE);
        assertThat(startedBy(plan)).containsExactly("b");
    }

    private List<String> startedBy(RuntimePlan plan) throws InterruptedException {
        List<String> started = new ArrayList<>();
        Thread caller = Thread.currentThread();
        backend.up(plan, UpOptions.defaults().telling(progress -> {
            assertThat(Thread.currentThread()).isSameAs(caller);
            if (progress instanceof Progress.Starting starting) {
                started.add(starting.workload());
            }
        }));
        return started;
    }

    @Test
    void what_a_listener_throws_fails_the_up_and_another_one_converges() throws Exception {
        RuntimePlan plan = plan(service("a", new Program.Sleeps()));
        assertThatThrownBy(() -> backend.up(plan, UpOptions.defaults().telling(progress -> {
                    throw new IllegalStateException("heard enough");
                })))
                .hasMessage("heard enough");
        backend.up(plan, UpOptions.defaults());
        assertThat(states()).isEqualTo(Map.of("a", WorkloadState.RUNNING));
    }

    @Test
    void status_says_since_when_a_service_runs() throws Exception {
        Instant before = Instant.now().minusSeconds(1); // a clock of the kernel's may be coarser
        backend.up(plan(service("a", new Program.Sleeps())), UpOptions.defaults());
        assertThat(backend.status().get(0).startedAt())
                .hasValueSatisfying(
                        time -> assertThat(time).isBetween(before, Instant.now().plusSeconds(1)));
        assertThat(backend.status().get(0).outOfMemory()).isFalse();
    }

    @Test
    void up_replaces_what_is_planned_differently_and_removes_what_is_not_planned_R16() throws Exception {
        backend.up(
                plan(
                        service("a", new Program.Sleeps()),
                        service("b", new Program.Sleeps()),
                        service("c", new Program.Sleeps())),
                UpOptions.defaults());
        String a = status("a").instance();
        String b = status("b").instance();
        backend.up(
                plan(service("a", new Program.Sleeps()), service("b", new Program.Says("new"))), UpOptions.defaults());
        assertThat(states()).isEqualTo(Map.of("a", WorkloadState.RUNNING, "b", WorkloadState.RUNNING));
        assertThat(status("a").instance()).isEqualTo(a);
        assertThat(status("b").instance()).isNotEqualTo(b);
    }

    @Test
    void up_starts_again_what_has_ended() throws Exception {
        RuntimePlan plan = plan(service("a", new Program.Sleeps()));
        backend.up(plan, UpOptions.defaults());
        backend.stop(Selection.all(), SHORT_GRACE);
        backend.up(plan, UpOptions.defaults());
        assertThat(status("a").state()).isEqualTo(WorkloadState.RUNNING);
    }

    @Test
    void up_starts_a_dependent_only_when_its_dependency_is_healthy() throws Exception {
        Path flag = root.resolve("ready");
        RuntimePlan plan = plan(
                healthyWhile(service("db", new Program.Sleeps()), flag),
                service("web", new Program.Sleeps()).dependsOn(new Dependency("db", Condition.HEALTHY)));
        CompletableFuture<Void> up = CompletableFuture.runAsync(() -> upUnchecked(plan));
        await().atMost(DEADLINE).until(() -> states().get("db") == WorkloadState.RUNNING);
        assertThat(states().get("web")).isNotEqualTo(WorkloadState.RUNNING);
        Files.createFile(flag);
        up.get(DEADLINE.toSeconds(), TimeUnit.SECONDS);
        assertThat(status("db").health()).isEqualTo(Health.HEALTHY);
        assertThat(status("web").state()).isEqualTo(WorkloadState.RUNNING);
    }

    @Test
    void up_fails_and_names_the_workload_that_cannot_start() {
        assertThatThrownBy(() -> backend.up(plan(broken("bad")), UpOptions.defaults()))
                .isInstanceOfSatisfying(
                        AngeeException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.FAILED))
                .hasMessageContaining("bad");
    }

    @Test
    void a_service_that_ends_by_itself_is_exited_with_its_code() throws Exception {
        backend.up(plan(service("a", new Program.Exits("bye", 7))), UpOptions.defaults());
        await().atMost(DEADLINE).until(() -> status("a").state() == WorkloadState.EXITED);
        assertThat(status("a").exitCode()).hasValue(7);
        assertThat(lines(LogQuery.all())).contains("bye");
    }

    @Test
    void stop_ends_the_selected_service_only_and_keeps_it_known_R11() throws Exception {
        backend.up(plan(service("a", new Program.Sleeps()), service("b", new Program.Sleeps())), UpOptions.defaults());
        String b = status("b").instance();
        backend.stop(Selection.of("a"), SHORT_GRACE);
        assertThat(states()).isEqualTo(Map.of("a", WorkloadState.EXITED, "b", WorkloadState.RUNNING));
        assertThat(status("b").instance()).isEqualTo(b);
        backend.stop(Selection.of("a"), SHORT_GRACE);
        assertThat(states()).containsEntry("a", WorkloadState.EXITED);
    }

    private WorkloadBuilder restarted(String name, Program program, String policy) {
        assumeTrue(backend.describe().features().contains(Feature.RESTART), "restart policies are not offered");
        Lifecycle standard = Lifecycle.standard();
        return service(name, program)
                .lifecycle(new Lifecycle(
                        RestartPolicy.parse(policy).orElseThrow(),
                        standard.replicas(),
                        standard.successExitCodes(),
                        standard.stopSignal(),
                        standard.stopGrace(),
                        standard.onOwnerExit(),
                        standard.timeout(),
                        standard.profiles(),
                        standard.runOn(),
                        standard.logs()));
    }

    @Test
    void what_ends_is_restarting_and_counted_until_somebody_stops_it_R48() throws Exception {
        backend.up(plan(restarted("a", new Program.Exits("again", 3), "always")), UpOptions.defaults());
        await().atMost(DEADLINE).untilAsserted(() -> {
            WorkloadStatus seen = status("a");
            assertThat(seen.state()).isEqualTo(WorkloadState.RESTARTING);
            assertThat(seen.exitCode()).hasValue(3);
            assertThat(seen.restarts()).isPositive();
        });
        backend.stop(Selection.of("a"), SHORT_GRACE);
        await().during(Duration.ofSeconds(2))
                .atMost(DEADLINE)
                .until(() -> status("a").state() == WorkloadState.EXITED);
        assertThat(status("a").exitCode()).hasValue(3);
    }

    @Test
    void what_fails_too_often_has_ended_R48() throws Exception {
        backend.up(plan(restarted("a", new Program.Exits("again", 3), "on-failure:1")), UpOptions.defaults());
        await().atMost(DEADLINE).until(() -> status("a").state() == WorkloadState.EXITED);
        assertThat(status("a").restarts()).isEqualTo(1);
        assertThat(status("a").exitCode()).hasValue(3);
    }

    @Test
    void several_of_a_service_are_one_and_end_together_R48() throws Exception {
        assumeTrue(backend.describe().features().contains(Feature.REPLICAS), "replicas are not offered");
        RuntimePlan plan = plan(service("a", new Program.Says("hello"))
                .lifecycle(Lifecycle.standard().replicas(3)));
        backend.up(plan, UpOptions.defaults());
        assertThat(states()).isEqualTo(Map.of("a", WorkloadState.RUNNING));
        await().atMost(DEADLINE)
                .untilAsserted(() -> assertThat(lines(LogQuery.all())).containsExactly("hello", "hello", "hello"));
        String before = status("a").instance();
        backend.up(plan, UpOptions.defaults());
        assertThat(status("a").instance()).isEqualTo(before);
        backend.stop(Selection.of("a"), SHORT_GRACE);
        assertThat(states()).isEqualTo(Map.of("a", WorkloadState.EXITED));
        backend.start(Selection.of("a"), StartOptions.defaults());
        assertThat(states()).isEqualTo(Map.of("a", WorkloadState.RUNNING));
        backend.down(SHORT_DOWN);
        assertThat(backend.status()).isEmpty();
    }

    @Test
    void stop_kills_what_ignores_the_request_when_the_grace_is_over() throws Exception {
        backend.up(plan(service("a", new Program.Stubborn())), UpOptions.defaults());
        backend.stop(Selection.all(), StopOptions.defaults().grace(Duration.ofSeconds(1)));
        assertThat(status("a").state()).isEqualTo(WorkloadState.EXITED);
        assertThat(status("a").exitCode()).hasValue(137);
    }

    @Test
    void start_runs_a_stopped_service_again_and_leaves_a_running_one_alone() throws Exception {
        backend.up(plan(service("a", new Program.Sleeps()), service("b", new Program.Sleeps())), UpOptions.defaults());
        String a = status("a").instance();
        String b = status("b").instance();
        backend.stop(Selection.of("a"), SHORT_GRACE);
        backend.start(Selection.all(), StartOptions.defaults());
        assertThat(states()).isEqualTo(Map.of("a", WorkloadState.RUNNING, "b", WorkloadState.RUNNING));
        assertThat(status("a").instance()).isNotEqualTo(a);
        assertThat(status("b").instance()).isEqualTo(b);
    }

    @Test
    void an_unknown_name_is_not_found() throws Exception {
        backend.up(plan(service("a", new Program.Sleeps())), UpOptions.defaults());
        Selection unknown = Selection.of("nope");
        assertNotFound(() -> backend.stop(unknown, SHORT_GRACE));
        assertNotFound(() -> backend.start(unknown, StartOptions.defaults()));
        assertNotFound(() -> backend.up(
                plan(service("a", new Program.Sleeps())), UpOptions.defaults().only(unknown)));
        assertNotFound(() -> backend.logs(LogQuery.all().only(unknown)));
        assertThat(status("a").state()).isEqualTo(WorkloadState.RUNNING);
    }

    @Test
    void down_forgets_everything_also_what_another_instance_started_and_twice_is_no_error() throws Exception {
        backend.up(
                plan(service("a", new Program.Sleeps()), service("b", new Program.Stubborn())), UpOptions.defaults());
        Backend other = openAt(root);
        other.down(SHORT_DOWN);
        assertThat(other.status()).isEmpty();
        assertThat(backend.status()).isEmpty();
        other.down(SHORT_DOWN);
    }

    @Test
    void another_instance_on_the_same_root_sees_the_truth() throws Exception {
        backend.up(
                plan(service("a", new Program.Sleeps()), service("b", new Program.Exits("x", 3))),
                UpOptions.defaults());
        await().atMost(DEADLINE).until(() -> status("b").state() == WorkloadState.EXITED);
        Backend other = openAt(root);
        assertThat(other.status()).isEqualTo(backend.status());
        backend.stop(Selection.of("a"), SHORT_GRACE);
        assertThat(statesOf(other)).containsEntry("a", WorkloadState.EXITED);
    }

    @Test
    void closing_leaves_services_running() throws Exception {
        backend.up(plan(service("a", new Program.Sleeps())), UpOptions.defaults());
        String instance = status("a").instance();
        backend.close();
        List<WorkloadStatus> after = openAt(root).status();
        assertThat(after).extracting(WorkloadStatus::state).containsExactly(WorkloadState.RUNNING);
        assertThat(after).extracting(WorkloadStatus::instance).containsExactly(instance);
    }

    @Test
    void stacks_at_different_roots_do_not_see_each_other_R13() throws Exception {
        Path otherRoot = newRoot("other");
        Backend other = openAt(otherRoot);
        backend.up(plan(service("a", new Program.Sleeps())), UpOptions.defaults());
        other.up(planAt(otherRoot, service("b", new Program.Sleeps())), UpOptions.defaults());
        assertThat(states().keySet()).containsExactly("a");
        other.down(SHORT_DOWN);
        assertThat(states()).isEqualTo(Map.of("a", WorkloadState.RUNNING));
    }

    @Test
    void a_jobs_exit_code_and_output_are_its_result() throws Exception {
        Workload good = job("good", new Program.Exits("fine", 0)).build();
        Workload bad = job("bad", new Program.Exits("wrong", 3)).build();
        RuntimePlan plan = RuntimePlan.of(project(root), root, List.of(bad, good));
        backend.up(plan, UpOptions.defaults());
        List<String> heard = new ArrayList<>();
        ExitStatus ok = backend.run(good, RunOptions.defaults().to(line -> heard.add(line.text())));
        ExitStatus failed = backend.run(bad, RunOptions.defaults());
        assertThat(ok.code()).isZero();
        assertThat(ok.output()).contains("fine");
        assertThat(heard).contains("fine");
        assertThat(failed.code()).isEqualTo(3);
        assertThat(failed.output()).contains("wrong").doesNotContain("fine");
        assertThat(backend.status()).as("a job is no service").isEmpty();
    }

    @Test
    void a_job_that_takes_too_long_is_killed() {
        Workload slow = job("slow", new Program.Sleeps()).build();
        assertThatThrownBy(() -> backend.run(slow, RunOptions.defaults().within(Duration.ofSeconds(2))))
                .isInstanceOfSatisfying(JobEndedException.class, e -> {
                    assertThat(e.code()).isEqualTo(ErrorCode.FAILED);
                    assertThat(e.state()).isEqualTo(JobState.TIMED_OUT);
                    assertThat(e.run().isPresent()).isEqualTo(backend.jobRuns().isPresent());
                })
                .hasMessageContaining("slow");
    }

    @Test
    void a_job_has_succeeded_with_a_code_that_it_declares_and_with_no_other_R49() throws Exception {
        assumeTrue(backend.describe().features().contains(Feature.SUCCESS_EXIT_CODES), "not honoured here");
        WorkloadBuilder declares = job("odd", new Program.Exits("as told", 4)).lifecycle(succeedsWith(4));
        ExitStatus declared = backend.run(declares.build(), RunOptions.defaults());
        assertThat(declared.code()).isEqualTo(4);
        assertThat(declared.succeeded()).isTrue();
        WorkloadBuilder other = job("bad", new Program.Exits("wrong", 3)).lifecycle(succeedsWith(4));
        assertThat(backend.run(other.build(), RunOptions.defaults()).succeeded())
                .isFalse();
    }

    @Test
    void the_id_of_a_run_is_known_while_it_runs_and_is_in_what_its_caller_is_told_R49() throws Exception {
        JobRuns runs = jobRuns(backend);
        CompletableFuture<String> id = new CompletableFuture<>();
        Workload job = job("j", new Program.Sleeps()).build();
        CompletableFuture<Throwable> outcome = CompletableFuture.supplyAsync(
                () -> failureOf(job, RunOptions.defaults().onStart(id::complete)));
        String run = id.get(DEADLINE.toSeconds(), TimeUnit.SECONDS);
        assertThat(runs.list())
                .extracting(JobRun::id, JobRun::state)
                .containsExactly(Tuple.tuple(run, JobState.RUNNING));
        runs.cancel(run, SHORT_GRACE);
        assertThat(outcome.get(DEADLINE.toSeconds(), TimeUnit.SECONDS))
                .isInstanceOfSatisfying(JobEndedException.class, e -> {
                    assertThat(e.run()).hasValue(run);
                    assertThat(e.state()).isEqualTo(JobState.CANCELLED);
                });
    }

    @Test
    void the_runs_of_jobs_are_listed_with_their_ends_the_newest_first_R49() throws Exception {
        JobRuns runs = jobRuns(backend);
        assertThat(runs.list()).isEmpty();
        ExitStatus good = backend.run(job("good", new Program.Exits("fine", 0)).build(), RunOptions.defaults());
        backend.run(job("bad", new Program.Exits("wrong", 3)).build(), RunOptions.defaults());
        backend.run(
                job("odd", new Program.Exits("as told", 4))
                        .lifecycle(succeedsWith(4))
                        .build(),
                RunOptions.defaults());
        List<JobRun> all = jobRuns(openAt(root)).list();
        assertThat(all).isEqualTo(runs.list());
        assertThat(all).extracting(JobRun::job).containsExactly("odd", "bad", "good");
        assertThat(all)
                .extracting(JobRun::state)
                .containsExactly(JobState.SUCCEEDED, JobState.FAILED, JobState.SUCCEEDED);
        assertThat(all).extracting(run -> run.exitCode().orElseThrow()).containsExactly(4, 3, 0);
        assertThat(all).allMatch(run -> run.duration().isPresent());
        assertThat(all).extracting(JobRun::id).doesNotHaveDuplicates();
        assertThat(good.run()).hasValue(all.get(2).id());
        assertThat(runs.output(all.get(1).id())).contains("wrong").doesNotContain("fine");
    }

    @Test
    void a_run_whose_time_was_up_says_so_R49() {
        Workload slow = job("slow", new Program.Says("waiting")).build();
        JobRuns runs = jobRuns(backend);
        assertThatThrownBy(() -> backend.run(slow, RunOptions.defaults().within(Duration.ofSeconds(2))))
                .hasMessageContaining("slow");
        JobRun run = runs.list().get(0);
        assertThat(run.state()).isEqualTo(JobState.TIMED_OUT);
        assertThat(runs.output(run.id())).contains("waiting");
    }

    @Test
    void a_run_is_cancelled_by_another_instance_and_the_call_that_waits_for_it_says_so_R49() throws Exception {
        for (Program program : List.of(new Program.Sleeps(), new Program.Stubborn())) {
            CompletableFuture<Throwable> outcome = runAside(job("j", program).build());
            JobRuns others = jobRuns(openAt(root));
            String id = runningId(others);
            others.cancel(id, SHORT_GRACE);
            JobRun cancelled = others.list().get(0);
            assertThat(cancelled.id()).isEqualTo(id);
            assertThat(cancelled.state()).isEqualTo(JobState.CANCELLED);
            assertThat(outcome.get(DEADLINE.toSeconds(), TimeUnit.SECONDS))
                    .isInstanceOfSatisfying(
                            AngeeException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.FAILED))
                    .hasMessageContaining("'j'")
                    .hasMessageContaining("cancelled");
            others.cancel(id, NO_GRACE);
            assertThat(jobRuns(backend).list().get(0).state()).isEqualTo(JobState.CANCELLED);
        }
    }

    @Test
    void cancelling_what_has_ended_changes_nothing_and_what_is_not_known_is_not_found_R49() throws Exception {
        JobRuns runs = jobRuns(backend);
        backend.run(job("j", new Program.Exits("x", 3)).build(), RunOptions.defaults());
        List<JobRun> before = runs.list();
        runs.cancel(before.get(0).id(), NO_GRACE);
        assertThat(runs.list()).isEqualTo(before);
        for (String id : List.of("nope", "", "../nope", "nope/..", "nope\0", "*nope", "j.nope")) {
            assertThatThrownBy(() -> runs.cancel(id, NO_GRACE)).isInstanceOf(NotFoundException.class);
            assertThatThrownBy(() -> runs.output(id)).isInstanceOf(NotFoundException.class);
        }
    }

    @Test
    void two_runs_of_one_job_at_once_are_two_runs_R49() throws Exception {
        JobRuns runs = jobRuns(backend);
        Workload job = job("j", new Program.Sleeps()).build();
        CompletableFuture<Throwable> one = runAside(job);
        CompletableFuture<Throwable> two = runAside(job);
        await().atMost(DEADLINE).until(() -> running(runs).size() == 2);
        String id = runningId(runs);
        runs.cancel(id, SHORT_GRACE);
        CompletableFuture.anyOf(one, two).get(DEADLINE.toSeconds(), TimeUnit.SECONDS);
        assertThat(running(runs)).hasSize(1).doesNotContain(id);
        runs.cancel(runningId(runs), SHORT_GRACE);
        CompletableFuture.allOf(one, two).get(DEADLINE.toSeconds(), TimeUnit.SECONDS);
        assertThat(runs.list()).extracting(JobRun::state).containsExactly(JobState.CANCELLED, JobState.CANCELLED);
    }

    @Test
    void a_run_whose_caller_is_interrupted_is_cancelled_R49() throws Exception {
        JobRuns runs = jobRuns(backend);
        CompletableFuture<Throwable> outcome = new CompletableFuture<>();
        Workload job = job("j", new Program.Sleeps()).build();
        Thread caller = new Thread(() -> outcome.complete(failureOf(job)));
        caller.start();
        runningId(runs);
        caller.interrupt();
        assertThat(outcome.get(DEADLINE.toSeconds(), TimeUnit.SECONDS)).isInstanceOf(InterruptedException.class);
        assertThat(runs.list()).extracting(JobRun::state).containsExactly(JobState.CANCELLED);
    }

    @Test
    void down_ends_running_jobs_and_forgets_all_runs_R49() throws Exception {
        JobRuns runs = jobRuns(backend);
        backend.run(job("short", new Program.Exits("x", 0)).build(), RunOptions.defaults());
        CompletableFuture<Throwable> outcome =
                runAside(job("long", new Program.Sleeps()).build());
        runningId(runs);
        openAt(root).down(SHORT_DOWN);
        outcome.get(DEADLINE.toSeconds(), TimeUnit.SECONDS);
        assertThat(runs.list()).isEmpty();
    }

    @Test
    void the_last_runs_of_each_job_are_kept_and_no_more_R49() throws Exception {
        JobRuns runs = jobRuns(backend);
        backend.run(job("other", new Program.Exits("x", 0)).build(), RunOptions.defaults());
        Workload job = job("j", new Program.Exits("x", 0)).build();
        CompletableFuture<Throwable> running =
                runAside(job("j", new Program.Sleeps()).build());
        String oldest = runningId(runs);
        List<String> ids = new ArrayList<>();
        for (int i = 0; i < JobRuns.KEPT + 1; i++) {
            ids.add(0, backend.run(job, RunOptions.defaults()).run().orElseThrow());
        }
        List<String> kept = new ArrayList<>(ids.subList(0, JobRuns.KEPT));
        kept.add(oldest);
        assertThat(runs.list().stream().filter(run -> run.job().equals("j")).map(JobRun::id))
                .as("the newest, and the oldest as it still runs")
                .isEqualTo(kept);
        assertThat(runs.list().stream().filter(run -> run.job().equals("other")))
                .hasSize(1);
        runs.cancel(oldest, SHORT_GRACE);
        running.get(DEADLINE.toSeconds(), TimeUnit.SECONDS);
    }

    /** Skips the test where no records are kept. */
    private static JobRuns jobRuns(Backend one) {
        Optional<JobRuns> runs = one.jobRuns();
        assumeTrue(runs.isPresent(), "this backend keeps no records of jobs");
        return runs.orElseThrow();
    }

    private static List<String> running(JobRuns runs) {
        return runs.list().stream()
                .filter(run -> run.state() == JobState.RUNNING)
                .map(JobRun::id)
                .toList();
    }

    private static String runningId(JobRuns runs) {
        return await("a running job")
                .atMost(DEADLINE)
                .until(() -> running(runs), ids -> !ids.isEmpty())
                .get(0);
    }

    private CompletableFuture<Throwable> runAside(Workload job) {
        return CompletableFuture.supplyAsync(() -> failureOf(job));
    }

    /** What running it failed with, or an error that holds its exit code. */
    private Throwable failureOf(Workload job) {
        return failureOf(job, RunOptions.defaults());
    }

    private Throwable failureOf(Workload job, RunOptions options) {
        try {
            return new AssertionError("it ended: " + backend.run(job, options));
        } catch (InterruptedException | RuntimeException e) {
            return e;
        }
    }

    private static Lifecycle succeedsWith(int code) {
        Lifecycle plain = Lifecycle.standard();
        return new Lifecycle(
                plain.restart(),
                plain.replicas(),
                Set.of(code),
                plain.stopSignal(),
                plain.stopGrace(),
                plain.onOwnerExit(),
                plain.timeout(),
                plain.profiles(),
                plain.runOn(),
                plain.logs());
    }

    @Test
    void health_follows_what_the_check_finds() throws Exception {
        Path flag = root.resolve("well");
        backend.up(plan(healthyWhile(service("a", new Program.Sleeps()), flag)), UpOptions.defaults());
        assertThat(status("a").health()).isNotEqualTo(Health.HEALTHY);
        Files.createFile(flag);
        await().atMost(DEADLINE).until(() -> status("a").health() == Health.HEALTHY);
        Files.delete(flag);
        await().atMost(DEADLINE).until(() -> status("a").health() == Health.UNHEALTHY);
        backend.stop(Selection.all(), SHORT_GRACE);
        assertThat(status("a").health()).isEqualTo(Health.NONE);
    }

    @Test
    void logs_keep_what_was_written_and_tail_gives_the_last_lines() throws Exception {
        backend.up(
                plan(service("a", new Program.Ticks()), service("b", new Program.Says("hello"))), UpOptions.defaults());
        await().atMost(DEADLINE).until(() -> lines(LogQuery.all()).contains("tick 3"));
        await().atMost(DEADLINE).until(() -> lines(LogQuery.all()).contains("hello"));
        assertThat(lines(LogQuery.all().only(Selection.of("a")))).startsWith("tick 1", "tick 2", "tick 3");
        assertThat(lines(LogQuery.all().only(Selection.of("b")))).containsExactly("hello");
        backend.stop(Selection.all(), SHORT_GRACE);
        List<String> all = lines(LogQuery.all().only(Selection.of("a")));
        List<String> tail = lines(LogQuery.all().only(Selection.of("a")).tail(2));
        assertThat(tail).isEqualTo(all.subList(all.size() - 2, all.size()));
    }

    @Test
    void a_followed_log_brings_later_lines() throws Exception {
        backend.up(plan(service("a", new Program.Ticks())), UpOptions.defaults());
        try (LogStream logs = backend.logs(LogQuery.all().tail(0).following())) {
            int first = tickOf(logs.next());
            assertThat(tickOf(logs.next())).isEqualTo(first + 1);
            assertThat(tickOf(logs.next())).isEqualTo(first + 2);
        }
    }

    @Test
    void closing_a_log_from_another_thread_ends_a_waiting_reader() throws Exception {
        backend.up(plan(service("a", new Program.Sleeps())), UpOptions.defaults());
        LogStream logs = backend.logs(LogQuery.all().following());
        CompletableFuture<Optional<LogLine>> waiting = CompletableFuture.supplyAsync(() -> nextUnchecked(logs));
        assertThat(waiting).isNotDone();
        logs.close();
        logs.close();
        assertThat(waiting.get(DEADLINE.toSeconds(), TimeUnit.SECONDS)).isEmpty();
    }

    @Test
    void events_tell_of_a_service_that_ends() throws Exception {
        backend.up(plan(service("a", new Program.Sleeps())), UpOptions.defaults());
        try (EventStream events = backend.events()) {
            backend.stop(Selection.of("a"), SHORT_GRACE);
            await().atMost(DEADLINE)
                    .until(
                            () -> events.poll(Duration.ofSeconds(1)),
                            event -> event.filter(e -> e.workload().equals("a") && e.state() == WorkloadState.EXITED)
                                    .isPresent());
        }
    }

    @Test
    void the_event_of_a_death_has_the_exit_code_R44() throws Exception {
        try (EventStream events = backend.events()) {
            backend.up(plan(service("a", new Program.Exits("bye", 7))), UpOptions.defaults());
            await().atMost(DEADLINE)
                    .until(
                            () -> events.poll(Duration.ofSeconds(1)),
                            event -> event.filter(e -> e.workload().equals("a") && e.state() == WorkloadState.EXITED)
                                    .filter(e -> e.exitCode().equals(OptionalInt.of(7)))
                                    .isPresent());
        }
    }

    @Test
    void events_tell_of_a_service_that_becomes_healthy_and_close_ends_a_waiting_reader() throws Exception {
        Path flag = root.resolve("well");
        backend.up(plan(healthyWhile(service("a", new Program.Sleeps()), flag)), UpOptions.defaults());
        EventStream events = backend.events();
        Files.createFile(flag);
        await().atMost(DEADLINE)
                .until(
                        () -> events.poll(Duration.ofSeconds(1)),
                        event -> event.map(RuntimeEvent::health)
                                .filter(h -> h == Health.HEALTHY)
                                .isPresent());
        events.close();
        events.close();
        assertThat(events.poll(Duration.ofMinutes(1))).isEmpty();
    }

    @Test
    void closing_the_backend_tells_the_readers_of_its_streams() throws Exception {
        backend.up(plan(service("a", new Program.Sleeps())), UpOptions.defaults());
        EventStream events = backend.events();
        LogStream logs = backend.logs(LogQuery.all().tail(0).following());
        CompletableFuture<Optional<LogLine>> waiting = CompletableFuture.supplyAsync(() -> nextUnchecked(logs));
        backend.close();
        assertThatThrownBy(() -> waiting.get(DEADLINE.toSeconds(), TimeUnit.SECONDS))
                .hasCauseInstanceOf(AngeeException.class)
                .hasMessageContaining("closed");
        for (int again = 0; again < 2; again++) {
            assertThatThrownBy(() -> {
                        while (events.poll(DEADLINE).isPresent()) {
                            Thread.onSpinWait(); // what had come by then
                        }
                    })
                    .isInstanceOfSatisfying(
                            AngeeException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.UNAVAILABLE));
        }
        logs.close();
        events.close();
        assertThat(logs.next()).isEmpty();
        assertThat(events.poll(Duration.ofMinutes(1))).isEmpty();
    }

    protected final ProjectName project(Path at) {
        return ProjectName.of("contract", at);
    }

    protected final Path root() {
        return root;
    }

    protected final Backend backend() {
        return backend;
    }

    @Test
    void a_secret_reaches_the_service_that_names_it_and_no_generated_file() throws InterruptedException {
        SecretName name = new SecretName("db-password");
        String value = "canary-4711 $HOME '\" #";
        WorkloadBuilder service = service("a", new Program.Prints("PASSWORD"))
                .variables(
                        Map.of("PASSWORD", Text.of("<").plus(Text.secret(name)).plus(Text.of(">"))));
        ResolvedSecrets secrets = ResolvedSecrets.of(Map.of(name, SecretValue.of(value)));
        RuntimePlan plan = plan(service);

        backend.up(plan, UpOptions.defaults().secrets(secrets));

        await().atMost(DEADLINE).until(() -> lines(LogQuery.all()).contains("<" + value + ">"));
        assertThat(backend.compile(plan).text()).doesNotContain("4711");

        backend.stop(Selection.all(), SHORT_GRACE);
        backend.start(Selection.all(), StartOptions.defaults().secrets(secrets));
        await().atMost(DEADLINE)
                .until(() -> lines(LogQuery.all()).stream()
                                .filter(("<" + value + ">")::equals)
                                .count()
                        == 2);
    }

    @Test
    void a_service_whose_secret_has_no_value_does_not_start() {
        WorkloadBuilder service = service("a", new Program.Sleeps())
                .variables(Map.of("PASSWORD", Text.secret(new SecretName("db-password"))));
        assertThatThrownBy(() -> backend.up(plan(service), UpOptions.defaults()))
                .isInstanceOf(AngeeException.class)
                .hasMessageContaining("db-password");
        assertThat(states()).doesNotContainEntry("a", WorkloadState.RUNNING);
    }

    @Test
    void a_job_gets_its_secrets_too() throws InterruptedException {
        SecretName name = new SecretName("db-password");
        WorkloadBuilder job = job("j", new Program.Exits("done", 0)).variables(Map.of("PASSWORD", Text.secret(name)));
        ResolvedSecrets secrets = ResolvedSecrets.of(Map.of(name, SecretValue.of("canary-4711")));
        assertThat(backend.run(job.build(), RunOptions.defaults().secrets(secrets))
                        .succeeded())
                .isTrue();
        assertThatThrownBy(() -> backend.run(job.build(), RunOptions.defaults()))
                .isInstanceOf(AngeeException.class)
                .hasMessageContaining("db-password");
    }

    protected final RuntimePlan plan(WorkloadBuilder... workloads) {
        return planAt(root, workloads);
    }

    protected final WorkloadStatus status(String name) {
        return backend.status().stream()
                .filter(s -> s.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new AssertionError("no status for " + name + ": " + backend.status()));
    }

    private RuntimePlan planAt(Path at, WorkloadBuilder... workloads) {
        return RuntimePlan.of(
                project(at),
                at,
                java.util.Arrays.stream(workloads).map(WorkloadBuilder::build).toList());
    }

    private Path newRoot(String name) throws IOException {
        Path made = Files.createDirectories(folder.toRealPath().resolve(name));
        roots.add(made);
        return made;
    }

    private Backend openAt(Path at) {
        Backend made = open(project(at), at);
        opened.add(made);
        return made;
    }

    private Map<String, WorkloadState> states() {
        return statesOf(backend);
    }

    private static Map<String, WorkloadState> statesOf(Backend one) {
        return one.status().stream().collect(Collectors.toMap(WorkloadStatus::name, WorkloadStatus::state));
    }

    private List<String> lines(LogQuery query) throws InterruptedException {
        List<String> lines = new ArrayList<>();
        try (LogStream logs = backend.logs(query)) {
            for (Optional<LogLine> line = logs.next(); line.isPresent(); line = logs.next()) {
                lines.add(line.get().text());
            }
        }
        return lines;
    }

    private void upUnchecked(RuntimePlan plan) {
        try {
            backend.up(plan, UpOptions.defaults());
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Optional<LogLine> nextUnchecked(LogStream logs) {
        try {
            return logs.next();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static int tickOf(Optional<LogLine> line) {
        return Integer.parseInt(line.orElseThrow().text().substring("tick ".length()));
    }

    private static void assertNotFound(org.assertj.core.api.ThrowableAssert.ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        AngeeException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.NOT_FOUND))
                .hasMessageContaining("nope");
    }
}
