package dev.angee.benchmarks;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Objects;

/** One question to the engine, over a connection of its own; HTTP 1.0, so that the answer comes in one piece, to the end. */
final class EngineSocket implements AutoCloseable {
    private static final String UNIX = "unix://";

    private final SocketChannel channel;
    private final BufferedReader answer;

    private EngineSocket(SocketChannel channel, InputStream in) {
        this.channel = channel;
        this.answer = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8));
    }

    /** Asks; returns once the engine has begun to answer. */
    static EngineSocket ask(String method, String path) throws IOException {
        String host = Objects.requireNonNullElse(System.getenv("DOCKER_HOST"), UNIX + "/var/run/docker.sock");
        if (!host.startsWith(UNIX)) {
            throw new IllegalStateException("this needs an engine on a unix socket, not " + host);
        }
        SocketChannel channel = SocketChannel.open(UnixDomainSocketAddress.of(Path.of(host.substring(UNIX.length()))));
        EngineSocket socket = new EngineSocket(channel, Channels.newInputStream(channel));
        try {
            String head = method + " " + path + " HTTP/1.0\r\nHost: docker\r\nContent-Length: 0\r\n\r\n";
            ByteBuffer bytes = ByteBuffer.wrap(head.getBytes(StandardCharsets.UTF_8));
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
            socket.readHead(method + " " + path);
        } catch (IOException | RuntimeException e) {
            socket.close();
            throw e;
        }
        return socket;
    }

    private void readHead(String question) throws IOException {
        String status = line();
        for (String header = line(); !header.isEmpty(); header = line()) {
            // none of them matters
        }
        if (!status.startsWith("HTTP/1.0 2") && !status.startsWith("HTTP/1.1 2")) {
            throw new IOException(question + ": " + status + ": " + line());
        }
    }

    /** The next line; empty at the end. */
    String line() throws IOException {
        return Objects.requireNonNullElse(answer.readLine(), "");
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
