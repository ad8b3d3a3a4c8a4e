package dev.angee.examples;

import static org.assertj.core.api.Assertions.assertThat;

import dev.angee.instance.Angee;
import dev.angee.plan.Workload;
import dev.angee.runtime.DownOptions;
import dev.angee.runtime.ExitStatus;
import dev.angee.runtime.Health;
import dev.angee.runtime.LogLine;
import dev.angee.runtime.LogQuery;
import dev.angee.runtime.LogStream;
import dev.angee.runtime.RunOptions;
import dev.angee.runtime.Selection;
import dev.angee.runtime.StopOptions;
import dev.angee.runtime.UpOptions;
import dev.angee.runtime.WorkloadState;
import dev.angee.runtime.WorkloadStatus;
import dev.angee.secret.SecretName;
import dev.angee.stack.Stack;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** PostgreSQL in a container, as a user who is not root, with its data in a folder of the stack. */
@Timeout(value = 5, unit = TimeUnit.MINUTES)
class PostgresIT {
    private static final Path GIVEN = Path.of("src/test/resources/postgres");
    private static final String IMAGE = "angee-postgres:local";
    private static final UpOptions UP = UpOptions.defaults().within(Duration.ofMinutes(2));

    @TempDir
    Path folder;

    private final List<Angee> opened = new ArrayList<>();

    /** Without the image this is skipped at a desk, and fails where it must run. */
    @BeforeEach
    void requireImage() throws Exception {
        folder = folder.toRealPath();
        if (docker("image", "inspect", IMAGE).isEmpty()) {
            String problem = "the image " + IMAGE + " is missing: run .ci/test-images.sh";
            if ("true".equals(System.getenv("CI")) || Boolean.getBoolean("require.docker")) {
                Assertions.fail(problem);
            }
            Assumptions.abort(problem);
        }
    }

    @AfterEach
    void nothingIsLeft() throws Exception {
        List<String> projects = new ArrayList<>();
        for (Angee angee : opened) {
            try (angee) {
                projects.add(angee.stack().plan().project().value());
                angee.stack().down(DownOptions.defaults());
                // its files belong to the user of the container, and whoever runs the tests may not be able to remove
                // them
                angee.stack().run("wipe", RunOptions.defaults());
                angee.stack().down(DownOptions.defaults());
            }
        }
        for (String project : projects) {
            String filter = "label=com.docker.compose.project=" + project;
            assertThat(docker("ps", "-aq", "--filter", filter)).isEmpty();
            assertThat(docker("network", "ls", "-q", "--filter", filter)).isEmpty();
        }
    }

    @Test
    void a_database_in_a_container_keeps_its_data_through_down_and_up_and_ends_cleanly() throws Exception {
        Stack one = open("one").stack();
        one.up(UP);
        Map<String, WorkloadStatus> first = status(one);
        assertThat(first)
                .allSatisfy(
                        (name, status) -> assertThat(status.health()).as(name).isEqualTo(Health.HEALTHY));
        assertThat(starts(one))
                .as("the dependent has written its row, and serves it")
                .isEqualTo("1");
        job(one, "fill");
        one.up(UP);
        assertThat(instances(one)).as("a second up changes nothing").isEqualTo(instances(first));
        assertThat(starts(one)).isEqualTo("1");
        assertThat(one.run("guess", RunOptions.defaults()).output())
                .as("who does not know the secret")
                .contains("password authentication failed");

        one.stop(Selection.all(), StopOptions.defaults());
        assertThat(logs(one, "db")).last().asString().contains("database system is shut down");
        status(one)
                .forEach((name, status) -> assertThat(status.state()).as(name).isEqualTo(WorkloadState.EXITED));
        assertThat(status(one).get("db").exitCode()).hasValue(0);
        one.up(UP);
        assertThat(starts(one)).isEqualTo("2");

        one.down(DownOptions.defaults());
        assertThat(job(one, "state")).as("after down").containsPattern("Database cluster state: +shut down\n");
        assertThat(data("one").resolve("pg")).isDirectory();
        assertThat(Files.getAttribute(data("one").resolve("pg"), "unix:uid"))
                .as("who it belongs to, is not root")
                .isEqualTo(999);
        one.up(UP);
        assertThat(job(one, "count")).isEqualTo("1000|500500");
        assertThat(starts(one)).isEqualTo("3");
        assertThat(logs(one, "db"))
                .anyMatch(line -> line.contains("database system was shut down at"))
                .noneMatch(line -> line.contains("not properly shut down") || line.contains("was interrupted"));
    }

    @Test
    void two_stacks_of_one_manifest_side_by_side_have_data_and_passwords_of_their_own() throws Exception {
        Stack one = open("one").stack();
        Stack two = open("two").stack();
        one.up(UP);
        two.up(UP);
        assertThat(List.of(starts(one), starts(two))).containsExactly("1", "1");
        assertThat(List.of(password(one))).doesNotContain(password(two));
        job(one, "fill");
        assertThat(two.run("count", RunOptions.defaults()).output()).contains("relation \"t\" does not exist");
        Map<String, String> others = instances(two);
        one.down(DownOptions.defaults());
        assertThat(instances(two)).as("one's down is nothing to two").isEqualTo(others);
        assertThat(starts(two)).isEqualTo("1");
        one.up(UP);
        assertThat(job(one, "count")).isEqualTo("1000|500500");
        assertThat(List.of(starts(one), starts(two))).containsExactly("2", "1");
        holdsNoPassword("one", password(one));
        holdsNoPassword("two", password(two));
    }

    private Angee open(String name) throws IOException {
        Path root = Files.createDirectories(folder.resolve(name));
        for (String file : List.of("angee.yaml", "make-db.sh", "serve.sh")) {
            Files.copy(GIVEN.resolve(file), root.resolve(file));
            Files.setPosixFilePermissions(root.resolve(file), PosixFilePermissions.fromString("rw-r--r--"));
        }
        Files.createDirectory(data(name));
        Files.setPosixFilePermissions(data(name), PosixFilePermissions.fromString("rwxrwxrwx"));
        Angee angee = Angee.builder(root).stateFolder(folder.resolve("state")).build();
        opened.add(angee);
        return angee;
    }

    private Path data(String name) {
        return folder.resolve(name).resolve("data");
    }

    private void holdsNoPassword(String name, String password) throws IOException {
        try (Stream<Path> files = Files.walk(folder.resolve(name))) {
            assertThat(files.filter(file -> !file.startsWith(data(name)) && !file.endsWith(".env"))
                            .filter(Files::isRegularFile))
                    .isNotEmpty()
                    .noneMatch(file -> read(file).contains(password));
        }
    }

    private static String password(Stack stack) {
        return stack.secrets().value(new SecretName("db")).reveal();
    }

    private static String starts(Stack stack) throws IOException {
        Workload web = stack.plan().workloads().stream()
                .filter(w -> w.name().equals("web"))
                .findFirst()
                .orElseThrow();
        int port = web.ports().get(0).hostPort();
        URI address = URI.create("http://127.0.0.1:" + port + "/cgi-bin/starts");
        try (InputStream in = address.toURL().openStream()) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8).strip();
        }
    }

    private static Map<String, WorkloadStatus> status(Stack stack) {
        Map<String, WorkloadStatus> all = new TreeMap<>();
        stack.status()
                .services()
                .forEach((name, service) -> all.put(name, service.observed().orElseThrow()));
        assertThat(all).containsOnlyKeys("db", "web");
        return all;
    }

    private static Map<String, String> instances(Stack stack) {
        return instances(status(stack));
    }

    private static Map<String, String> instances(Map<String, WorkloadStatus> all) {
        Map<String, String> instances = new TreeMap<>();
        all.forEach((name, status) -> instances.put(name, status.instance()));
        return instances;
    }

    private static String job(Stack stack, String name) throws InterruptedException {
        ExitStatus exit = stack.run(name, RunOptions.defaults());
        assertThat(exit.succeeded()).as(exit.output()).isTrue();
        return exit.output();
    }

    private static List<String> logs(Stack stack, String service) throws InterruptedException {
        List<String> lines = new ArrayList<>();
        try (LogStream logs = stack.logs(LogQuery.all().only(Selection.of(service)))) {
            for (Optional<LogLine> line = logs.next(); line.isPresent(); line = logs.next()) {
                lines.add(line.get().text());
            }
        }
        return lines;
    }

    /** What the client says; nothing if it fails. */
    private static String docker(String... arguments) throws Exception {
        List<String> command = new ArrayList<>(List.of("env", "docker"));
        command.addAll(List.of(arguments));
        Process process = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return process.waitFor() == 0 ? said : "";
    }

    private static String read(Path file) {
        try {
            return Files.readString(file, StandardCharsets.ISO_8859_1);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
