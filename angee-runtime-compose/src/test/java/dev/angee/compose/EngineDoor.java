package dev.angee.compose;

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
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A socket in front of the real engine's: as if that went away and came back, at any moment, and for one stack only. */
final class EngineDoor implements AutoCloseable {
    private final Path socket;
    private final Path engine;
    private final ExecutorService workers = Executors.newCachedThreadPool();
    private final Map<SocketChannel, String> clients = new ConcurrentHashMap<>();
    private final List<String> requests = new CopyOnWriteArrayList<>();
    private @Nullable ServerSocketChannel server;

    EngineDoor(Path socket, Path engine) throws IOException {
        this.socket = socket;
        this.engine = engine;
        comeBack();
    }

    String host() {
        return "unix://" + socket;
    }

    /** The first requests of all connections so far. */
    List<String> requests() {
        return requests;
    }

    /** How many connections are open that began with such a request. */
    long open(String part) {
        return clients.values().stream().filter(r -> r.contains(part)).count();
    }

    /** Cuts every connection, and takes no more. */
    synchronized void goAway() throws IOException {
        if (server != null) {
            server.close();
            server = null;
        }
        Files.deleteIfExists(socket);
        cut();
    }

    /** Cuts every connection that is open. */
    void cut() {
        clients.keySet().forEach(EngineDoor::close);
    }

    synchronized void comeBack() throws IOException {
        ServerSocketChannel fresh = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        fresh.bind(UnixDomainSocketAddress.of(socket));
        server = fresh;
        workers.execute(() -> accept(fresh));
    }

    @Override
    public void close() throws IOException {
        goAway();
        workers.shutdown();
    }

    boolean awaitEnd() throws InterruptedException {
        return workers.awaitTermination(10, TimeUnit.SECONDS);
    }

    private void accept(ServerSocketChannel from) {
        while (from.isOpen()) {
            try {
                SocketChannel client = from.accept();
                SocketChannel real = SocketChannel.open(UnixDomainSocketAddress.of(engine));
                clients.put(client, "");
                workers.execute(() -> pump(client, real, client));
                workers.execute(() -> pump(real, client, client));
            } catch (IOException e) {
                if (from.isOpen()) {
                    throw new UncheckedIOException(e);
                }
            }
        }
    }

    private void pump(SocketChannel from, SocketChannel to, SocketChannel client) {
        ByteBuffer bytes = ByteBuffer.allocate(16 * 1024);
        try {
            while (from.read(bytes.clear()) >= 0) {
                bytes.flip();
                if (from == client && clients.replace(client, "", "?")) {
                    String line = StandardCharsets.US_ASCII
                            .decode(bytes.duplicate())
                            .toString()
                            .lines()
                            .findFirst()
                            .orElse("");
                    requests.add(line);
                    clients.replace(client, line);
                }
                while (bytes.hasRemaining()) {
                    to.write(bytes);
                }
            }
        } catch (IOException e) {
            requests.add("(cut) " + e.getClass().getSimpleName());
        } finally {
            clients.remove(client);
            close(from);
            close(to);
        }
    }

    private static void close(SocketChannel channel) {
        try {
            channel.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
