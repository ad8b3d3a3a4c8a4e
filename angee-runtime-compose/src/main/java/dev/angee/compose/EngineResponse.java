package dev.angee.compose;

import java.io.BufferedInputStream;
import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.URI;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Locale;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The answer to one request, read straight from the engine's socket. For what docker-java does not give: its clients cut a
 * log's frames into pieces of 1 KiB, so that nobody can tell where an entry begins, and never end what a program reads
 * (3.7.1).
 *
 * <p>For one thread, which may be interrupted at any time: that closes it. Others may close it too.
 */
final class EngineResponse implements Closeable {
    private static final Logger LOG = LoggerFactory.getLogger(EngineResponse.class);
    private static final int LONGEST_HEAD = 64 * 1024;

    private final SocketChannel channel;
    private final InputStream in;
    private final int status;
    private final boolean chunked;
    private volatile long waitingSince;
    private volatile boolean waiting;
    private volatile Runnable onClose = () -> {};

    private EngineResponse(SocketChannel channel, String request) throws IOException {
        this.channel = channel;
        byte[] bytes = request.getBytes(StandardCharsets.US_ASCII);
        write(bytes, 0, bytes.length);
        this.in = new BufferedInputStream(new Watched(Channels.newInputStream(channel)));
        String[] first = line().split(" ", 3);
        if (first.length < 2 || !first[1].matches("\\d{3}")) {
            throw new IOException("no HTTP answer");
        }
        this.status = Integer.parseInt(first[1]);
        boolean pieces = false;
        for (String header = line(); !header.isEmpty(); header = line()) {
            pieces |= header.toLowerCase(Locale.ROOT).matches("transfer-encoding: *chunked");
        }
        this.chunked = pieces;
    }

    /**
     * Sends the request and waits for the answer to begin.
     *
     * @param host where the engine listens: {@code unix:///path} or {@code tcp://host:port}
     */
    static EngineResponse get(String host, String path) throws IOException {
        return send(host, "GET " + path + " HTTP/1.1\r\nHost: docker\r\nConnection: close\r\n\r\n");
    }

    /**
     * Sends a request that asks for the connection itself, to go on with in both directions.
     *
     * @param body ASCII
     */
    static EngineResponse upgrade(String host, String path, String body) throws IOException {
        return send(
                host,
                "POST " + path + " HTTP/1.1\r\nHost: docker\r\nConnection: Upgrade\r\nUpgrade: tcp\r\n"
                        + "Content-Type: application/json\r\nContent-Length: " + body.length() + "\r\n\r\n" + body);
    }

    private static EngineResponse send(String host, String request) throws IOException {
        SocketChannel channel = SocketChannel.open(address(URI.create(host)));
        try {
            return new EngineResponse(channel, request);
        } catch (IOException | RuntimeException e) {
            channel.close();
            throw e;
        }
    }

    int status() {
        return status;
    }

    /** Sends bytes over a connection that was asked for. One thread may do this while another reads. */
    void write(byte[] bytes, int offset, int count) throws IOException {
        ByteBuffer left = ByteBuffer.wrap(bytes, offset, count);
        while (left.hasRemaining()) {
            channel.write(left);
        }
    }

    /** Says that nothing more will be sent; the answer goes on. */
    void endOutput() throws IOException {
        channel.shutdownOutput();
    }

    /** What follows the head; ends early only by an exception. */
    InputStream body() {
        return chunked ? new Chunks() : in;
    }

    /** Whether its reader has been waiting for more for as long as that. */
    boolean isSilentFor(Duration time) {
        return waiting && System.nanoTime() - waitingSince >= time.toNanos();
    }

    /** What to do once it is closed; one thing only. */
    void whenClosed(Runnable action) {
        onClose = action;
        if (!channel.isOpen()) {
            action.run();
        }
    }

    /** Closes it under its reader, who gets an exception. */
    void giveUp() {
        try {
            close();
        } catch (IOException e) {
            LOG.debug("an answer did not close cleanly", e);
        }
    }

    @Override
    public void close() throws IOException {
        try {
            channel.close();
        } finally {
            onClose.run();
        }
    }

    private static SocketAddress address(URI host) {
        return "unix".equals(host.getScheme())
                ? UnixDomainSocketAddress.of(host.getPath())
                : new InetSocketAddress(host.getHost(), host.getPort());
    }

    private String line() throws IOException {
        StringBuilder line = new StringBuilder();
        for (int c = in.read(); c != '\n'; c = in.read()) {
            if (c < 0 || line.length() > LONGEST_HEAD) {
                throw new EOFException("the answer ended within its head");
            }
            line.append((char) c);
        }
        return line.toString().strip();
    }

    /** Notes since when somebody has been waiting for bytes. */
    private final class Watched extends InputStream {
        private final InputStream bytes;

        Watched(InputStream bytes) {
            this.bytes = bytes;
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
        }

        @Override
        public int read(byte[] into, int offset, int length) throws IOException {
            waitingSince = System.nanoTime();
            waiting = true;
            try {
                return bytes.read(into, offset, length);
            } finally {
                waiting = false;
            }
        }
    }

    private final class Chunks extends InputStream {
        private long left;
        private boolean ended;

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
        }

        @Override
        public int read(byte[] into, int offset, int length) throws IOException {
            if (left == 0 && !ended) {
                left = Long.parseLong(line().split(";", 2)[0].strip(), 16);
                ended = left == 0;
            }
            if (ended) {
                return -1;
            }
            int count = in.read(into, offset, (int) Math.min(length, left));
            if (count < 0) {
                throw new EOFException("the answer ended within a chunk");
            }
            left -= count;
            if (left == 0) {
                line();
            }
            return count;
        }
    }
}
