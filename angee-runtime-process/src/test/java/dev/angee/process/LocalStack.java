package dev.angee.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.angee.plan.Launch;
import dev.angee.plan.ProjectName;
import dev.angee.plan.RuntimePlan;
import dev.angee.plan.Workload;
import dev.angee.plan.WorkloadBuilder;
import dev.angee.runtime.Backend;
import dev.angee.runtime.DownOptions;
import dev.angee.runtime.JobRun;
import dev.angee.runtime.JobRuns;
import dev.angee.runtime.LogLine;
import dev.angee.runtime.LogQuery;
import dev.angee.runtime.LogStream;
import dev.angee.runtime.StopOptions;
import dev.angee.runtime.UpOptions;
import dev.angee.runtime.WorkloadStatus;
import dev.angee.secret.ResolvedSecrets;
import dev.angee.secret.SecretName;
import dev.angee.secret.SecretValue;
import dev.angee.secret.Text;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** One stack with real processes, taken down after each test. */
abstract class LocalStack {
    static final Duration DEADLINE = Duration.ofSeconds(30);
    static final StopOptions STOP = StopOptions.defaults().grace(Duration.ofSeconds(5));
    static final StopOptions STOP_SOON = StopOptions.defaults().grace(Duration.ofMillis(300));
    static final DownOptions DOWN = DownOptions.defaults().grace(Duration.ofMillis(500));

    @TempDir
    Path folder;

    Path root;
    Backend backend;
    private final List<Backend> opened = new ArrayList<>();

    @BeforeEach
    void openOne() throws IOException {
        root = Files.createDirectories(folder.toRealPath().resolve("stack"));
        backend = open();
    }

    @AfterEach
    void takeDown() throws InterruptedException {
        open().down(DOWN);
        opened.forEach(Backend::close);
        assertThat(runningInTheRoot()).as("processes left behind").isEmpty();
    }

    private List<Long> runningInTheRoot() {
        return ProcTable.read().entries().stream()
                .filter(entry -> !entry.ended())
                .map(entry -> entry.id().pid())
                .filter(pid -> {
                    try {
                        return Files.readSymbolicLink(Path.of("/proc/" + pid + "/cwd"))
                                .startsWith(root);
                    } catch (IOException e) {
                        return false;
                    }
                })
                .toList();
    }

    Backend open() {
        return open(ProcessSettings.of(System.getenv()));
    }

    Backend open(ProcessSettings settings) {
        Backend made = new ProcessBackendProvider(settings).open(project(), root);
        opened.add(made);
        return made;
    }

    ProjectName project() {
        return ProjectName.of("test", root);
    }

    RuntimePlan plan(WorkloadBuilder... workloads) {
        return RuntimePlan.of(
                project(),
                root,
                Arrays.stream(workloads).map(WorkloadBuilder::build).toList());
    }

    void up(WorkloadBuilder... workloads) throws InterruptedException {
        backend.up(plan(workloads), UpOptions.defaults());
    }

    static ResolvedSecrets secrets(String name, String value) {
        return ResolvedSecrets.of(Map.of(new SecretName(name), SecretValue.of(value)));
    }

    static Text secret(String name) {
        return Text.secret(new SecretName(name));
    }

    /** The program with this main class in a JVM of its own; what it writes goes to a file beside the root. */
    ProcessBuilder jvm(Class<?> main, List<String> options, String... arguments) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(options);
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), main.getName()));
        command.addAll(List.of(arguments));
        return new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("jvm.log").toFile());
    }

    /** The file in the root, once it is there. */
    Path awaitFile(String name) {
        Path file = root.resolve(name);
        await("a file " + name).atMost(DEADLINE).until(() -> Files.exists(file));
        return file;
    }

    static WorkloadBuilder service(String name, String... command) {
        return Workload.service(name, new Launch.HostProcess()).command(List.of(command));
    }

    static WorkloadBuilder shell(String name, String script) {
        return service(name, "sh", "-c", script);
    }

    static Workload job(String name, String... command) {
        return Workload.job(name, new Launch.HostProcess())
                .command(List.of(command))
                .build();
    }

    WorkloadStatus status(String name) {
        return status(backend, name);
    }

    static WorkloadStatus status(Backend backend, String name) {
        return backend.status().stream()
                .filter(status -> status.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new AssertionError("no status of " + name + " in " + backend.status()));
    }

    List<String> lines(LogQuery query) throws InterruptedException {
        return lines(backend, query);
    }

    static List<String> lines(Backend backend, LogQuery query) throws InterruptedException {
        List<String> lines = new ArrayList<>();
        try (LogStream logs = backend.logs(query)) {
            for (Optional<LogLine> line = logs.next(); line.isPresent(); line = logs.next()) {
                lines.add(line.get().text());
            }
        }
        return lines;
    }

    /** The pid that a script writes to a file of this name in the root, with {@code echo $$ >name}. */
    long pid(String file) {
        Path path = root.resolve(file);
        await("a pid in " + file)
                .atMost(DEADLINE)
                .until(() -> Files.exists(path) && Files.readString(path).endsWith("\n"));
        try {
            return Long.parseLong(Files.readString(path).strip());
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    static boolean isAlive(long pid) {
        return ProcTable.entry(pid).filter(entry -> !entry.ended()).isPresent();
    }

    RecordStore store() {
        return new RecordStore(root);
    }

    ProcessRecord record(String name) {
        return store().services().stream()
                .filter(record -> record.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    JobRuns jobRuns() {
        return backend.jobRuns().orElseThrow();
    }

    /** The only run of a job there is, or the latest. */
    JobRun lastRun() {
        return jobRuns().list().get(0);
    }

    /** All files below {@code run/processes} but the locks. */
    List<String> leftovers() throws IOException {
        Path processes = root.resolve("run/processes");
        if (!Files.exists(processes)) {
            return List.of();
        }
        try (Stream<Path> files = Files.walk(processes)) {
            return files.filter(Files::isRegularFile)
                    .map(file -> processes.relativize(file).toString())
                    .filter(file -> !file.startsWith("."))
                    .toList();
        }
    }
}
