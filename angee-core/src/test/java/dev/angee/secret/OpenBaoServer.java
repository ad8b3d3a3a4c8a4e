package dev.angee.secret;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;

/** What OpenBao's KV engine of version 2 does over HTTP: versions, soft deletes, check-and-set, lists. */
final class OpenBaoServer implements AutoCloseable {
    static final String TOKEN = "token-canary-4711";

    private static final ObjectMapper JSON = new ObjectMapper();

    private final HttpServer server;
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final SortedMap<String, List<@Nullable ObjectNode>> versions = new TreeMap<>();
    private final List<String> requests = new CopyOnWriteArrayList<>();
    private final String mount;

    OpenBaoServer(String mount) throws IOException {
        this.mount = mount;
        server = bind();
        server.setExecutor(threads);
        server.createContext("/v1/", this::serve);
        server.start();
    }

    /** A server on a free port. */
    static HttpServer bind() throws IOException {
        // Else each answer waits 40 ms for its second half. The JDK looks when the first server of a JVM is made.
        System.setProperty("sun.net.httpserver.nodelay", "true");
        return HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    }

    String address() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    /** Method and raw target of each request. */
    List<String> requests() {
        return requests;
    }

    private void serve(HttpExchange exchange) throws IOException {
        try (exchange) {
            String target = exchange.getRequestURI().toString();
            requests.add(exchange.getRequestMethod() + " " + target);
            String path = exchange.getRequestURI().getPath().substring("/v1/".length());
            byte[] body = exchange.getRequestBody().readAllBytes();
            if (!TOKEN.equals(exchange.getRequestHeaders().getFirst("X-Vault-Token"))) {
                answer(exchange, 403, errors("permission denied"));
            } else if (path.startsWith(mount + "/data/")) {
                data(exchange, path.substring((mount + "/data/").length()), body);
            } else if (path.startsWith(mount + "/metadata/") && target.endsWith("?list=true")) {
                list(exchange, path.substring((mount + "/metadata/").length()));
            } else {
                answer(exchange, 404, errors("no handler for route"));
            }
        }
    }

    private synchronized void data(HttpExchange exchange, String key, byte[] body) throws IOException {
        List<@Nullable ObjectNode> known = versions.getOrDefault(key, List.of());
        ObjectNode newest = known.isEmpty() ? null : known.get(known.size() - 1);
        switch (exchange.getRequestMethod()) {
            case "GET" -> {
                if (known.isEmpty()) {
                    answer(exchange, 404, errors());
                    return;
                }
                ObjectNode answer = JSON.createObjectNode();
                ObjectNode data = answer.putObject("data");
                data.set("data", newest);
                data.putObject("metadata")
                        .put("version", known.size())
                        .put("deletion_time", newest == null ? "now" : "");
                answer(exchange, newest == null ? 404 : 200, answer);
            }
            case "POST" -> {
                JsonNode request = JSON.readTree(body);
                JsonNode cas = request.path("options").path("cas");
                if (cas.isInt() && cas.intValue() != known.size()) {
                    answer(exchange, 400, errors("check-and-set parameter did not match the current version"));
                    return;
                }
                versions.computeIfAbsent(key, k -> new ArrayList<>()).add(request.withObject("/data"));
                answer(exchange, 200, JSON.createObjectNode());
            }
            case "DELETE" -> {
                if (!known.isEmpty()) {
                    known.set(known.size() - 1, null);
                }
                answer(exchange, 204, null);
            }
            default -> answer(exchange, 405, errors("unsupported operation"));
        }
    }

    private synchronized void list(HttpExchange exchange, String folder) throws IOException {
        ObjectNode answer = JSON.createObjectNode();
        ArrayNode keys = answer.putObject("data").putArray("keys");
        versions.keySet().stream()
                .filter(key -> key.startsWith(folder))
                .map(key -> key.substring(folder.length()).replaceFirst("/.*", "/"))
                .distinct()
                .forEach(keys::add);
        answer(exchange, keys.isEmpty() ? 404 : 200, keys.isEmpty() ? errors() : answer);
    }

    /** Puts any object, as another program might. */
    synchronized void plant(String key, String json) throws IOException {
        versions.computeIfAbsent(key, k -> new ArrayList<>())
                .add(JSON.readTree(json).withObject(""));
    }

    private static ObjectNode errors(String... messages) {
        ObjectNode errors = JSON.createObjectNode();
        ArrayNode list = errors.putArray("errors");
        List.of(messages).forEach(list::add);
        return errors;
    }

    private static void answer(HttpExchange exchange, int status, @Nullable ObjectNode body) throws IOException {
        byte[] bytes = body == null ? new byte[0] : body.toString().getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
        exchange.getResponseBody().write(bytes);
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
