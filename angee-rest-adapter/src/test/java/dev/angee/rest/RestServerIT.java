package dev.angee.rest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.angee.AngeeException;
import dev.angee.ErrorCode;
import dev.angee.InvalidInputException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The adapter on a real port. */
@Timeout(120)
class RestServerIT {
    private static final String TOKEN = "canary-token-4711";
    private static final String CLOSE = "Connection: close\r\n\r\n";

    @TempDir
    Path folder;

    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private World world;
    private RestServer server;

    @BeforeEach
    void start() {
        world = new World(folder);
        server = RestServer.start(new RestAdapter(world.angee(), RestOptions.defaults()));
    }

    @AfterEach
    void end() throws Exception {
        server.close();
        world.close();
    }

    @Test
    void serves_on_a_free_port_of_the_loopback_address() throws Exception {
        assertThat(server.uri().toString()).matches("http://127\\.0\\.0\\.1:\\d+");

        HttpResponse<String> response = get("/healthz");

        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.body()).isEqualTo("{\"status\":\"ok\"}\n");
        assertThat(response.headers().firstValue("Content-Type")).hasValue("application/json");
        assertThat(response.headers().firstValue("Content-Length")).hasValue("16");
    }

    @Test
    void the_whole_circle_works_from_outside() throws Exception {
        String workspace = "{\"template\":\"dev\",\"name\":\"feat-x\",\"inputs\":{\"title\":\"\u00dcber <b>\"}}";

        assertThat(post("/workspaces", workspace).statusCode()).isEqualTo(201);
        assertThat(get("/workspaces/feat-x").body()).startsWith("{\"name\":\"feat-x\",\"path\":\"");
        assertThat(world.read("workspaces/feat-x/README.md")).isEqualTo("# \u00dcber <b>\n");
        assertThat(post("/stack/up", "{\"services\":[\"worker\"]}").body()).isEqualTo("{\"status\":\"started\"}\n");
        assertThat(get("/stack/status").body())
                .contains("\"worker\":{\"name\":\"worker\",\"runtime\":\"local\",\"status\":\"running\"}");
        assertThat(post("/stack/down", "").body()).isEqualTo("{\"status\":\"stopped\"}\n");
        assertThat(get("/stack/status").body()).doesNotContain("running").contains("\"workspaces\":{\"feat-x\":");
    }

    @ParameterizedTest
    @CsvSource({
        "GET,/nope,404,404 page not found",
        "DELETE,/stack/status,405,Method Not Allowed",
        "PATCH,/workspaces,405,Method Not Allowed"
    })
    void what_no_route_answers_is_answered_in_plain_text(String method, String path, int status, String body)
            throws Exception {
        HttpResponse<String> response = send(request(path).method(method, BodyPublishers.ofString("{}")));

        assertThat(response.statusCode()).isEqualTo(status);
        assertThat(response.body()).isEqualTo(body + "\n");
        assertThat(response.headers().firstValue("Content-Type")).hasValue("text/plain; charset=utf-8");
        assertThat(response.headers().firstValue("Allow").isPresent()).isEqualTo(status == 405);
    }

    @Test
    void head_is_the_headers_of_get_and_leaves_the_connection_usable() throws Exception {
        try (RawClient raw = new RawClient(server.uri())) {
            raw.send("HEAD /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n");
            String head = raw.until("\r\n\r\n");
            raw.send("GET /healthz HTTP/1.1\r\nHost: localhost\r\n" + CLOSE);
            String get = raw.rest();

            assertThat(head).startsWith("HTTP/1.1 200 OK\r\n");
            assertThat(head.toLowerCase(Locale.ROOT)).contains("content-length: 16\r\n");
            assertThat(get).startsWith("HTTP/1.1 200 OK\r\n").endsWith("\r\n\r\n{\"status\":\"ok\"}\n");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"{", "{\"services\":7}", "\u0000\u0001"})
    void a_malformed_body_is_400(String body) throws Exception {
        HttpResponse<String> response = post("/stack/up", body);

        assertThat(response.statusCode()).isEqualTo(400);
        assertThat(response.body()).startsWith("{\"error\":\"the body ");
    }

    @Test
    void an_oversize_body_is_400_with_and_without_its_length_announced() throws Exception {
        byte[] body = new byte[3 * 1024 * 1024];

        for (HttpRequest.BodyPublisher publisher : List.of(
                BodyPublishers.ofByteArray(body), BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(body)))) {
            HttpResponse<String> response = send(request("/stack/up").POST(publisher));

            assertThat(response.statusCode()).isEqualTo(400);
            assertThat(response.body()).isEqualTo("{\"error\":\"the body is longer than 1048576 bytes\"}\n");
        }
    }

    @Test
    void an_untidy_path_is_redirected_on_this_host_with_method_and_body() throws Exception {
        String answer = raw("GET //stack/status?a=b HTTP/1.1\r\nHost: localhost\r\n" + CLOSE);
        assertThat(answer).startsWith("HTTP/1.1 307 ").contains("Location: /stack/status?a=b\r\n");

        HttpClient following = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .followRedirects(HttpClient.Redirect.NORMAL)
                .build();
        HttpResponse<String> response = following.send(
                request("/x/..//stack/up")
                        .POST(BodyPublishers.ofString("{\"services\":[\"nope\"]}"))
                        .build(),
                BodyHandlers.ofString());
        assertThat(response.statusCode()).isEqualTo(404);
        assertThat(response.body()).startsWith("{\"kind\":\"service\",\"name\":\"nope\"");
    }

    @Test
    void a_target_in_the_form_for_proxies_is_understood_and_judged_by_its_host_header() throws Exception {
        assertThat(raw("GET http://localhost/healthz?x HTTP/1.1\r\nHost: localhost\r\n" + CLOSE))
                .startsWith("HTTP/1.1 200 ");
        assertThat(raw("GET http://localhost/healthz HTTP/1.1\r\nHost: evil.example\r\n" + CLOSE))
                .startsWith("HTTP/1.1 403 ");
    }

    @Test
    void without_a_token_a_foreign_or_missing_host_is_403_S3() throws Exception {
        assertThat(raw("GET /stack/status HTTP/1.1\r\nHost: evil.example\r\n" + CLOSE))
                .startsWith("HTTP/1.1 403 ")
                .endsWith("{\"error\":\"the Host header must name localhost or a loopback address; "
                        + "set a token to serve others\"}\n");
        assertThat(raw("GET /stack/status HTTP/1.0\r\n\r\n")).startsWith("HTTP/1.1 403 ");
        assertThat(raw("GET /stack/status HTTP/1.1\r\nHost: localhost\r\nHost: evil.example\r\n" + CLOSE))
                .startsWith("HTTP/1.1 403 ");
    }

    @Test
    void a_page_of_another_origin_changes_nothing_S3() throws Exception {
        String up = "POST /stack/up HTTP/1.1\r\nHost: 127.0.0.1:9000\r\nContent-Type: text/plain\r\n";

        assertThat(raw(up + "Origin: https://evil.example\r\nContent-Length: 0\r\n" + CLOSE))
                .startsWith("HTTP/1.1 403 ");
        assertThat(raw(up + "Sec-Fetch-Site: cross-site\r\nContent-Length: 2\r\n" + CLOSE + "{}"))
                .startsWith("HTTP/1.1 403 ");
        assertThat(get("/stack/status").body()).doesNotContain("running");
    }

    @Test
    void with_a_token_only_its_holder_comes_in() throws Exception {
        try (RestServer closed = RestServer.start(
                new RestAdapter(world.angee(), RestOptions.defaults().token(TOKEN)), "localhost", 0)) {
            URI status = closed.uri().resolve("/stack/status");

            HttpResponse<String> without = send(HttpRequest.newBuilder(status));
            HttpResponse<String> with = send(HttpRequest.newBuilder(status).header("Authorization", "Bearer " + TOKEN));
            HttpResponse<String> health =
                    send(HttpRequest.newBuilder(closed.uri().resolve("/healthz")));

            assertThat(closed.uri().toString()).startsWith("http://localhost:");
            assertThat(without.statusCode()).isEqualTo(401);
            assertThat(without.body()).isEqualTo("{\"error\":\"unauthorized\"}\n");
            assertThat(without.headers().firstValue("WWW-Authenticate")).isEmpty();
            assertThat(with.statusCode()).isEqualTo(200);
            assertThat(health.statusCode()).isEqualTo(200);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"0.0.0.0", "::", "10.0.0.1", "example.org", "127.0.0.1.example.org", "", " "})
    void without_a_token_it_listens_where_only_this_host_can_reach_it(String host) {
        RestAdapter adapter = new RestAdapter(world.angee(), RestOptions.defaults());

        assertThatThrownBy(() -> RestServer.start(adapter, host, 0))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageStartingWith("host: ");
    }

    @Test
    void with_a_token_it_listens_anywhere() throws Exception {
        RestAdapter adapter =
                new RestAdapter(world.angee(), RestOptions.defaults().token(TOKEN));

        try (RestServer everywhere = RestServer.start(adapter, "0.0.0.0", 0)) {
            String answer = RawClient.exchange(
                    URI.create("http://127.0.0.1:" + everywhere.uri().getPort()),
                    "GET /stack/status HTTP/1.1\r\nHost: stack.example\r\nAuthorization: Bearer " + TOKEN + "\r\n"
                            + CLOSE);

            assertThat(answer).startsWith("HTTP/1.1 200 ");
        }
    }

    @Test
    void a_port_that_is_taken_or_is_none_is_said_plainly() throws Exception {
        RestAdapter adapter = new RestAdapter(world.angee(), RestOptions.defaults());

        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            assertThatThrownBy(() -> RestServer.start(adapter, "127.0.0.1", taken.getLocalPort()))
                    .isInstanceOfSatisfying(
                            AngeeException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.UNAVAILABLE))
                    .hasMessageStartingWith("cannot listen on 127.0.0.1:" + taken.getLocalPort());
        }
        assertThatThrownBy(() -> RestServer.start(adapter, "127.0.0.1", 65536))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageStartingWith("port: ");
    }

    @Test
    void an_operation_goes_on_to_its_end_when_its_client_goes_away_R35() throws Exception {
        CountDownLatch entered = new CountDownLatch(1);
        CountDownLatch release = new CountDownLatch(1);
        world.runtime().first(() -> {
            entered.countDown();
            release.await();
        });

        try (RawClient raw = new RawClient(server.uri())) {
            raw.send("POST /stack/up HTTP/1.1\r\nHost: localhost\r\nContent-Length: 0\r\n\r\n");
            assertThat(entered.await(20, TimeUnit.SECONDS)).isTrue();
        }
        assertThat(get("/stack/status").body()).doesNotContain("running");
        release.countDown();

        await().atMost(Duration.ofSeconds(20))
                .untilAsserted(() -> assertThat(get("/stack/status").body())
                        .contains("\"health\":\"healthy\"", "\"worker\",\"runtime\":\"local\",\"status\":\"running\""));
    }

    @Test
    void many_clients_at_once_are_all_answered() {
        List<CompletableFuture<HttpResponse<String>>> answers = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            answers.add(client.sendAsync(request("/workspaces").build(), BodyHandlers.ofString()));
        }

        assertThat(answers)
                .allSatisfy(
                        answer -> assertThat(answer.get(60, TimeUnit.SECONDS).body())
                                .isEqualTo("{\"nodes\":[],\"total_count\":0}\n"));
    }

    @Test
    void broken_requests_get_an_error_or_nothing_and_never_a_stack_trace() throws Exception {
        byte[] sound = "POST /stack/down?a=b HTTP/1.1\r\nHost: localhost\r\nContent-Length: 2\r\n\r\n{}"
                .getBytes(StandardCharsets.ISO_8859_1);
        Random random = new Random(20_26);

        for (int i = 0; i < 500; i++) {
            byte[] broken = sound.clone();
            for (int n = 1 + random.nextInt(4); n > 0; n--) {
                broken[random.nextInt(broken.length)] = (byte) random.nextInt(256);
            }
            String request = new String(broken, 0, 1 + random.nextInt(broken.length), StandardCharsets.ISO_8859_1);

            assertThat(answer(request)).doesNotContain("\tat ", "java.", "dev.angee");
        }
        assertThat(get("/healthz").statusCode()).isEqualTo(200);
    }

    @Test
    void closing_lets_a_request_under_way_finish_and_takes_no_more() throws Exception {
        server.close();
        RestOptions patient = RestOptions.defaults().grace(Duration.ofMinutes(1));
        server = RestServer.start(new RestAdapter(world.angee(), patient));
        CountDownLatch entered = new CountDownLatch(1);
        CountDownLatch release = new CountDownLatch(1);
        world.runtime().first(() -> {
            entered.countDown();
            release.await();
        });
        CompletableFuture<HttpResponse<String>> up = client.sendAsync(
                request("/stack/up").POST(BodyPublishers.noBody()).build(), BodyHandlers.ofString());
        assertThat(entered.await(20, TimeUnit.SECONDS)).isTrue();

        CompletableFuture<Void> closing = CompletableFuture.runAsync(server::close);
        await().atMost(Duration.ofSeconds(20))
                .until(() -> answer("GET /healthz HTTP/1.1\r\nHost: localhost\r\n" + CLOSE)
                        .isEmpty());
        assertThat(closing).isNotDone();
        release.countDown();

        assertThat(up.get(20, TimeUnit.SECONDS).body()).isEqualTo("{\"status\":\"started\"}\n");
        closing.get(20, TimeUnit.SECONDS);
        assertThatThrownBy(() -> new RawClient(server.uri())).isInstanceOf(IOException.class);
        await().atMost(Duration.ofSeconds(10))
                .untilAsserted(() -> assertThat(threads()).isEmpty());
    }

    @Test
    void closing_interrupts_what_is_still_under_way_after_the_grace() throws Exception {
        CountDownLatch entered = new CountDownLatch(1);
        CountDownLatch never = new CountDownLatch(1);
        world.runtime().first(() -> {
            entered.countDown();
            never.await();
        });
        RestOptions impatient = RestOptions.defaults().grace(Duration.ofMillis(50));
        RestServer other = RestServer.start(new RestAdapter(world.angee(), impatient));
        CompletableFuture<HttpResponse<String>> up = client.sendAsync(
                HttpRequest.newBuilder(other.uri().resolve("/stack/up"))
                        .POST(BodyPublishers.noBody())
                        .build(),
                BodyHandlers.ofString());
        assertThat(entered.await(20, TimeUnit.SECONDS)).isTrue();

        other.close();

        assertThat(up.get(20, TimeUnit.SECONDS).statusCode()).isEqualTo(503);
        assertThat(up.get().body()).startsWith("{\"error\":\"interrupted");
    }

    @Test
    void closing_is_quick_when_nothing_is_under_way_and_twice_is_no_error() {
        server.close();
        server.close();

        await().atMost(Duration.ofSeconds(10))
                .untilAsserted(() -> assertThat(threads()).isEmpty());
    }

    @Test
    void closing_leaves_the_stack_and_the_instance_as_they_are() throws Exception {
        assertThat(post("/stack/up", "").statusCode()).isEqualTo(200);

        server.close();

        assertThat(world.angee().stack().status().services().get("worker").state())
                .isEqualTo("running");
    }

    /** The threads of this server and of the JDK's part of it. */
    private List<String> threads() {
        String own = "angee-rest-" + server.uri().getPort() + "-";
        return Thread.getAllStackTraces().keySet().stream()
                .map(Thread::getName)
                .filter(name -> name.startsWith(own) || name.equals("HTTP-Dispatcher"))
                .toList();
    }

    private HttpResponse<String> get(String path) throws Exception {
        return send(request(path));
    }

    private HttpResponse<String> post(String path, String body) throws Exception {
        return send(request(path).POST(BodyPublishers.ofString(body)));
    }

    private HttpResponse<String> send(HttpRequest.Builder request) throws Exception {
        return client.send(request.timeout(Duration.ofSeconds(60)).build(), BodyHandlers.ofString());
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create(server.uri() + path));
    }

    private String raw(String request) throws IOException {
        return RawClient.exchange(server.uri(), request);
    }

    /** The answer, or nothing where the connection was broken off. */
    private String answer(String request) {
        try {
            return raw(request);
        } catch (IOException e) {
            return "";
        }
    }
}
