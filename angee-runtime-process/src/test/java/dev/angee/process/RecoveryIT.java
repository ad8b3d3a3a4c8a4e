package dev.angee.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.angee.AngeeException;
import dev.angee.ConflictException;
import dev.angee.ErrorCode;
import dev.angee.internal.FileLocks;
import dev.angee.internal.FileTree;
import dev.angee.internal.JsonFile;
import dev.angee.plan.Launch;
import dev.angee.plan.ProjectName;
import dev.angee.plan.RuntimePlan;
import dev.angee.plan.Workload;
import dev.angee.plan.WorkloadBuilder;
import dev.angee.runtime.Backend;
import dev.angee.runtime.RunOptions;
import dev.angee.runtime.Selection;
import dev.angee.runtime.UpOptions;
import dev.angee.runtime.WorkloadState;
import dev.angee.runtime.WorkloadStatus;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What was started is found again, whoever started it and however that one died. */
@Timeout(value = 2, unit = TimeUnit.MINUTES)
class RecoveryIT extends LocalStack {

    /** A program that brings two services up, starts a job, and waits to be killed. */
    static final class Owner {
        private Owner() {}

        /** Argument: the root. */
        public static void main(String[] arguments) throws Exception {
            Path root = Path.of(arguments[0]);
            ProjectName project = ProjectName.of("test", root);
            Launch host = new Launch.HostProcess();
            Workload a = Workload.service("a", host)
                    .command(List.of("sh", "-c", "echo $$ >a; echo hello; exec sleep 1000"))
                    .build();
            Workload b = Workload.service("b", host)
                    .command(List.of("sh", "-c", "echo $$ >b; exec sleep 1000"))
                    .build();
            Workload job = Workload.job("j", host)
                    .command(List.of("sh", "-c", "echo $$ >job; exec sleep 1000"))
                    .build();
            Backend backend = new ProcessBackendProvider().open(project, root);
            backend.up(RuntimePlan.of(project, root, List.of(a, b, job)), UpOptions.defaults());
            backend.run(job, RunOptions.defaults());
        }
    }

    @Test
    void services_outlive_the_kill_of_the_jvm_that_started_them_and_another_takes_them_over() throws Exception {
        Process owner = jvm(Owner.class, List.of(), root.toString()).start();
        long job;
        List<WorkloadStatus> before;
        try {
            job = pid("job");
            before = backend.status();
        } finally {
            owner.destroyForcibly().waitFor();
        }
        assertThat(before).extracting(WorkloadStatus::state).containsOnly(WorkloadState.RUNNING);
        assertThat(open().status())
                .usingRecursiveFieldByFieldElementComparatorIgnoringFields("reason") // nobody may supervise yet
                .hasSize(2)
                .isEqualTo(before);
        assertThat(lines(dev.angee.runtime.LogQuery.all())).containsExactly("hello");
        backend.stop(Selection.of("b"), STOP);
        assertThat(status("b").exitCode()).as("known without being its parent").hasValue(143);
        long a = pid("a");
        assertThat(List.of(a, job)).allMatch(LocalStack::isAlive);
        backend.down(DOWN);
        assertThat(List.of(a, job)).noneMatch(LocalStack::isAlive);
        assertThat(leftovers()).isEmpty();
    }

    @Test
    void a_process_whose_starter_died_before_it_could_record_it_is_found_by_its_marker() throws Exception {
        up(service("a", "sleep", "1000"));
        WorkloadStatus before = status("a");
        ProcessRecord record = record("a");
        store().write(ProcessRecord.intent(record.workload(), record.marker(), record.startedAt()));
        assertThat(open().status()).containsExactly(before);
        open().up(plan(service("a", "sleep", "1000")), UpOptions.defaults());
        assertThat(status("a")).isEqualTo(before);
        assertThat(record("a").first()).isEqualTo(record.first());
        backend.down(DOWN);
        assertThat(isAlive(record.first().orElseThrow().pid())).isFalse();
    }

    @Test
    void a_record_of_an_earlier_build_is_understood_and_its_process_kept() throws Exception {
        WorkloadBuilder service = service("a", "sleep", "1000").environment(Map.of("K", "${secret.x}"));
        up(service);
        WorkloadStatus before = status("a");
        Path file = root.resolve("run/processes/services/a/record.json");
        ObjectNode json = JsonFile.at(file).read(ObjectNode.class).orElseThrow();
        json.put("format", 1);
        json.withObject("workload").remove(List.of("shutdown", "limits", "lifecycle"));
        JsonFile.at(file).write(json);
        assertThat(open().status()).containsExactly(before);
        open().up(plan(service), UpOptions.defaults());
        assertThat(status("a")).isEqualTo(before);
    }

    @Test
    void a_start_that_never_happened_is_created_and_can_be_started() throws Exception {
        up(service("a", "sleep", "1000"));
        backend.stop(Selection.all(), STOP);
        Marker marker = Marker.ofStack(project(), root).part();
        store().write(ProcessRecord.intent(
                record("a").workload(), marker, record("a").startedAt()));
        assertThat(status("a").state()).isEqualTo(WorkloadState.CREATED);
        backend.start(Selection.all(), dev.angee.runtime.StartOptions.defaults());
        assertThat(status("a").state()).isEqualTo(WorkloadState.RUNNING);
    }

    @Test
    void down_ends_processes_whose_records_are_lost() throws Exception {
        up(service("a", "sleep", "1000"));
        long pid = record("a").first().orElseThrow().pid();
        // What was just started may still be written down.
        await().ignoreException(AngeeException.class).untilAsserted(() -> {
            FileTree.delete(root.resolve("run"));
            assertThat(backend.status()).isEmpty();
        });
        open().down(DOWN);
        assertThat(isAlive(pid)).isFalse();
    }

    @Test
    void a_process_that_got_the_pid_of_an_ended_service_is_never_touched() throws Exception {
        Process stranger = new ProcessBuilder("setsid", "sleep", "1000").start();
        try {
            up(service("a", "sleep", "1000"));
            backend.stop(Selection.all(), STOP);
            ProcessId id = ProcTable.entry(stranger.pid()).orElseThrow().id();
            store().write(record("a").started(new ProcessId(id.pid(), id.startTicks() - 1)));
            assertThat(status("a").state()).isEqualTo(WorkloadState.EXITED);
            backend.stop(Selection.all(), STOP);
            backend.start(Selection.all(), dev.angee.runtime.StartOptions.defaults());
            backend.stop(Selection.all(), STOP);
            store().write(record("a").started(new ProcessId(id.pid(), id.startTicks() - 1)));
            backend.down(DOWN);
            assertThat(stranger.isAlive()).isTrue();
        } finally {
            stranger.destroyForcibly();
        }
    }

    @Test
    void after_a_restart_of_the_machine_nothing_of_before_is_taken_for_running() throws Exception {
        Process stranger = new ProcessBuilder("setsid", "sleep", "1000").start();
        try {
            up(service("a", "sleep", "1000"));
            backend.stop(Selection.all(), STOP);
            ProcessId id = ProcTable.entry(stranger.pid()).orElseThrow().id();
            ProcessRecord old = record("a");
            store().clear(old);
            store().write(new ProcessRecord(
                    old.workload(),
                    old.marker(),
                    "another boot",
                    old.startedAt(),
                    java.util.Optional.of(id),
                    ProcessRecord.Asked.NOTHING,
                    "log",
                    0,
                    ProcessRecord.Attempts.NONE));
            assertThat(status("a").state()).isEqualTo(WorkloadState.EXITED);
            assertThat(status("a").exitCode()).isEmpty();
            assertThat(status("a").reason()).contains("restarted");
            backend.down(DOWN);
            assertThat(stranger.isAlive()).isTrue();
        } finally {
            stranger.destroyForcibly();
        }
    }

    @Test
    void a_damaged_record_is_reported_with_its_path_and_down_clears_it_away() throws Exception {
        up(service("a", "sleep", "1000"), service("b", "sleep", "1000"));
        long pid = record("a").first().orElseThrow().pid();
        Path file = root.resolve("run/processes/services/a/record.json");
        for (String damage : List.of("{\"format\": 1", "{}", "{\"format\": 99}", "", "[]")) {
            Files.writeString(file, damage);
            assertThatThrownBy(() -> backend.status())
                    .as(damage)
                    .isInstanceOfSatisfying(
                            AngeeException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.UNAVAILABLE))
                    .hasMessageContaining(file.toString());
        }
        backend.down(DOWN);
        assertThat(isAlive(pid)).isFalse();
        assertThat(leftovers()).isEmpty();
    }

    @Test
    void records_are_private_to_their_owner() throws Exception {
        up(service("a", "sleep", "1000"));
        Path place = root.resolve("run/processes/services/a");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(place)))
                .isEqualTo("rwx------");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(place.resolve("record.json"))))
                .isEqualTo("rw-------");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(root.resolve("run/processes"))))
                .isEqualTo("rwx------");
    }

    @Test
    void many_ups_at_once_start_each_service_once() throws Exception {
        List<CompletableFuture<Void>> ups = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            Backend one = open();
            ups.add(CompletableFuture.runAsync(() -> {
                try {
                    one.up(plan(shell("a", "echo started; exec sleep 1000")), UpOptions.defaults());
                } catch (InterruptedException e) {
                    throw new IllegalStateException(e);
                }
            }));
        }
        for (CompletableFuture<Void> up : ups) {
            up.get(60, TimeUnit.SECONDS);
        }
        await().atMost(DEADLINE)
                .until(() -> !lines(dev.angee.runtime.LogQuery.all()).isEmpty());
        assertThat(lines(dev.angee.runtime.LogQuery.all())).containsExactly("started");
    }

    @Test
    void who_waits_in_vain_for_the_lock_learns_who_has_it_and_reading_does_not_wait() throws Exception {
        up(service("a", "sleep", "1000"));
        CompletableFuture<Throwable> outcome;
        try (FileLocks.Held held = FileLocks.take(store().lockFile(), "test", Duration.ofSeconds(5))) {
            held.check();
            outcome = CompletableFuture.supplyAsync(() -> {
                try {
                    backend.up(plan(), UpOptions.defaults().within(Duration.ofMillis(100)));
                    return new AssertionError("it had the lock");
                } catch (InterruptedException | RuntimeException e) {
                    return e;
                }
            });
            assertThat(outcome.get(30, TimeUnit.SECONDS))
                    .isInstanceOf(ConflictException.class)
                    .hasMessageContaining("'test' of this process");
            assertThat(status("a").state()).isEqualTo(WorkloadState.RUNNING);
        }
    }

    @Test
    void a_record_is_read_as_it_was_written() throws Exception {
        Workload workload = RecordJsonTest.everything();
        ProcessRecord record = ProcessRecord.intent(workload, new Marker("m.1"), java.time.Instant.EPOCH)
                .started(new ProcessId(1, 2));
        store().write(record);
        assertThat(store().services()).containsExactly(record);
        Path place = root.resolve("run/processes/services").resolve("%C3%BC%2E%2E%2Fx");
        assertThat(JsonFile.at(place.resolve("record.json")).read(ObjectNode.class))
                .isPresent();
        store().forget(record);
    }
}
