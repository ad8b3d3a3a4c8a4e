package dev.angee.compose;

import static org.awaitility.Awaitility.await;

import com.github.dockerjava.api.DockerClient;
import dev.angee.plan.ProjectName;
import dev.angee.plan.RuntimePlan;
import dev.angee.plan.Workload;
import dev.angee.plan.WorkloadBuilder;
import dev.angee.runtime.DownOptions;
import dev.angee.runtime.LogLine;
import dev.angee.runtime.LogStream;
import dev.angee.runtime.WorkloadState;
import dev.angee.runtime.WorkloadStatus;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** A stack of its own for each test, on a real engine. */
@ExtendWith(RealDocker.class)
@Timeout(value = 2, unit = TimeUnit.MINUTES)
abstract class OneStack {
    static final DownOptions SHORT = DownOptions.defaults().grace(Duration.ofSeconds(1));

    @TempDir
    private Path folder;

    private Path root;
    private ProjectName project;
    private ComposeBackend backend;
    private EngineConnection connection;

    @BeforeEach
    void open() throws IOException {
        root = folder.toRealPath();
        project = ProjectName.of("it", root);
        backend = RealDocker.open(project, root);
        connection = new EngineConnection(RealDocker.settings().dockerHost());
    }

    @AfterEach
    void takeDown() throws InterruptedException {
        try (ComposeBackend last = RealDocker.open(project, root)) {
            last.down(SHORT);
        } finally {
            backend.close();
            connection.close();
        }
    }

    Path root() {
        return root;
    }

    ProjectName project() {
        return project;
    }

    ComposeBackend backend() {
        return backend;
    }

    /** The engine, behind the backend's back. */
    DockerClient engine() {
        return connection.questions();
    }

    RuntimePlan plan(WorkloadBuilder... workloads) {
        List<Workload> built =
                Arrays.stream(workloads).map(WorkloadBuilder::build).toList();
        return RuntimePlan.of(project, root, built);
    }

    Map<String, WorkloadState> states() {
        return backend.status().stream().collect(Collectors.toMap(WorkloadStatus::name, WorkloadStatus::state));
    }

    WorkloadStatus status(String name) {
        return backend.status().stream()
                .filter(s -> s.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    String container(String service) {
        return project + "-" + service + "-1";
    }

    static ConditionFactory soon() {
        return await().atMost(Duration.ofSeconds(30));
    }

    static List<String> lines(LogStream logs) throws InterruptedException {
        List<String> lines = new ArrayList<>();
        try (logs) {
            for (Optional<LogLine> line = logs.next(); line.isPresent(); line = logs.next()) {
                lines.add(line.get().text());
            }
        }
        return lines;
    }
}
