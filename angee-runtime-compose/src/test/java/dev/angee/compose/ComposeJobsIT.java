package dev.angee.compose;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.angee.AngeeException;
import dev.angee.ErrorCode;
import dev.angee.contract.Program;
import dev.angee.plan.Launch;
import dev.angee.plan.PlannedMount;
import dev.angee.plan.Workload;
import dev.angee.plan.WorkloadBuilder;
import dev.angee.runtime.ExitStatus;
import dev.angee.runtime.JobEndedException;
import dev.angee.runtime.JobState;
import dev.angee.runtime.RunOptions;
import dev.angee.runtime.UpOptions;
import dev.angee.secret.ResolvedSecrets;
import dev.angee.secret.SecretName;
import dev.angee.secret.SecretValue;
import dev.angee.secret.Text;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Jobs of Compose, beyond what every backend promises. */
class ComposeJobsIT extends OneStack {
    @Test
    void a_job_runs_without_any_up_and_leaves_no_container() throws Exception {
        ExitStatus status = backend().run(script("echo out; echo err >&2; exit 5"), RunOptions.defaults());
        assertThat(status.code()).isEqualTo(5);
        assertThat(status.output().lines()).containsExactlyInAnyOrder("out", "err");
        assertThat(status.duration()).isBetween(Duration.ZERO, Duration.ofSeconds(30));
        assertThat(containers()).isEmpty();
    }

    @Test
    void a_command_that_is_not_there_is_127_and_one_that_is_no_program_126() throws Exception {
        assertThat(backend()
                        .run(command("no-such-program"), RunOptions.defaults())
                        .code())
                .isEqualTo(127);
        assertThat(backend().run(command("/etc/passwd"), RunOptions.defaults()).code())
                .isEqualTo(126);
    }

    @Test
    void an_exit_code_that_compose_uses_itself_is_still_the_jobs() throws Exception {
        for (int code : new int[] {1, 18, 125, 130}) {
            assertThat(backend()
                            .run(script("exit " + code), RunOptions.defaults())
                            .code())
                    .isEqualTo(code);
        }
    }

    @Test
    void a_missing_image_is_a_failure_that_names_the_job() {
        Workload job = Workload.job("j", new Launch.Image("localhost:1/angee-missing:none"))
                .build();
        assertThatThrownBy(() -> backend().run(job, RunOptions.defaults()))
                .isInstanceOfSatisfying(
                        AngeeException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.FAILED))
                .hasMessageContaining("job 'j'")
                .hasMessageContaining("cannot be pulled");
    }

    @Test
    void a_job_that_reads_its_input_finds_it_empty() throws Exception {
        assertThat(backend().run(script("cat; echo end"), RunOptions.defaults()).output())
                .isEqualTo("end");
    }

    @Test
    void lines_arrive_while_the_job_runs_and_the_end_of_a_long_output_is_kept() throws Exception {
        BlockingQueue<String> heard = new LinkedBlockingQueue<>();
        CompletableFuture<ExitStatus> run = running(
                script("echo first; until [ -f /tmp/go ]; do sleep 0.1; done"),
                RunOptions.defaults().to(line -> heard.add(line.text())));
        assertThat(heard.poll(30, TimeUnit.SECONDS)).isEqualTo("first");
        assertThat(run).isNotDone();
        engine().killContainerCmd(containers().get(0)).exec();
        assertThat(run.get(30, TimeUnit.SECONDS).code()).isEqualTo(137);

        ExitStatus status = backend()
                .run(script("i=0; while [ $i -lt 20000 ]; do i=$((i+1)); echo line $i; done"), RunOptions.defaults());
        assertThat(status.output()).endsWith("\nline 20000").hasSizeLessThanOrEqualTo(ExitStatus.OUTPUT_LIMIT);
    }

    @Test
    void a_job_that_takes_too_long_leaves_no_container() {
        Workload job = Programs.job("slow", new Program.Stubborn()).build();
        assertThatThrownBy(() -> backend().run(job, RunOptions.defaults().within(Duration.ofSeconds(3))))
                .hasMessageContaining("'slow' was killed")
                .hasMessageContaining("3 s");
        assertThat(containers()).isEmpty();
    }

    @Test
    void an_interrupt_kills_the_job() throws Exception {
        BlockingQueue<String> heard = new LinkedBlockingQueue<>();
        AtomicReference<Throwable> outcome = new AtomicReference<>();
        Thread run = new Thread(() -> {
            try {
                backend()
                        .run(
                                Programs.job("j", new Program.Says("here")).build(),
                                RunOptions.defaults().to(line -> heard.add(line.text())));
            } catch (InterruptedException | RuntimeException e) {
                outcome.set(e);
            }
        });
        run.start();
        assertThat(heard.poll(30, TimeUnit.SECONDS)).isEqualTo("here");
        run.interrupt();
        run.join(TimeUnit.SECONDS.toMillis(20));
        assertThat(outcome.get()).isInstanceOf(InterruptedException.class);
        assertThat(containers()).isEmpty();
    }

    @Test
    void a_container_that_the_engine_makes_after_the_interrupt_is_removed_too() throws Exception {
        Path asked = root().resolve("asked");
        Path late = docker("case \"$*\" in *' run '*) cat > /dev/null;;  *) exec docker \"$@\";; esac\n"
                + "while [ \"$1\" != --name ]; do shift; done\n"
                + "(setsid sh -c 'sleep 0.3; exec docker create --name \"$0\" --label \"$1\" \"$2\"' \"$2\" "
                + ProjectContainer.PROJECT_LABEL + "=" + project() + " " + RealDocker.IMAGE + " >/dev/null 2>&1 &)\n"
                + "touch " + asked + "; exec sleep 1000");
        AtomicReference<Throwable> outcome = new AtomicReference<>();
        try (ComposeBackend slow =
                ComposeBackend.open(project(), root(), RealDocker.settings().program(late.toString()))) {
            Thread run = new Thread(() -> {
                try {
                    slow.run(Programs.job("j", new Program.Sleeps()).build(), RunOptions.defaults());
                } catch (InterruptedException | RuntimeException e) {
                    outcome.set(e);
                }
            });
            run.start();
            soon().until(() -> Files.exists(asked));
            run.interrupt();
            run.join(TimeUnit.SECONDS.toMillis(20));
        }
        assertThat(outcome.get()).isInstanceOf(InterruptedException.class);
        soon().during(Duration.ofSeconds(2))
                .untilAsserted(() -> assertThat(containers()).isEmpty());
    }

    @Test
    void a_listener_that_throws_ends_the_job() {
        Workload job = Programs.job("j", new Program.Says("here")).build();
        RunOptions options = RunOptions.defaults().to(line -> {
            throw new IllegalStateException("not now");
        });
        assertThatThrownBy(() -> backend().run(job, options)).hasMessage("not now");
        assertThat(containers()).isEmpty();
    }

    @Test
    void down_ends_a_running_job_and_up_does_not() throws Exception {
        BlockingQueue<String> heard = new LinkedBlockingQueue<>();
        CompletableFuture<ExitStatus> run = running(
                Programs.job("j", new Program.Says("here")).build(),
                RunOptions.defaults().to(line -> heard.add(line.text())));
        assertThat(heard.poll(30, TimeUnit.SECONDS)).isEqualTo("here");
        assertThat(backend().status()).as("a job is no service").isEmpty();
        backend().up(plan(Programs.service("a", new Program.Sleeps())), UpOptions.defaults());
        backend().up(plan(), UpOptions.defaults());
        assertThat(run).isNotDone();
        backend().down(SHORT);
        assertThat(run.handle((status, failure) -> failure.getCause()).get(30, TimeUnit.SECONDS))
                .isInstanceOfSatisfying(
                        JobEndedException.class, e -> assertThat(e.state()).isEqualTo(JobState.CANCELLED));
    }

    @Test
    void a_job_reaches_the_services_of_its_stack_by_name() throws Exception {
        List<String> serve = Programs.shell("while :; do echo hello | nc -l -p 80; done");
        backend().up(plan(Workload.service("web", Programs.IMAGE).command(serve)), UpOptions.defaults());
        String ask = "until timeout 5 nc web 80 </dev/null; do sleep 0.1; done";
        assertThat(backend().run(script(ask), RunOptions.defaults()).output()).contains("hello");
    }

    @Test
    void a_job_has_its_mounts_and_its_folder_and_no_more_R10() throws Exception {
        Path data = Files.createDirectory(root().resolve("data"));
        Path shared = Files.createDirectory(root().resolve("shared"));
        Files.writeString(data.resolve("in"), "from the host");
        String script = "pwd; cat in; echo; echo made > out; touch /shared/x || echo refused";
        Workload job = Workload.job("j", Programs.IMAGE)
                .command(Programs.shell(script))
                .mount(new PlannedMount.Bind(data, "/data", false))
                .mount(new PlannedMount.Bind(shared, "/shared", true))
                .workdir("/data")
                .build();
        ExitStatus status = backend().run(job, RunOptions.defaults());
        assertThat(status.output().lines()).contains("/data", "from the host", "refused");
        assertThat(data.resolve("out")).hasContent("made");
        assertThat(shared).isEmptyDirectory();
    }

    @Test
    void a_job_keeps_what_it_writes_to_a_volume_for_the_next_one_R10() throws Exception {
        WorkloadBuilder writes = Workload.job("w", Programs.IMAGE).command(Programs.shell("echo kept > /v/file"));
        WorkloadBuilder reads = Workload.job("r", Programs.IMAGE).command(Programs.shell("cat /v/file"));
        PlannedMount volume = new PlannedMount.Volume("v", "/v", false);
        backend().run(writes.mount(volume).build(), RunOptions.defaults());
        assertThat(backend()
                        .run(reads.mount(volume).build(), RunOptions.defaults())
                        .output())
                .isEqualTo("kept");
        engine().removeVolumeCmd(project() + "_v").exec();
    }

    @Test
    void a_job_is_built_when_it_is_run_R10() throws Exception {
        Path context = Files.createDirectory(root().resolve("ctx"));
        Files.writeString(context.resolve("Dockerfile"), "FROM " + RealDocker.IMAGE + "\nCOPY said /said\n");
        Files.writeString(context.resolve("said"), "built");
        Launch built = new Launch.Build(Optional.empty(), context, Optional.empty(), Optional.empty(), Map.of());
        Workload job = Workload.job("j", built).command(List.of("cat", "/said")).build();
        try {
            assertThat(backend().run(job, RunOptions.defaults()).output()).isEqualTo("built");
        } finally {
            engine().removeImageCmd(project() + "-j").withForce(true).exec();
        }
    }

    @Test
    void no_secret_of_a_job_is_among_the_words_of_a_command_nor_in_a_file_but_in_the_job_R10() throws Exception {
        Path words = root().resolve("words");
        Path program = docker("tr '\\0' ' ' < /proc/$$/cmdline >> " + words + "\nexec docker \"$@\"");
        Workload job = Workload.job("j", Programs.IMAGE)
                .command(Programs.shell("echo \"key $KEY\""))
                .variables(Map.of("KEY", Text.secret(new SecretName("key"))))
                .build();
        ResolvedSecrets secrets = ResolvedSecrets.of(Map.of(new SecretName("key"), SecretValue.of("canary-7f3a")));
        try (ComposeBackend spied =
                ComposeBackend.open(project(), root(), RealDocker.settings().program(program.toString()))) {
            ExitStatus status = spied.run(job, RunOptions.defaults().secrets(secrets));
            assertThat(status.output()).isEqualTo("key canary-7f3a");
            assertThat(spied.jobRuns().orElseThrow().output(status.run().orElseThrow()))
                    .isEqualTo("key ***");
        }
        assertThat(words).content().contains(" run ").doesNotContain("canary");
        try (Stream<Path> files = Files.walk(root())) {
            assertThat(files.filter(Files::isRegularFile))
                    .isNotEmpty()
                    .allSatisfy(file -> assertThat(file).content().doesNotContain("canary"));
        }
    }

    private static Workload script(String script) {
        return Workload.job("j", Programs.IMAGE).command(Programs.shell(script)).build();
    }

    private static Workload command(String program) {
        return Workload.job("j", Programs.IMAGE).command(List.of(program)).build();
    }

    private CompletableFuture<ExitStatus> running(Workload job, RunOptions options) {
        return CompletableFuture.supplyAsync(() -> {
            try {
                return backend().run(job, options);
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        });
    }

    /** Stands in for the docker program. */
    private Path docker(String script) throws IOException {
        Path file = Files.writeString(root().resolve("docker"), "#!/bin/sh\n" + script + "\n");
        return Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwx------"));
    }

    private List<String> containers() {
        List<String> ids = new ArrayList<>();
        engine().listContainersCmd()
                .withShowAll(true)
                .withLabelFilter(
                        Map.of(ProjectContainer.PROJECT_LABEL, project().value()))
                .exec()
                .forEach(c -> ids.add(c.getId()));
        return ids;
    }
}
