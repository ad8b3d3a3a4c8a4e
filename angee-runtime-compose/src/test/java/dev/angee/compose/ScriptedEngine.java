package dev.angee.compose;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/** Says what a test wants said, also what a real engine says once in a year; freezes on demand. */
final class ScriptedEngine implements AutoCloseable {
    /** After this the connection stays open. */
    static final String STAYS = "(stays)";

    static final String STREAM = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";
    static final String END = "0\r\n\r\n";

    private final String host;
    private final ServerSocketChannel server;
    private final ExecutorService workers = Executors.newCachedThreadPool();
    private final List<String> requests = new CopyOnWriteArrayList<>();
    private final Map<SocketChannel, String> clients = new ConcurrentHashMap<>();
    private final Set<String> containers = ConcurrentHashMap.newKeySet();
    private volatile Function<String, String> streams = request -> STREAM + STAYS;
    private volatile boolean frozen;

    ScriptedEngine(Path socket) throws IOException {
        host = "unix://" + socket;
        server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        server.bind(UnixDomainSocketAddress.of(socket));
        workers.execute(this::accept);
    }

    String host() {
        return host;
    }

    /** There is a running container with that id, of a service that is called so too. */
    ScriptedEngine container(String id) {
        containers.add(id);
        return this;
    }

    /** What is said when events or logs are asked for. */
    ScriptedEngine streams(Function<String, String> answer) {
        streams = answer;
        return this;
    }

    /** Nothing is said any more, and nothing is closed. */
    void freeze() {
        frozen = true;
    }

    long asked(String part) {
        return requests.stream().filter(r -> r.contains(part)).count();
    }

    /** How many connections are open that asked last for that. */
    long open(String part) {
        return clients.values().stream().filter(r -> r.contains(part)).count();
    }

    /** Says something on each open connection that asked for that. */
    void say(String part, String bytes) throws IOException {
        for (Map.Entry<SocketChannel, String> each : clients.entrySet()) {
            if (each.getValue().contains(part)) {
                write(each.getKey(), chunk(bytes));
            }
        }
    }

    void cut(String part) throws IOException {
        for (Map.Entry<SocketChannel, String> each : clients.entrySet()) {
            if (each.getValue().contains(part)) {
                each.getKey().close();
            }
        }
    }

    @Override
    public void close() throws IOException {
        server.close();
        for (SocketChannel each : clients.keySet()) {
            each.close();
        }
        workers.shutdownNow();
    }

    boolean awaitEnd() throws InterruptedException {
        return workers.awaitTermination(10, TimeUnit.SECONDS);
    }

    static String chunk(String bytes) {
        return Integer.toHexString(bytes.length()) + "\r\n" + bytes + "\r\n";
    }

    static String event(String container, String action) {
        return "{\"Type\":\"container\",\"Action\":\"" + action + "\",\"Actor\":{\"ID\":\"" + container
                + "\",\"Attributes\":{\"" + ProjectContainer.SERVICE_LABEL + "\":\"" + container
                + "\",\"exitCode\":\"1\"}},\"timeNano\":1767225660000000000}";
    }

    /** A frame of a log, with an entry of the first minute of 2026 if it has a time. */
    static String frame(int stream, String text) {
        ByteArrayOutputStream frame = new ByteArrayOutputStream();
        frame.write(stream);
        frame.writeBytes(new byte[3]);
        frame.writeBytes(ByteBuffer.allocate(4).putInt(text.length()).array());
        frame.writeBytes(text.getBytes(StandardCharsets.ISO_8859_1));
        return frame.toString(StandardCharsets.ISO_8859_1);
    }

    private void accept() {
        while (server.isOpen()) {
            try {
                SocketChannel client = server.accept();
                clients.put(client, "");
                workers.execute(() -> serve(client));
            } catch (IOException e) {
                return; // closed
            }
        }
    }

    private void serve(SocketChannel client) {
        try (client) {
            ByteBuffer request = ByteBuffer.allocate(64 * 1024);
            while (client.read(request.clear()) >= 0) {
                String text = StandardCharsets.US_ASCII.decode(request.flip()).toString();
                String line = text.lines().findFirst().orElse("");
                requests.add(line);
                clients.replace(client, line);
                String answer = frozen ? STAYS : answer(line);
                boolean stays = answer.endsWith(STAYS);
                write(client, stays ? answer.substring(0, answer.length() - STAYS.length()) : answer);
                if (!stays) {
                    return;
                }
            }
        } catch (IOException e) {
            requests.add("(cut) " + e.getClass().getSimpleName());
        } finally {
            clients.remove(client);
        }
    }

    private String answer(String line) {
        String path = line.split(" ", 3)[1];
        if (path.startsWith("/events") || path.contains("/logs")) {
            return streams.apply(path);
        }
        if (path.startsWith("/containers/json")) {
            return json(containers.stream()
                    .sorted()
                    .map(id -> "{\"Id\":\"" + id + "\"}")
                    .toList()
                    .toString());
        }
        if (path.startsWith("/containers/")) {
            String id = path.split("/", 4)[2];
            return json("{\"Id\":\"" + id + "\",\"Created\":\"2026-01-01T00:00:00Z\",\"State\":{\"Status\":\"running\","
                    + "\"StartedAt\":\"2026-01-01T00:00:00Z\"},\"Config\":{\"Image\":\"i\",\"Labels\":{\""
                    + ProjectContainer.SERVICE_LABEL + "\":\"" + id + "\"}}}");
        }
        return json("{\"SystemTime\":\"2026-01-01T00:00:30Z\"}");
    }

    private static String json(String body) {
        return "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: " + body.length() + "\r\n\r\n"
                + body + STAYS;
    }

    private static void write(SocketChannel client, String bytes) throws IOException {
        ByteBuffer left = ByteBuffer.wrap(bytes.getBytes(StandardCharsets.ISO_8859_1));
        while (left.hasRemaining()) {
            client.write(left);
        }
    }
}
