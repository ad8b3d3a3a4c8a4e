package dev.angee.compose;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.angee.contract.Program;
import dev.angee.plan.ProjectName;
import dev.angee.plan.RuntimePlan;
import dev.angee.runtime.UpOptions;
import dev.angee.runtime.WorkloadState;
import dev.angee.runtime.WorkloadStatus;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** The engine that other tests break, whether it can be broken, and cleared away. */
@ExtendWith(RealDocker.class)
@Timeout(value = 2, unit = TimeUnit.MINUTES)
class SecondEngineIT {
    @TempDir
    Path folder;

    @Test
    void it_is_another_engine_which_can_be_frozen_killed_stopped_and_started_and_leaves_nothing() throws Exception {
        Path root = folder.toRealPath();
        ProjectName project = ProjectName.of("second", root);
        SecondEngine engine = SecondEngine.with("--live-restore").start();
        try (engine) {
            ComposeSettings settings = RealDocker.settings()
                    .dockerHost(engine.load(RealDocker.IMAGE).host());
            try (ComposeBackend backend = ComposeBackend.open(project, root, settings);
                    ComposeBackend first = RealDocker.open(project, root)) {
                RuntimePlan plan = RuntimePlan.of(
                        project,
                        root,
                        List.of(Programs.service("web", new Program.Ticks()).build()));
                backend.up(plan, UpOptions.defaults());
                assertThat(first.status()).isEmpty();
                String started = onlyContainer(settings);
                engine.kill();
                assertThatThrownBy(backend::status).hasMessageContaining("does not answer");
                engine.start();
                assertThat(backend.status()).extracting(WorkloadStatus::state).containsExactly(WorkloadState.RUNNING);
                engine.freeze();
                try (ComposeBackend hasty =
                        ComposeBackend.open(project, root, settings.engineTimeout(Duration.ofMillis(500)))) {
                    assertThatThrownBy(hasty::status).hasMessageContaining("did not answer within");
                }
                engine.thaw();
                engine.stop();
                engine.start();
                assertThat(onlyContainer(settings)).isEqualTo(started);
                engine.kill(); // so that close finds shims and containers
                assertThat(engine.processes()).isNotEmpty();
            }
        }
        assertThat(engine.processes()).isEmpty();
        assertThat(new Leftovers(engine.folder()).mounts()).isEmpty();
        assertThat(engine.folder()).doesNotExist();
    }

    @Test
    void its_disk_can_be_small() {
        try (SecondEngine engine = SecondEngine.with().diskOf(48).start()) {
            engine.load(RealDocker.IMAGE);
            assertThat(engine.folder().resolve("data").toFile().getTotalSpace()).isEqualTo(48L << 20);
        }
    }

    @Test
    void one_that_cannot_start_says_why_and_leaves_nothing() throws Exception {
        SecondEngine engine = SecondEngine.with("--storage-driver", "papyrus");
        assertThatThrownBy(engine::start).hasMessageContaining("driver not supported");
        assertThat(Files.exists(engine.folder())).isFalse();
        assertThat(new Leftovers(engine.folder()).mounts()).isEmpty();
    }

    private static String onlyContainer(ComposeSettings settings) {
        try (EngineConnection connection = new EngineConnection(settings.dockerHost())) {
            return connection.questions().listContainersCmd().exec().get(0).getId();
        }
    }
}
