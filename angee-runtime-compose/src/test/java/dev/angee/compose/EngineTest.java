package dev.angee.compose;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.angee.AngeeException;
import dev.angee.ErrorCode;
import dev.angee.plan.Launch;
import dev.angee.plan.ProjectName;
import dev.angee.plan.RuntimePlan;
import dev.angee.plan.Workload;
import dev.angee.runtime.BackendInfo;
import dev.angee.runtime.DownOptions;
import dev.angee.runtime.LogQuery;
import dev.angee.runtime.RunOptions;
import dev.angee.runtime.Selection;
import dev.angee.runtime.StartOptions;
import dev.angee.runtime.StopOptions;
import dev.angee.runtime.UpOptions;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Engines that are not there, do not answer, or are no engines. */
@Timeout(60)
class EngineTest {
    private static final ProjectName PROJECT = new ProjectName("p-1");
    private static final Workload JOB =
            Workload.job("j", new Launch.Image("busybox:local")).build();

    @TempDir
    Path root;

    @Test
    void without_an_engine_everything_is_unavailable_and_says_where_it_was_looked_for() throws Exception {
        Path socket = root.resolve("nobody.sock");
        try (ComposeBackend backend = open("echo 'Cannot connect to the Docker daemon at x' >&2; exit 1", socket)) {
            RuntimePlan plan = RuntimePlan.of(PROJECT, root, List.of());
            for (ThrowingCallable call : List.<ThrowingCallable>of(
                    backend::status,
                    backend::events,
                    () -> backend.logs(LogQuery.all()),
                    () -> backend.up(plan, UpOptions.defaults()),
                    () -> backend.start(Selection.all(), StartOptions.defaults()),
                    () -> backend.stop(Selection.all(), StopOptions.defaults()),
                    () -> backend.down(DownOptions.defaults()))) {
                assertUnavailable(call).hasMessageContaining(socket.toString());
            }
            assertUnavailable(() -> backend.run(JOB, RunOptions.defaults()));
        }
        assertThat(root.resolve("docker-compose.yaml")).doesNotExist();
    }

    @Test
    void a_slow_removal_is_no_engine_that_hangs() throws Exception {
        Path socket = root.resolve("s");
        ComposeSettings hasty = settings().dockerHost("unix://" + socket).engineTimeout(Duration.ofMillis(100));
        try (ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
                EngineSession session = new EngineSession(hasty)) {
            server.bind(UnixDomainSocketAddress.of(socket));
            CompletableFuture<Void> slow = CompletableFuture.runAsync(() -> removeSlowly(server));
            session.engine().remove("0123456789ab");
            slow.get(10, TimeUnit.SECONDS);
        }
    }

    /** An engine with a slow disk, for one request. */
    private static void removeSlowly(ServerSocketChannel server) {
        try (SocketChannel client = server.accept()) {
            ByteBuffer request = ByteBuffer.allocate(4096);
            client.read(request);
            assertThat(new String(request.array(), StandardCharsets.US_ASCII)).startsWith("DELETE ");
            new CompletableFuture<Void>()
                    .completeOnTimeout(null, 1, TimeUnit.SECONDS)
                    .join();
            String answer = "HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n";
            client.write(ByteBuffer.wrap(answer.getBytes(StandardCharsets.US_ASCII)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void a_container_that_ends_while_it_is_asked_runs_no_programs() {
        assertThat(Engine.lastColumn(null)).isEmpty();
        assertThat(Engine.lastColumn(new String[][] {{"1", "docker-init"}, {"7", "sh"}}))
                .containsExactly("docker-init", "sh");
    }

    @Test
    void an_engine_that_hangs_is_given_up_after_its_time_and_holds_no_thread_R46() throws Exception {
        Path socket = root.resolve("s");
        try (ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            server.bind(UnixDomainSocketAddress.of(socket)); // connections wait in its queue for ever
            try (ComposeBackend backend = open("exit 1", socket)) {
                assertUnavailable(backend::status).hasMessageContaining("did not answer within 300 ms");
                await().atMost(Duration.ofSeconds(10)).until(() -> frames().noneMatch(f -> f.contains("dockerjava")));
            }
        }
        await().atMost(Duration.ofSeconds(10)).until(() -> frames().findAny().isEmpty());
    }

    /** What the backend's threads are doing. */
    private static Stream<String> frames() {
        return Thread.getAllStackTraces().entrySet().stream()
                .filter(e -> e.getKey().getName().equals("angee-compose " + PROJECT))
                .flatMap(e -> Arrays.stream(e.getValue()))
                .map(StackTraceElement::toString);
    }

    @Test
    void describe_asks_for_compose_2_where_there_is_an_older_one_or_none() throws Exception {
        for (String script : List.of("echo 1.29.2", "echo 'unknown command: docker compose' >&2; exit 125", "echo ?")) {
            try (ComposeBackend backend = open(script, root.resolve("nobody.sock"))) {
                assertThat(backend.describe().usable()).isFalse();
                assertThat(backend.describe().problem()).contains("version 2").contains("install");
            }
        }
    }

    @Test
    void describe_says_that_the_engine_is_missing_and_where_it_was_looked_for() throws Exception {
        Path socket = root.resolve("nobody.sock");
        try (ComposeBackend backend = open("echo v2.26.1-4", socket)) {
            BackendInfo info = backend.describe();
            assertThat(info.usable()).isFalse();
            assertThat(info.problem()).contains(socket.toString()).contains("start it");
        }
    }

    @Test
    void describe_does_not_throw_for_a_missing_program_or_a_nonsense_address() {
        ComposeSettings nothing = settings().program(root.resolve("nowhere").toString());
        try (ComposeBackend backend = ComposeBackend.open(PROJECT, root, nothing)) {
            assertThat(backend.describe().problem()).contains("install");
        }
    }

    @Test
    void an_address_nobody_understands_is_a_problem_and_no_crash() throws Exception {
        ComposeSettings odd =
                settings().program(script("echo 2.26.1").toString()).dockerHost("carrier-pigeon:\\x");
        try (ComposeBackend backend = ComposeBackend.open(PROJECT, root, odd)) {
            assertThat(backend.describe().usable()).isFalse();
            assertThat(backend.describe().problem()).contains("carrier-pigeon");
        }
    }

    @Test
    void a_closed_backend_refuses_and_closing_twice_is_no_error() throws Exception {
        ComposeBackend backend = open("exit 1", root.resolve("nobody.sock"));
        backend.close();
        backend.close();
        assertUnavailable(backend::status).hasMessageContaining("was closed");
        assertThat(backend.describe().problem()).contains("was closed");
    }

    private static org.assertj.core.api.AbstractThrowableAssert<?, ? extends Throwable> assertUnavailable(
            ThrowingCallable call) {
        return assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        AngeeException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.UNAVAILABLE));
    }

    private ComposeBackend open(String script, Path socket) throws IOException {
        return ComposeBackend.open(
                PROJECT, root, settings().program(script(script).toString()).dockerHost("unix://" + socket));
    }

    private static ComposeSettings settings() {
        return ComposeSettings.of(System.getenv()).engineTimeout(Duration.ofMillis(300));
    }

    private Path script(String body) throws IOException {
        Path file = Files.writeString(root.resolve("docker"), "#!/bin/sh\n" + body + "\n");
        return Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwx------"));
    }
}
