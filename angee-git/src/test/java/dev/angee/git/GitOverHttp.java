package dev.angee.git;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.angee.contract.OthersGit;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/** Serves repositories over HTTP with git's own {@code http-backend}. */
final class GitOverHttp implements AutoCloseable {
    private final HttpServer server;
    private final ExecutorService threads = Executors.newFixedThreadPool(4);
    private final Path root;
    private final Optional<String> wanted;
    private final Queue<String> shown = new ConcurrentLinkedQueue<>();
    private final Queue<String> headers = new ConcurrentLinkedQueue<>();
    private volatile Optional<Hold> hold = Optional.empty();

    /** Serves everybody. */
    GitOverHttp(Path root) throws IOException {
        this(root, Optional.empty());
    }

    /** Serves those who show this password. */
    GitOverHttp(Path root, String user, String password) throws IOException {
        this(
                root,
                Optional.of("Basic "
                        + Base64.getEncoder()
                                .encodeToString((user + ":" + password).getBytes(StandardCharsets.UTF_8))));
    }

    /** Serves those who show this header. */
    GitOverHttp(Path root, String authorization) throws IOException {
        this(root, Optional.of(authorization));
    }

    private GitOverHttp(Path root, Optional<String> wanted) throws IOException {
        this.root = root;
        this.wanted = wanted;
        this.server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(threads);
        server.createContext("/", this::answer);
        server.start();
    }

    String url(String repository) {
        return "http://127.0.0.1:" + server.getAddress().getPort() + "/" + repository;
    }

    /** What it was shown in all. */
    List<String> authorizations() {
        return List.copyOf(shown);
    }

    /** All that it was told in all, in lower case. */
    List<String> headers() {
        return List.copyOf(headers);
    }

    /** Does not answer such requests, told by a part of {@code METHOD /path?query}, until that is let go. */
    Hold holding(String part) {
        Hold held = new Hold(part);
        hold = Optional.of(held);
        return held;
    }

    /** Requests that are not answered. */
    static final class Hold implements AutoCloseable {
        private final String part;
        private final CountDownLatch reached = new CountDownLatch(1);
        private final CountDownLatch gone = new CountDownLatch(1);

        private Hold(String part) {
            this.part = part;
        }

        /** Waits until there is one. */
        void awaitRequest() throws InterruptedException {
            assertThat(reached.await(1, TimeUnit.MINUTES)).as("somebody asked").isTrue();
        }

        private void keep(HttpExchange exchange) {
            if (!(exchange.getRequestMethod() + " " + exchange.getRequestURI()).contains(part)) {
                return;
            }
            reached.countDown();
            try {
                gone.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }

        /** Has them answered. */
        void letGo() {
            gone.countDown();
        }

        @Override
        public void close() {
            letGo();
        }
    }

    private void answer(HttpExchange exchange) throws IOException {
        hold.ifPresent(held -> held.keep(exchange));
        exchange.getRequestHeaders()
                .forEach((name, values) -> headers.add((name + ": " + values).toLowerCase(Locale.ROOT)));
        String authorization = or(exchange.getRequestHeaders().getFirst("Authorization"));
        if (!authorization.isEmpty()) {
            shown.add(authorization);
        }
        if (wanted.isPresent() && !wanted.get().equals(authorization)) {
            exchange.getRequestBody().readAllBytes();
            exchange.getResponseHeaders().add("WWW-Authenticate", "Basic realm=\"git\"");
            exchange.sendResponseHeaders(401, -1);
            exchange.close();
            return;
        }
        ProcessBuilder builder = new ProcessBuilder("git", "http-backend");
        OthersGit.clean(builder.environment());
        builder.environment()
                .putAll(Map.of(
                        "GIT_PROJECT_ROOT",
                        root.toString(),
                        "GIT_HTTP_EXPORT_ALL",
                        "1",
                        "REMOTE_USER",
                        "ann",
                        "REQUEST_METHOD",
                        exchange.getRequestMethod(),
                        "PATH_INFO",
                        exchange.getRequestURI().getPath(),
                        "QUERY_STRING",
                        or(exchange.getRequestURI().getRawQuery()),
                        "CONTENT_TYPE",
                        or(exchange.getRequestHeaders().getFirst("Content-Type")),
                        "HTTP_CONTENT_ENCODING",
                        or(exchange.getRequestHeaders().getFirst("Content-Encoding")),
                        "GIT_PROTOCOL",
                        or(exchange.getRequestHeaders().getFirst("Git-Protocol"))));
        Process process = builder.start();
        byte[] request = exchange.getRequestBody().readAllBytes();
        threads.execute(() -> {
            try (var out = process.getOutputStream()) {
                out.write(request);
            } catch (IOException e) {
                // It has answered without reading all.
            }
        });
        reply(exchange, process.getInputStream());
    }

    private static void reply(HttpExchange exchange, InputStream cgi) throws IOException {
        int status = 200;
        for (String line = line(cgi); !line.isEmpty(); line = line(cgi)) {
            String value = line.substring(line.indexOf(':') + 1).strip();
            if (line.startsWith("Status:")) {
                status = Integer.parseInt(value.substring(0, 3));
            } else {
                exchange.getResponseHeaders().add(line.substring(0, line.indexOf(':')), value);
            }
        }
        byte[] body = cgi.readAllBytes();
        exchange.sendResponseHeaders(status, body.length == 0 ? -1 : body.length);
        exchange.getResponseBody().write(body);
        exchange.close();
    }

    private static String line(InputStream in) throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        for (int c = in.read(); c >= 0 && c != '\n'; c = in.read()) {
            line.write(c);
        }
        return line.toString(StandardCharsets.UTF_8).strip();
    }

    private static String or(String value) {
        return value == null ? "" : value;
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
