package dev.angee.compose;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.angee.plan.HealthCheck;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The probes of containers with what other images than busybox have: the tools of this host, one at a time. */
@Timeout(value = 2, unit = TimeUnit.MINUTES)
class ProbeScriptIT {
    private static final Duration PATIENCE = Duration.ofSeconds(2);

    private static final byte[] IPV6_LOOPBACK = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1};

    @TempDir
    Path folder;

    private final List<String> asked = new CopyOnWriteArrayList<>();
    private final CountDownLatch over = new CountDownLatch(1);
    private final ExecutorService workers = Executors.newCachedThreadPool();
    private HttpServer server;

    @BeforeEach
    void serve() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getByAddress(new byte[] {127, 0, 0, 1}), 0), 0);
        server.setExecutor(workers);
        server.createContext("/", this::answer);
        server.start();
    }

    @AfterEach
    void end() throws InterruptedException {
        over.countDown();
        server.stop(0);
        workers.shutdownNow();
        assertThat(workers.awaitTermination(10, TimeUnit.SECONDS)).isTrue();
    }

    private void answer(HttpExchange exchange) throws IOException {
        asked.add(exchange.getRequestMethod() + " " + exchange.getRequestURI() + " "
                + exchange.getRequestHeaders().getFirst("Host"));
        String path = exchange.getRequestURI().getPath();
        if (path.startsWith("/moved")) {
            exchange.getResponseHeaders().add("Location", "http://localhost:" + port() + "/500");
        }
        if (path.startsWith("/hangs")) {
            waitForTheEnd();
        }
        exchange.sendResponseHeaders(status(path), 0);
        try (OutputStream out = exchange.getResponseBody()) {
            out.write("HTTP/1.1 500 no status line\n".getBytes(StandardCharsets.UTF_8));
            out.flush();
            if (path.startsWith("/endless")) {
                waitForTheEnd();
            }
        }
    }

    private static int status(String path) {
        return path.matches("/[2-5][0-9][0-9].*")
                ? Integer.parseInt(path.substring(1, 4))
                : path.startsWith("/moved") ? 302 : 200;
    }

    private void waitForTheEnd() {
        try {
            over.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"curl", "wget", "bash"})
    void any_status_from_200_to_399_is_a_success_and_no_body_is_read(String tool) throws Exception {
        for (String path : List.of("/", "/204", "/301", "/399", "/moved", "/endless", "/a b#ü?c=$HOME&d='[1-9]*")) {
            assertThat(http(tool, path)).as(path).isEqualTo(new Said(0, ""));
        }
        assertThat(asked)
                .contains("GET /a%20b%23%C3%BC?c=$HOME&d='[1-9]* localhost:" + port())
                .allMatch(each -> each.startsWith("GET "));
    }

    @ParameterizedTest
    @ValueSource(strings = {"curl", "wget", "bash"})
    void any_other_status_is_a_failure_that_is_told(String tool) throws Exception {
        for (int status : new int[] {400, 404, 500, 599}) {
            assertThat(http(tool, "/" + status))
                    .isEqualTo(new Said(1, "GET /" + status + " on port " + port() + ": status " + status));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"curl", "wget", "bash"})
    void nobody_who_listens_and_nobody_who_answers_is_a_failure(String tool) throws Exception {
        Said refused = run(tool, ProbeScript.http(new HealthCheck.Http(freePort(), "/"), PATIENCE));
        assertThat(refused.code()).isEqualTo(1);
        assertThat(refused.text()).startsWith("GET / on port ").contains("onnect");
        assertThat(http(tool, "/hangs").code()).isEqualTo(1);
        await("nobody who still asks").atMost(Duration.ofSeconds(10)).until(() -> askers() == 0);
    }

    /** Processes that go on asking, also those whose parent has ended. */
    private long askers() {
        return ProcessHandle.allProcesses()
                .map(p -> p.info().commandLine().orElse(""))
                .filter(line -> line.contains("/hangs") && line.contains(String.valueOf(port())))
                .count();
    }

    @Test
    void an_image_with_nothing_to_ask_with_is_told_what_to_do() throws Exception {
        assertThat(http("", "/").text()).contains("none of curl, wget and bash", "exec check");
        assertThat(tcp("", port()).text()).contains("neither nc nor bash", "exec check");
    }

    @ParameterizedTest
    @ValueSource(strings = {"nc", "bash"})
    void a_port_that_takes_a_connection_is_a_success_and_any_other_a_failure(String tool) throws Exception {
        assertThat(tcp(tool, port())).isEqualTo(new Said(0, ""));
        Said refused = tcp(tool, freePort());
        assertThat(refused.code()).isEqualTo(1);
        assertThat(refused.text()).startsWith("port ");
    }

    @ParameterizedTest
    @ValueSource(strings = {"curl", "wget", "bash"})
    void a_server_on_the_other_loopback_address_is_found(String tool) throws Exception {
        server.stop(0);
        try {
            server = HttpServer.create(new InetSocketAddress(InetAddress.getByAddress(IPV6_LOOPBACK), 0), 0);
        } catch (IOException e) {
            assumeTrue(false, "no IPv6 here: " + e);
        }
        server.setExecutor(workers);
        server.createContext("/", this::answer);
        server.start();
        assertThat(http(tool, "/")).isEqualTo(new Said(0, ""));
        assertThat(tcp("bash", port())).isEqualTo(new Said(0, ""));
    }

    /** How a probe ended. */
    private record Said(int code, String text) {}

    private int port() {
        return server.getAddress().getPort();
    }

    private Said http(String tool, String path) throws IOException, InterruptedException {
        return run(tool, ProbeScript.http(new HealthCheck.Http(port(), path), PATIENCE));
    }

    private Said tcp(String tool, int port) throws IOException, InterruptedException {
        return run(tool, ProbeScript.tcp(new HealthCheck.Tcp(port), PATIENCE));
    }

    /** Runs it where there is just this tool. */
    private Said run(String tool, List<String> words) throws IOException, InterruptedException {
        Path path = Files.createDirectories(folder.resolve("only " + tool));
        for (String each : tool.isEmpty() ? List.of("true", "timeout") : List.of("true", "timeout", tool)) {
            Path link = path.resolve(each);
            if (!Files.exists(link)) {
                Files.createSymbolicLink(link, find(each));
            }
        }
        Path said = Files.createTempFile(folder, "said", "");
        ProcessBuilder builder =
                new ProcessBuilder(words).redirectErrorStream(true).redirectOutput(said.toFile());
        builder.environment().clear();
        builder.environment().put("PATH", path.toString());
        builder.environment().put("http_proxy", "http://127.0.0.1:1");
        Process process = builder.start();
        process.getOutputStream().close();
        boolean ended = process.waitFor(20, TimeUnit.SECONDS);
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
        assertThat(ended).as("%s", words).isTrue();
        return new Said(process.exitValue(), Files.readString(said).strip());
    }

    private static Path find(String tool) {
        Path found = Stream.of("/usr/bin", "/bin")
                .map(dir -> Path.of(dir, tool))
                .filter(Files::isExecutable)
                .findFirst()
                .orElse(Path.of("/nowhere"));
        assumeTrue(Files.isExecutable(found), "this machine has no " + tool);
        return found;
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }
}
