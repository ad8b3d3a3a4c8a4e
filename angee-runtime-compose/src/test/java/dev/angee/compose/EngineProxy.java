package dev.angee.compose;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;

/**
 * Stands before the real engine, so that an engine can hang or die in the middle of something without one being harmed:
 * from the first request on that holds a word, it does so.
 */
final class EngineProxy implements AutoCloseable {
    enum Fate {
        HANG,
        DIE
    }

    private final String host;
    private final Path engine;
    private final String word;
    private final Fate fate;
    private final ServerSocketChannel server;
    private final Set<SocketChannel> open = ConcurrentHashMap.newKeySet();
    private final CountDownLatch struck = new CountDownLatch(1);

    private EngineProxy(ServerSocketChannel server, String host, Path engine, String word, Fate fate) {
        this.server = server;
        this.host = host;
        this.engine = engine;
        this.word = word;
        this.fate = fate;
        background(this::accept);
    }

    static EngineProxy before(Path engine, Path socket, String word, Fate fate) throws IOException {
        Files.deleteIfExists(socket);
        ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        server.bind(UnixDomainSocketAddress.of(socket));
        return new EngineProxy(server, "unix://" + socket, engine, word, fate);
    }

    /** One that nothing ever happens to, reached as an engine of another machine is. */
    static EngineProxy overTcp(Path engine) throws IOException {
        ServerSocketChannel server = ServerSocketChannel.open();
        server.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
        String host = "tcp://127.0.0.1:" + server.socket().getLocalPort();
        return new EngineProxy(server, host, engine, "no request holds this", Fate.HANG);
    }

    /** Where it listens, as an engine's address. */
    String host() {
        return host;
    }

    /** Waits until the word was said. */
    void awaitStruck() throws InterruptedException {
        struck.await();
    }

    private interface Work {
        void run() throws IOException;
    }

    private void background(Work work) {
        Thread thread = new Thread(
                () -> {
                    try {
                        work.run();
                    } catch (IOException e) {
                        // a connection has ended; that is what this is for
                    }
                },
                "engine proxy");
        thread.setDaemon(true);
        thread.start();
    }

    private void accept() throws IOException {
        while (true) {
            SocketChannel client = server.accept();
            SocketChannel real = SocketChannel.open(UnixDomainSocketAddress.of(engine));
            open.add(client);
            open.add(real);
            background(() -> pump(client, real, true));
            background(() -> pump(real, client, false));
        }
    }

    private void pump(SocketChannel from, SocketChannel to, boolean isRequest) throws IOException {
        ByteBuffer block = ByteBuffer.allocate(64 * 1024);
        try {
            while (from.read(block.clear()) >= 0) {
                block.flip();
                if (isRequest
                        && StandardCharsets.ISO_8859_1
                                .decode(block.duplicate())
                                .toString()
                                .contains(word)) {
                    struck.countDown();
                }
                if (struck.getCount() == 0) {
                    strike();
                    return;
                }
                while (block.hasRemaining()) {
                    to.write(block);
                }
            }
        } catch (AsynchronousCloseException e) {
            return;
        }
        if (struck.getCount() > 0 || fate == Fate.DIE) {
            from.close();
            to.close();
        }
    }

    private void strike() throws IOException {
        if (fate == Fate.DIE) {
            server.close();
            for (SocketChannel each : open) {
                each.close();
            }
        }
    }

    @Override
    public void close() throws IOException {
        server.close();
        for (SocketChannel each : open) {
            each.close();
        }
    }
}
