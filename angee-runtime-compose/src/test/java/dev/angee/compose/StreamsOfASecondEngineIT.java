package dev.angee.compose;

import static org.assertj.core.api.Assertions.assertThat;

import dev.angee.contract.Program;
import dev.angee.plan.ProjectName;
import dev.angee.plan.RuntimePlan;
import dev.angee.runtime.DownOptions;
import dev.angee.runtime.EventStream;
import dev.angee.runtime.LogLine;
import dev.angee.runtime.LogQuery;
import dev.angee.runtime.LogStream;
import dev.angee.runtime.RuntimeEvent;
import dev.angee.runtime.Selection;
import dev.angee.runtime.StartOptions;
import dev.angee.runtime.UpOptions;
import dev.angee.runtime.WorkloadState;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Streams over the death of an engine and its return. */
@ExtendWith(RealDocker.class)
@Timeout(180)
class StreamsOfASecondEngineIT {
    @TempDir
    Path folder;

    @Test
    void containers_that_an_engine_finds_dead_at_its_start_are_told_and_their_logs_go_on_R44() throws Exception {
        Path root = folder.toRealPath();
        ProjectName project = ProjectName.of("it", root);
        try (SecondEngine engine = SecondEngine.with().start()) {
            engine.load(RealDocker.IMAGE);
            ComposeSettings settings = RealDocker.settings().dockerHost(engine.host());
            try (ComposeBackend backend = ComposeBackend.open(project, root, settings)) {
                RuntimePlan plan = RuntimePlan.of(
                        project,
                        root,
                        List.of(Programs.service("a", new Program.Ticks()).build()));
                backend.up(plan, UpOptions.defaults());
                try (EventStream events = backend.events();
                        LogStream logs = backend.logs(LogQuery.all().following())) {
                    assertThat(text(logs)).isEqualTo("tick 1");
                    engine.kill();
                    engine.start();
                    assertThat(next(events).state()).isEqualTo(WorkloadState.EXITED);
                    backend.start(Selection.all(), StartOptions.defaults());
                    assertThat(next(events).state()).isEqualTo(WorkloadState.RUNNING);
                    assertThat(events.poll(Duration.ofSeconds(1))).isEmpty();
                    int last = 1;
                    String line = text(logs);
                    while (!line.equals("tick 1")) {
                        assertThat(line).isEqualTo("tick " + ++last);
                        line = text(logs);
                    }
                    assertThat(text(logs)).isEqualTo("tick 2");
                }
                backend.down(DownOptions.defaults().grace(Duration.ofSeconds(1)));
            }
        }
    }

    private static RuntimeEvent next(EventStream events) throws InterruptedException {
        return events.poll(Duration.ofSeconds(60)).orElseThrow();
    }

    private static String text(LogStream logs) throws InterruptedException {
        Optional<LogLine> line = logs.next();
        return line.orElseThrow().text();
    }
}
