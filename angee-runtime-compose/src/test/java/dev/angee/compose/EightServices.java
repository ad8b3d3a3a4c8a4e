package dev.angee.compose;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.model.Container;
import com.github.dockerjava.api.model.Network;
import dev.angee.contract.Program;
import dev.angee.internal.FileLocks;
import dev.angee.plan.Dependency;
import dev.angee.plan.ProjectName;
import dev.angee.plan.RuntimePlan;
import dev.angee.plan.Workload;
import dev.angee.plan.WorkloadBuilder;
import dev.angee.runtime.DownOptions;
import dev.angee.runtime.UpOptions;
import dev.angee.runtime.WorkloadState;
import dev.angee.runtime.WorkloadStatus;
import dev.angee.workload.Condition;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;

/**
 * A stack of eight, three of which depend on the first, and the last on the health of the second; and what has to be true of
 * it after a fault: the next {@code up} makes everything run, the next {@code down} leaves nothing.
 */
final class EightServices implements AutoCloseable {
    static final int COUNT = 8;
    static final DownOptions DOWN = DownOptions.defaults().grace(Duration.ofSeconds(1));

    /** What is done to the stack while something happens. */
    interface Call {
        void on(ComposeBackend backend) throws InterruptedException;
    }

    private final ProjectName project;
    private final Path root;
    private final ComposeSettings settings;
    private final EngineConnection connection;

    EightServices(Path root, ComposeSettings settings) throws IOException {
        this.project = ProjectName.of("eight", root);
        this.root = root;
        this.settings = settings;
        this.connection = new EngineConnection(settings.dockerHost());
        if (!Files.exists(flag(root))) {
            Files.createFile(flag(root));
        }
    }

    private static Path flag(Path root) {
        return root.resolve("well");
    }

    /** From now on the second gets well, or does not. */
    void letGetWell(boolean well) throws IOException {
        if (well) {
            Files.createFile(flag(root));
        } else {
            Files.delete(flag(root));
        }
    }

    RuntimePlan plan() {
        return plan(project, root);
    }

    private static RuntimePlan plan(ProjectName project, Path root) {
        List<Workload> workloads = IntStream.rangeClosed(1, COUNT)
                .mapToObj(number -> service(number, flag(root)))
                .map(WorkloadBuilder::build)
                .toList();
        return RuntimePlan.of(project, root, workloads);
    }

    private static WorkloadBuilder service(int number, Path flag) {
        WorkloadBuilder service = Programs.service("s" + number, new Program.Sleeps());
        return switch (number) {
            case 2 -> Programs.healthyWhile(service, flag);
            case 5, 6, 7 -> service.dependsOn(new Dependency("s1", Condition.STARTED));
            case COUNT -> service.dependsOn(new Dependency("s2", Condition.HEALTHY));
            default -> service;
        };
    }

    ComposeBackend open() {
        return ComposeBackend.open(project, root, settings);
    }

    /** Up as any other program would do it, at once; everything runs then. */
    void mustComeUp() throws InterruptedException {
        try (ComposeBackend next = open()) {
            next.up(plan(), UpOptions.defaults());
            assertThat(next.status())
                    .hasSize(COUNT)
                    .extracting(WorkloadStatus::state)
                    .containsOnly(WorkloadState.RUNNING);
        }
        assertThat(containers()).hasSize(COUNT);
        assertThat(networks()).hasSize(1);
    }

    /** Down as any other program would do it, at once; nothing is left then. */
    void mustGo() throws InterruptedException {
        try (ComposeBackend next = open()) {
            next.down(DOWN);
            assertThat(next.status()).isEmpty();
        }
        requireNothing();
    }

    /** Waits for programs of the dead: nothing may be left, then and later. */
    void requireNothing() {
        await("programs of " + project)
                .atMost(Duration.ofSeconds(10))
                .untilAsserted(() -> assertThat(programs()).isEmpty());
        assertThat(containers()).isEmpty();
        assertThat(networks()).isEmpty();
        FileLocks.tryTake(lock(), "look").orElseThrow().close();
        assertThat(root.resolve(ComposeProject.FILE_NAME)).doesNotExist();
    }

    /**
     * Does something to the stack in a thread of its own, and meanwhile something else.
     *
     * @return what it threw, if it did
     */
    Optional<Throwable> during(Call call, Callable<Boolean> moment, Fault fault) throws Exception {
        AtomicReference<Throwable> thrown = new AtomicReference<>();
        try (ComposeBackend backend = open()) {
            Thread caller = new Thread(() -> {
                try {
                    call.on(backend);
                } catch (InterruptedException | RuntimeException e) {
                    thrown.set(e);
                }
            });
            caller.start();
            momentOf(() -> moment.call() || !caller.isAlive());
            assertThat(caller.isAlive()).as("it was in the middle: " + thrown).isTrue();
            fault.happen(caller);
            caller.join(TimeUnit.SECONDS.toMillis(100));
            assertThat(caller.isAlive()).as("it ended: " + thrown).isFalse();
        }
        return Optional.ofNullable(thrown.get());
    }

    /** What happens to the thread that calls, or to others. */
    interface Fault {
        void happen(Thread caller) throws Exception;
    }

    static void momentOf(Callable<Boolean> moment) {
        await("the moment")
                .atMost(Duration.ofSeconds(60))
                .pollDelay(Duration.ZERO)
                .pollInterval(Duration.ofMillis(2))
                .until(moment);
    }

    /** A JVM that brings the stack up or down. */
    Process victim(String verb, Path log) throws IOException {
        String labels = settings.labels().entrySet().stream()
                .map(e -> e.getKey() + "=" + e.getValue())
                .reduce((a, b) -> a + "," + b)
                .orElse("");
        List<String> command = List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                Victim.class.getName(),
                verb,
                root.toString(),
                settings.dockerHost(),
                labels);
        return new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
                .start();
    }

    /** Brings the stack up or down, and may be killed meanwhile. */
    static final class Victim {
        private Victim() {}

        /** Arguments: up or down, the root, where the engine listens, labels. */
        public static void main(String[] arguments) throws Exception {
            Path root = Path.of(arguments[1]);
            Map<String, String> labels = Arrays.stream(arguments[3].split(","))
                    .map(label -> label.split("=", 2))
                    .collect(java.util.stream.Collectors.toMap(l -> l[0], l -> l[1]));
            ComposeSettings settings =
                    ComposeSettings.of(System.getenv()).dockerHost(arguments[2]).labels(labels);
            ProjectName project = ProjectName.of("eight", root);
            try (ComposeBackend backend = ComposeBackend.open(project, root, settings)) {
                if (arguments[0].equals("up")) {
                    backend.up(plan(project, root), UpOptions.defaults());
                } else {
                    backend.down(DOWN);
                }
            }
        }
    }

    /** Whether somebody holds the lock for this. */
    boolean holds(String verb, long pid) throws IOException {
        return Files.exists(lock()) && Files.readString(lock()).equals("'" + verb + "' of process " + pid);
    }

    List<Container> containers() {
        return engine().listContainersCmd()
                .withShowAll(true)
                .withLabelFilter(Map.of(ProjectContainer.PROJECT_LABEL, project.value()))
                .exec();
    }

    int made() {
        return containers().size();
    }

    int running() {
        return (int) containers().stream()
                .filter(c -> c.getState().equals("running"))
                .count();
    }

    List<String> networks() {
        return engine()
                .listNetworksCmd()
                .withFilter("label", List.of(ProjectContainer.PROJECT_LABEL + "=" + project))
                .exec()
                .stream()
                .map(Network::getName)
                .toList();
    }

    /** The docker programs and their plugins that act on this stack, whoever has started them. */
    List<ProcessHandle> programs() {
        return ProcessHandle.allProcesses()
                .filter(p -> name(p).startsWith("docker")
                        && Arrays.asList(p.info().arguments().orElse(new String[0]))
                                .contains(project.value()))
                .toList();
    }

    /** The docker program, or its plugin. */
    List<ProcessHandle> programs(String name) {
        return programs().stream().filter(p -> name(p).equals(name)).toList();
    }

    private static String name(ProcessHandle process) {
        return process.info()
                .command()
                .map(c -> c.substring(c.lastIndexOf('/') + 1))
                .orElse("");
    }

    DockerClient engine() {
        return connection.questions();
    }

    Path lock() {
        return root.resolve("run/compose.lock");
    }

    /** Removes what a failed test has left. */
    void takeDown() throws InterruptedException {
        try (ComposeBackend last = open()) {
            last.down(DOWN);
        }
    }

    /** Leaves the stack as it is. */
    @Override
    public void close() {
        connection.close();
    }
}
