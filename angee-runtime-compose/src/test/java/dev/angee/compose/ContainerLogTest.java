package dev.angee.compose;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.angee.plan.ProjectName;
import dev.angee.runtime.Health;
import dev.angee.runtime.LogLine;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Answers of the engine that a real one seldom gives. */
@Timeout(60)
class ContainerLogTest {
    private static final String HEAD =
            "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nTransfer-Encoding: chunked\r\n\r\n";
    private static final String END = "0\r\n\r\n";
    private static final ProjectContainer CONTAINER = new ProjectContainer(
            "abc",
            "web",
            false,
            "",
            "running",
            0,
            0,
            "",
            "",
            "",
            false,
            Health.NONE,
            "",
            Optional.empty(),
            Set.of(),
            1,
            0,
            false);

    @TempDir
    Path folder;

    private final ExecutorService workers = Executors.newCachedThreadPool();
    private final List<String> requests = new CopyOnWriteArrayList<>();
    private final CompletableFuture<Optional<Throwable>> ended = new CompletableFuture<>();
    private final LineBuffer buffer = new LineBuffer();
    private ServerSocketChannel server;
    private EngineStreams streams;

    @BeforeEach
    void listen() throws IOException {
        Path socket = folder.resolve("s");
        server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        server.bind(UnixDomainSocketAddress.of(socket));
        String host = "unix://" + socket;
        streams = new EngineStreams(
                host,
                new ProjectName("p").value(),
                workers,
                new EngineConnection(host),
                Duration.ofSeconds(20),
                new Pulse(workers, Duration.ofSeconds(10), () -> {}));
    }

    @AfterEach
    void endEverything() throws Exception {
        server.close();
        workers.shutdownNow();
        assertThat(workers.awaitTermination(10, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void what_the_engine_leaves_out_at_the_end_of_a_followed_log_is_asked_for() throws Exception {
        answer(
                HEAD + chunk(entry(1, "00:01.000000001Z one\n")) + chunk(entry(1, "00:02.000000002Z tw")) + END,
                HEAD + chunk(entry(1, "00:02.000000002Z tw")) + chunk(entry(1, "00:02.000000003Z o\n")) + END);
        assertThat(lines(LogRange.following(5, Instant.EPOCH))).containsExactly("one", "two");
        assertThat(requests)
                .containsExactly(
                        "GET /containers/abc/logs?stdout=1&stderr=1&timestamps=1&follow=1&tail=5 HTTP/1.1",
                        "GET /containers/abc/logs?stdout=1&stderr=1&timestamps=1&follow=0&tail=all"
                                + "&since=1767225601.000000002 HTTP/1.1");
    }

    /** The engine gives all pieces of a long line one time. */
    @Test
    void of_the_pieces_of_a_long_line_none_is_left_out_at_the_end_and_none_comes_twice_R19() throws Exception {
        String piece = chunk(entry(1, "00:02.000000002Z " + "x".repeat(16384)));
        answer(HEAD + piece + piece + END, HEAD + piece + piece + piece + chunk(entry(1, "00:02.000000002Z \n")) + END);
        assertThat(lines(LogRange.following(-1, Instant.EPOCH))).containsExactly("x".repeat(3 * 16384));
    }

    @Test
    void a_followed_log_without_entries_is_asked_for_those_since_it_was_opened() throws Exception {
        answer(HEAD + END, HEAD + END);
        assertThat(lines(LogRange.following(0, Instant.ofEpochSecond(7, 8)))).isEmpty();
        assertThat(requests.get(1)).contains("&since=7.000000008 ");
    }

    @Test
    void entries_may_be_cut_anywhere_on_their_way() throws Exception {
        String body = entry(1, "00:01.5Z out \n") + entry(2, "00:01.6Z err\n") + entry(1, "00:01.7Z \n");
        StringBuilder cut = new StringBuilder(HEAD);
        body.chars().forEach(c -> cut.append(chunk(Character.toString(c))));
        answer(cut + END);
        assertThat(lines(LogRange.last(-1))).containsExactly("out ", "err", "");
    }

    @Test
    void a_container_that_is_gone_has_no_more_entries() throws Exception {
        answer("HTTP/1.1 404 Not Found\r\nContent-Length: 2\r\n\r\n{}");
        assertThat(lines(LogRange.last(-1))).isEmpty();
        assertThat(ended.get()).isEmpty();
    }

    @Test
    void an_engine_that_dies_within_its_answer_is_no_end_of_the_log() throws Exception {
        for (String answer : List.of(
                HEAD + chunk(entry(1, "00:01.5Z out\n")), HEAD + "ff\r\n" + entry(1, "00:01.5Z out\n"), "HTT")) {
            CompletableFuture<Optional<Throwable>> end = new CompletableFuture<>();
            answer(answer);
            ContainerLog.read(streams, CONTAINER, LogRange.last(-1), buffer, (l, f) -> end.complete(f));
            assertThat(end.get(20, TimeUnit.SECONDS))
                    .hasValueSatisfying(f -> assertThat(f).isInstanceOf(IOException.class));
        }
    }

    @Test
    void an_error_of_the_engine_is_told() throws Exception {
        answer("HTTP/1.1 501 x\r\nContent-Length: 20\r\n\r\nno logs by this driver");
        ContainerLog.read(streams, CONTAINER, LogRange.last(-1), buffer, (l, f) -> ended.complete(f));
        assertThat(ended.get(20, TimeUnit.SECONDS))
                .hasValueSatisfying(f -> assertThat(f).hasMessageContaining("no logs by this driver"));
    }

    @Test
    void closing_ends_a_read_that_waits_and_tells_nobody() throws Exception {
        answer(HEAD + chunk(entry(1, "00:01.5Z out\n")) + "wait");
        ContainerLog log = ContainerLog.read(
                streams, CONTAINER, LogRange.following(-1, Instant.EPOCH), buffer, (l, f) -> ended.complete(f));
        assertThat(buffer.next(null)).map(LogLine::text).contains("out");
        log.close();
        await().atMost(Duration.ofSeconds(10))
                .until(() -> Thread.getAllStackTraces().values().stream()
                        .flatMap(Arrays::stream)
                        .noneMatch(f -> f.getClassName().equals(EngineResponse.class.getName())));
        assertThat(ended).isNotDone();
    }

    private List<String> lines(LogRange range) throws Exception {
        ContainerLog.read(streams, CONTAINER, range, buffer, (l, f) -> {
            ended.complete(f);
            buffer.end();
        });
        List<String> lines = new ArrayList<>();
        for (Optional<LogLine> line = buffer.next(null); line.isPresent(); line = buffer.next(null)) {
            lines.add(line.get().text());
        }
        assertThat(ended.get(20, TimeUnit.SECONDS)).isEmpty();
        return lines;
    }

    /** One answer a connection; one that ends with {@code wait} leaves it open. */
    private void answer(String... answers) {
        workers.execute(() -> {
            try {
                for (String each : answers) {
                    answer(server.accept(), each);
                }
            } catch (IOException e) {
                requests.add(e.toString());
            }
        });
    }

    private void answer(SocketChannel client, String answer) throws IOException {
        ByteBuffer request = ByteBuffer.allocate(10_000);
        client.read(request);
        String text = new String(request.array(), 0, request.position(), StandardCharsets.US_ASCII);
        requests.add(text.lines().findFirst().orElse(""));
        boolean open = answer.endsWith("wait");
        String bytes = open ? answer.substring(0, answer.length() - 4) : answer;
        client.write(ByteBuffer.wrap(bytes.getBytes(StandardCharsets.ISO_8859_1)));
        if (!open) {
            client.close();
        }
    }

    private static String chunk(String bytes) {
        return Integer.toHexString(bytes.length()) + "\r\n" + bytes + "\r\n";
    }

    /** A frame with an entry of the first minute of 2026. */
    private static String entry(int stream, String text) {
        String whole = "2026-01-01T00:" + text;
        ByteArrayOutputStream frame = new ByteArrayOutputStream();
        frame.write(stream);
        frame.writeBytes(new byte[3]);
        frame.writeBytes(ByteBuffer.allocate(4).putInt(whole.length()).array());
        frame.writeBytes(whole.getBytes(StandardCharsets.ISO_8859_1));
        return frame.toString(StandardCharsets.ISO_8859_1);
    }
}
