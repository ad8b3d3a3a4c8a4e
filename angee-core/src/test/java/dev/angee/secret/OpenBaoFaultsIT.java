package dev.angee.secret;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.sun.net.httpserver.HttpServer;
import dev.angee.AngeeException;
import dev.angee.ErrorCode;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Servers that refuse, break, dawdle or talk nonsense. */
@Timeout(value = 1, unit = TimeUnit.MINUTES)
class OpenBaoFaultsIT {
    private static final SecretName NAME = new SecretName("db");
    private static final SecretValue VALUE = SecretValue.of("value-4711");
    private static final String TOKEN = "token-4711";

    private static SecretStore store(String address) {
        return OpenBaoStore.at(OpenBaoSettings.of(Map.of("address", address, "token", TOKEN), Map.of())
                .waiting(Duration.ofSeconds(1)));
    }

    private static List<AngeeException> failures(SecretStore store) {
        return List.of(
                failure(s -> s.get(NAME), store),
                failure(s -> s.put(NAME, VALUE), store),
                failure(s -> s.putIfAbsent(NAME, VALUE), store),
                failure(s -> s.delete(NAME), store),
                failure(SecretStore::keys, store));
    }

    private static AngeeException failure(Consumer<SecretStore> call, SecretStore store) {
        AngeeException failure = catchThrowableOfType(AngeeException.class, () -> call.accept(store));
        assertThat(failure).isNotNull();
        StringWriter everything = new StringWriter();
        failure.printStackTrace(new PrintWriter(everything, true));
        assertThat(everything.toString()).doesNotContain("4711");
        return failure;
    }

    @ParameterizedTest
    @CsvSource({
        "400, FAILED, KV engine of version 2",
        "401, FAILED, check openbao.token or OPENBAO_TOKEN",
        "403, FAILED, check openbao.token or OPENBAO_TOKEN",
        "405, FAILED, refuses the request",
        "429, UNAVAILABLE, try again later",
        "500, UNAVAILABLE, see its log",
        "502, UNAVAILABLE, see its log",
        "503, UNAVAILABLE, unseal it"
    })
    void a_status_becomes_a_code_and_advice_and_the_body_is_not_shown_R24(int status, ErrorCode code, String advice)
            throws IOException {
        String echo = "{\"errors\": [\"value-4711 token-4711\"], \"data\": \"value-4711\"}";
        try (Answering server = new Answering(status, echo, "")) {
            for (AngeeException failure : failures(store(server.address()))) {
                assertThat(failure.code()).isEqualTo(code);
                assertThat(failure).hasMessageContaining(advice).hasMessageContaining(server.address());
                assertThat(failure).hasMessageContaining("status " + status);
            }
        }
    }

    @Test
    void an_answer_that_is_not_what_was_asked_for_is_refused_R24() throws IOException {
        try (Answering server = new Answering(200, "{\"data\": \"value-4711\"}", "")) {
            SecretStore store = store(server.address());
            assertThat(failure(s -> s.get(NAME), store)).hasMessageContaining("KV engine of version 2");
            assertThat(failure(s -> s.putIfAbsent(NAME, VALUE), store).code()).isEqualTo(ErrorCode.FAILED);
            assertThat(failure(SecretStore::keys, store)).hasMessageContaining("check openbao.address");
        }
    }

    @Test
    void a_redirect_is_not_followed_so_the_token_goes_nowhere_else_R24() throws IOException {
        try (Answering other = new Answering(200, "{\"data\":{\"data\":{\"value\":\"4711\"}}}", "");
                Answering server = new Answering(307, "", other.address() + "/v1/x")) {
            for (AngeeException failure : failures(store(server.address()))) {
                assertThat(failure).hasMessageContaining("status 307: it sends us elsewhere");
                assertThat(failure.code()).isEqualTo(ErrorCode.FAILED);
            }
            assertThat(other.asked()).isZero();
        }
    }

    @Test
    void a_server_that_is_not_there_is_unavailable_R24() throws IOException {
        int port;
        try (ServerSocket free = new ServerSocket(0)) {
            port = free.getLocalPort();
        }
        for (AngeeException failure : failures(store("http://127.0.0.1:" + port))) {
            assertThat(failure.code()).isEqualTo(ErrorCode.UNAVAILABLE);
            assertThat(failure).hasMessageContaining("cannot reach OpenBao at http://127.0.0.1:" + port);
        }
        assertThat(failure(s -> s.get(NAME), store("http://no-such-host.invalid:8200"))
                        .code())
                .isEqualTo(ErrorCode.UNAVAILABLE);
    }

    @Test
    void a_server_that_never_answers_is_given_up_R24() throws IOException {
        try (Raw server = new Raw(out -> {})) {
            AngeeException failure = failure(s -> s.get(NAME), store(server.address()));
            assertThat(failure.code()).isEqualTo(ErrorCode.UNAVAILABLE);
            assertThat(failure).hasMessageContaining("did not answer within 1000 ms");
        }
    }

    @Test
    void a_server_that_answers_for_ever_is_given_up_R24() throws IOException {
        try (Raw server = new Raw(out -> {
            out.write("HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\n".getBytes(StandardCharsets.UTF_8));
            while (true) {
                out.write(' ');
                out.flush();
                TimeUnit.MILLISECONDS.sleep(20);
            }
        })) {
            AngeeException failure = failure(s -> s.get(NAME), store(server.address()));
            assertThat(failure.code()).isEqualTo(ErrorCode.UNAVAILABLE);
        }
    }

    @Test
    void a_server_that_talks_nonsense_is_told_from_one_that_does_not_R24() throws IOException {
        for (String nonsense :
                List.of("value-4711\r\n\r\n", "HTTP/1.1 200 OK\r\n\r\nvalue4711", "HTTP/1.1 204 No\r\n\r\n")) {
            try (Raw server = new Raw(out -> {
                out.write(nonsense.getBytes(StandardCharsets.UTF_8));
                out.close();
            })) {
                assertThat(failure(s -> s.get(NAME), store(server.address())).code())
                        .isIn(ErrorCode.FAILED, ErrorCode.UNAVAILABLE);
            }
        }
        try (Raw server = new Raw(out -> {
            out.write("HTTP/1.1 200 OK\r\n\r\n".getBytes(StandardCharsets.UTF_8));
            byte[] block = "[".repeat(65_536).getBytes(StandardCharsets.UTF_8);
            while (true) {
                out.write(block);
            }
        })) {
            assertThat(failure(s -> s.get(NAME), store(server.address())).code())
                    .isEqualTo(ErrorCode.UNAVAILABLE);
        }
    }

    /** Gives one answer to every request. */
    private static final class Answering implements AutoCloseable {
        private final HttpServer server = OpenBaoServer.bind();
        private final AtomicInteger asked = new AtomicInteger();

        Answering(int status, String body, String location) throws IOException {
            server.createContext("/", exchange -> {
                try (exchange) {
                    asked.incrementAndGet();
                    exchange.getRequestBody().readAllBytes();
                    if (!location.isEmpty()) {
                        exchange.getResponseHeaders().set("Location", location);
                    }
                    byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
                    exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
                    exchange.getResponseBody().write(bytes);
                }
            });
            server.start();
        }

        String address() {
            return "http://127.0.0.1:" + server.getAddress().getPort();
        }

        int asked() {
            return asked.get();
        }

        @Override
        public void close() {
            server.stop(0);
        }
    }

    /** Says something to whoever connects, and holds the line. */
    private static final class Raw implements AutoCloseable {
        private final ServerSocket socket = new ServerSocket(0, 8, InetAddress.getLoopbackAddress());
        private final ExecutorService threads = Executors.newCachedThreadPool();
        private final AtomicReference<Socket> last = new AtomicReference<>();

        /** What it says. */
        private interface Speech {
            void to(OutputStream out) throws IOException, InterruptedException;
        }

        Raw(Speech speech) throws IOException {
            threads.execute(() -> accept(speech));
        }

        private void accept(Speech speech) {
            try {
                while (true) {
                    Socket client = socket.accept();
                    last.set(client);
                    threads.execute(() -> speak(speech, client));
                }
            } catch (IOException e) {
                assertThat(socket.isClosed()).isTrue();
            }
        }

        private static void speak(Speech speech, Socket client) {
            try {
                speech.to(client.getOutputStream());
            } catch (IOException | InterruptedException e) {
                Thread.currentThread().interrupt(); // the client has hung up, or the test is over
            }
        }

        String address() {
            return "http://127.0.0.1:" + socket.getLocalPort();
        }

        @Override
        public void close() throws IOException {
            threads.shutdownNow();
            socket.close();
            Socket client = last.get();
            if (client != null) {
                client.close();
            }
        }
    }
}
