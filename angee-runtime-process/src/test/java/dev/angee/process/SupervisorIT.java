package dev.angee.process;

import static org.assertj.core.api.Assertions.assertThat;

import dev.angee.internal.FileLocks;
import dev.angee.plan.ProjectName;
import dev.angee.runtime.SecretSource;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Who supervises keeps the seat while somebody changes services. */
@Timeout(60)
class SupervisorIT {
    private static final Duration LONG = Duration.ofSeconds(2);

    @TempDir
    Path root;

    private RecordStore store;
    private Supervisor supervisor;

    @BeforeEach
    void make() {
        ChildEnvironment environment = new ChildEnvironment(Map.of());
        Host host = Host.detect(environment.path());
        Marker stack = Marker.ofStack(ProjectName.of("test", root), root);
        Clock clock = Clock.systemUTC();
        store = new RecordStore(root);
        ProcessViews views = new ProcessViews(store);
        Keeper keeper = new Keeper(store, host, stack, environment.path());
        Launcher launcher = new Launcher(host, environment, root, store, keeper);
        Preflight preflight = new Preflight(launcher, environment);
        Shutdown shutdown = new Shutdown(store, views, launcher);
        supervisor = new Supervisor(
                store,
                new Probes(store, new Prober(launcher), clock, () -> {}),
                keeper,
                new Repair(store, views, launcher, preflight, shutdown, stack, SecretSource.none(), clock, () -> {}),
                new BoundLogs(store, LogBound.detect(environment.path())),
                new OrphanedJobs(store, new JobRecords(store, views), shutdown),
                clock,
                () -> {});
    }

    @AfterEach
    void close() {
        supervisor.stopWorking();
        supervisor.close();
    }

    private boolean isSeatFree() {
        Optional<FileLocks.Held> seat = FileLocks.tryTake(store.supervisorFile(), "look");
        seat.ifPresent(FileLocks.Held::close);
        return seat.isPresent();
    }

    @Test
    void a_look_from_before_or_while_services_are_changed_takes_the_seat_from_nobody() {
        long before = supervisor.terms();
        Supervisor.Hold hold = supervisor.takeOver();
        assertThat(isSeatFree()).isFalse();
        supervisor.attend(List.of(), supervisor.terms(), LONG);
        assertThat(isSeatFree()).as("while it is under way").isFalse();
        hold.close();
        supervisor.attend(List.of(), before, LONG);
        assertThat(isSeatFree()).as("seen before it was begun").isFalse();
        supervisor.attend(List.of(), supervisor.terms(), LONG);
        assertThat(isSeatFree()).as("nothing is left").isTrue();
    }
}
