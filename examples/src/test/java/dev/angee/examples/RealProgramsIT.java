package dev.angee.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

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
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** PostgreSQL, Redis and nginx as Debian packages them, as the local services of one stack. */
@Timeout(value = 4, unit = TimeUnit.MINUTES)
class RealProgramsIT {
    private static final Duration DEADLINE = Duration.ofMinutes(1);
    private static final Path GIVEN = Path.of("src/test/resources/real-programs");
    private static final boolean ROOT = "root".equals(System.getProperty("user.name"));

    @TempDir
    Path folder;

    private Path root;

    @BeforeEach
    void makeRoot() throws Exception {
        Path postgres = programs();
        root = Files.createDirectories(folder.toRealPath().resolve("stack"));
        Files.createDirectory(folder.resolve("state"));
        for (Path each : List.of(folder, root)) {
            Files.setPosixFilePermissions(each, PosixFilePermissions.fromString("rwxr-xr-x"));
        }
        Map<String, String> owners = new TreeMap<>(Map.of("db", "postgres", "cache", "redis", "web", "www-data"));
        for (Map.Entry<String, String> owner : owners.entrySet()) {
            Path home = Files.createDirectory(root.resolve(owner.getKey()));
            if (ROOT) {
                Files.setOwner(
                        home,
                        home.getFileSystem().getUserPrincipalLookupService().lookupPrincipalByName(owner.getValue()));
            }
        }
        Files.copy(GIVEN.resolve("nginx.conf.in"), root.resolve("web/nginx.conf.in"));
        Files.writeString(root.resolve("web/hello.txt"), "hello from nginx\n");
        try (RandomAccessFile big =
                new RandomAccessFile(root.resolve("web/big.bin").toFile(), "rw")) {
            big.setLength(64L << 20);
        }
        String manifest = read(GIVEN.resolve("angee.yaml")).replace("PG/", postgres + "/");
        // whoever is not root runs them as oneself
        Files.writeString(root.resolve("angee.yaml"), ROOT ? manifest : manifest.replaceAll(" +user: .*\n", ""));
    }

    @AfterEach
    void nothingIsLeft() throws Exception {
        if (root != null) {
            try (Stack stack = RealProgramsOwner.open(root)) {
                stack.down(DownOptions.defaults());
            }
            assertThat(running()).as("processes left behind").isEmpty();
        }
    }

    /** The folder of PostgreSQL's programs. Without all three this is skipped at a desk, and fails where it must run. */
    private static Path programs() throws IOException {
        Path versions = Path.of("/usr/lib/postgresql");
        Optional<Path> postgres = Optional.empty();
        if (Files.isDirectory(versions)) {
            try (Stream<Path> all = Files.list(versions)) {
                postgres = all.map(version -> version.resolve("bin"))
                        .filter(bin -> Files.isExecutable(bin.resolve("initdb")))
                        .max(Path::compareTo);
            }
        }
        boolean there = postgres.isPresent()
                && Files.isExecutable(Path.of("/usr/bin/redis-server"))
                && Files.isExecutable(Path.of("/usr/sbin/nginx"));
        if (!there) {
            String problem = "PostgreSQL, Redis or nginx is missing: run .ci/real-programs.sh";
            if ("true".equals(System.getenv("CI")) || Boolean.getBoolean("require.docker")) {
                Assertions.fail(problem);
            }
            Assumptions.abort(problem);
        }
        return postgres.orElseThrow();
    }

    @Test
    void a_database_a_cache_and_a_web_server_live_through_their_owners_death_and_their_own() throws Exception {
        Map<String, String> instances;
        try (RunningProgram owner =
                RunningProgram.start(RealProgramsOwner.class, root, folder.resolve("state"), root.toString())) {
            owner.awaitLine("all is up");
            assertThat(owner.output()).contains("all is up");
            instances = ready();
            assertThat(changed("web/nginx.pid"))
                    .as("nginx begins when PostgreSQL has noted that it is ready")
                    .isGreaterThanOrEqualTo(changed("db/postmaster.pid"));
            owner.kill();
        }
        try (Stack stack = RealProgramsOwner.open(root)) {
            assertThat(ready()).as("the owner's death changes nothing").isEqualTo(instances);
            assertThat(job(stack, "ping")).isEqualTo("PONG\n");
            assertThat(hello()).isEqualTo("hello from nginx\n");
            job(stack, "fill");
            long postmaster = postmaster();
            stack.up(UpOptions.defaults());
            assertThat(ready()).as("a second up changes nothing").isEqualTo(instances);
            assertThat(postmaster()).isEqualTo(postmaster);
            if (ROOT) {
                assertThat(owner(postmaster)).isEqualTo("postgres");
            }

            kill(postmaster);
            await("PostgreSQL again").atMost(DEADLINE).until(() -> {
                WorkloadStatus db = status(stack).get("db");
                return db.restarts() > 0 && db.isReady() && postmaster() != postmaster;
            });
            assertThat(job(stack, "count")).isEqualTo("1000|500500\n");
            assertThat(logs(stack, "db")).anyMatch(line -> line.contains("database system was not properly shut down"));
            Map<String, String> others = ready();
            assertThat(others.remove("db")).isNotEqualTo(instances.remove("db"));
            assertThat(others).as("the others are left alone").isEqualTo(instances);

            stopsInReverse(stack);
            assertThat(running()).isEmpty();
            assertThat(logs(stack, "db")).last().asString().contains("database system is shut down");
            holdsNoPassword(stack);
        }
    }

    /** nginx ends gracefully: not before the client that is in the middle of a download has gone. */
    private void stopsInReverse(Stack stack) throws Exception {
        long db = postmaster();
        ExecutorService other = Executors.newSingleThreadExecutor();
        Future<?> stopping;
        try (Socket download = new Socket(InetAddress.getByAddress(new byte[] {127, 0, 0, 1}), webPort())) {
            download.getOutputStream().write("GET /big.bin HTTP/1.0\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            assertThat(download.getInputStream().read()).isEqualTo('H');
            stopping = other.submit(() -> {
                stack.stop(Selection.all(), StopOptions.defaults());
                return null;
            });
            await("nginx is asked")
                    .atMost(DEADLINE)
                    .until(() ->
                            logs(stack, "web").stream().anyMatch(line -> line.contains("gracefully shutting down")));
            await("what nginx depends on goes on")
                    .during(Duration.ofMillis(500))
                    .atMost(DEADLINE)
                    .until(() -> isAlive(db) && status(stack).get("cache").isReady());
            assertThat(logs(stack, "db")).noneMatch(line -> line.contains("fast shutdown request"));
        }
        stopping.get(DEADLINE.toSeconds(), TimeUnit.SECONDS);
        other.shutdown();
        status(stack).forEach((name, status) -> {
            assertThat(status.state()).as(name).isEqualTo(WorkloadState.EXITED);
            assertThat(status.exitCode()).as(name).hasValue(0);
        });
    }

    private void holdsNoPassword(Stack stack) throws IOException {
        String password = stack.secrets().value(new SecretName("db-password")).reveal();
        try (Stream<Path> files = Files.walk(root)) {
            assertThat(files.filter(Files::isRegularFile)
                            .filter(file -> !file.endsWith(".env") && !file.startsWith(root.resolve("db"))))
                    .isNotEmpty()
                    .noneMatch(file -> read(file).contains(password));
        }
    }

    /** The names of this very run of each, once all are healthy; a new backend has to try their checks first. */
    private Map<String, String> ready() {
        Map<String, String> instances = new TreeMap<>();
        try (Stack stack = RealProgramsOwner.open(root)) {
            await("all healthy")
                    .atMost(DEADLINE)
                    .until(() -> status(stack).values().stream().allMatch(s -> s.health() == Health.HEALTHY));
            status(stack).forEach((name, status) -> instances.put(name, status.instance()));
        }
        assertThat(instances).containsOnlyKeys("cache", "db", "web");
        return instances;
    }

    private static Map<String, WorkloadStatus> status(Stack stack) {
        Map<String, WorkloadStatus> all = new TreeMap<>();
        stack.status()
                .services()
                .forEach((name, service) -> all.put(name, service.observed().orElseThrow()));
        return all;
    }

    private static String job(Stack stack, String name) throws InterruptedException {
        ExitStatus exit = stack.run(name, RunOptions.defaults());
        assertThat(exit.succeeded()).as(exit.output()).isTrue();
        return exit.output();
    }

    private String hello() throws IOException {
        try (InputStream in = URI.create("http://127.0.0.1:" + webPort() + "/hello.txt")
                .toURL()
                .openStream()) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private int webPort() {
        return Integer.parseInt(read(root.resolve("web/nginx.conf")).replaceAll("(?s).*127.0.0.1:(\\d+);.*", "$1"));
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

    /** The file is there while PostgreSQL starts, but for a moment without a line. */
    private long postmaster() throws IOException {
        Path file = root.resolve("db/postmaster.pid");
        List<String> lines = Files.exists(file) ? Files.readAllLines(file) : List.of();
        return lines.isEmpty() ? 0 : Long.parseLong(lines.get(0));
    }

    private FileTime changed(String file) throws IOException {
        return Files.getLastModifiedTime(root.resolve(file));
    }

    private static String owner(long pid) throws IOException {
        return Files.getOwner(Path.of("/proc", Long.toString(pid))).getName();
    }

    private static void kill(long pid) throws Exception {
        assertThat(new ProcessBuilder("/bin/sh", "-c", "kill -KILL \"$0\"", Long.toString(pid))
                        .start()
                        .waitFor())
                .isZero();
    }

    private static boolean isAlive(long pid) {
        return Files.exists(Path.of("/proc", Long.toString(pid), "exe"));
    }

    /** All processes that are at home in the root, whatever session or parent they have. */
    private List<String> running() throws IOException {
        List<String> found = new ArrayList<>();
        try (DirectoryStream<Path> processes = Files.newDirectoryStream(Path.of("/proc"), "[0-9]*")) {
            for (Path process : processes) {
                try {
                    if (Files.readSymbolicLink(process.resolve("cwd")).startsWith(root)) {
                        found.add(read(process.resolve("cmdline")).replace('\0', ' '));
                    }
                } catch (IOException e) {
                    // it has ended, or is somebody else's
                }
            }
        }
        return found;
    }

    private static String read(Path file) {
        try {
            return Files.readString(file, StandardCharsets.ISO_8859_1);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
