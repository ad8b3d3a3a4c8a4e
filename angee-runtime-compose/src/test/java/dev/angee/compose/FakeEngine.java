package dev.angee.compose;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;

/** Says what no real engine can be made to say at will. What it has no answer for, it keeps waiting for ever. */
final class FakeEngine implements AutoCloseable {
    /** Hands over a connection, and never reads from it. */
    static final String HANDED_OVER = "HTTP/1.1 101 UPGRADED\r\nConnection: Upgrade\r\nUpgrade: tcp\r\n\r\n";

    private final ServerSocket server;
    private final Function<String, Optional<String>> answers;
    private final List<String> asked = new CopyOnWriteArrayList<>();
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();
    private final AtomicInteger waiting = new AtomicInteger();

    /** @param answers what is said to a request, such as {@code POST /exec/1/start} */
    FakeEngine(Function<String, Optional<String>> answers) throws IOException {
        this.answers = answers;
        this.server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        background(this::accept);
    }

    static Optional<String> json(int status, String body) {
        return Optional.of("HTTP/1.1 " + status + " Said\r\nContent-Type: application/json\r\nConnection: close\r\n"
                + "Content-Length: " + body.length() + "\r\n\r\n" + body);
    }

    String host() {
        return "tcp://127.0.0.1:" + server.getLocalPort();
    }

    long asked(String part) {
        return asked.stream().filter(request -> request.contains(part)).count();
    }

    /** How many wait for an answer that never comes. */
    int waiting() {
        return waiting.get();
    }

    private interface Work {
        void run() throws IOException;
    }

    private static void background(Work work) {
        Thread thread = new Thread(
                () -> {
                    try {
                        work.run();
                    } catch (IOException e) {
                        // a connection has ended; that is what this is for
                    }
                },
                "fake engine");
        thread.setDaemon(true);
        thread.start();
    }

    private void accept() throws IOException {
        while (true) {
            Socket socket = server.accept();
            open.add(socket);
            background(() -> serve(socket));
        }
    }

    private void serve(Socket socket) throws IOException {
        InputStream in = new BufferedInputStream(socket.getInputStream());
        String first = line(in);
        int length = 0;
        for (String header = line(in); !header.isEmpty(); header = line(in)) {
            if (header.toLowerCase(java.util.Locale.ROOT).startsWith("content-length:")) {
                length = Integer.parseInt(header.substring(15).strip());
            } else if (header.toLowerCase(java.util.Locale.ROOT).matches("transfer-encoding: *chunked")) {
                length = -1;
            }
        }
        if (length >= 0) {
            in.readNBytes(length);
        } else {
            for (int size = Integer.parseInt(line(in), 16); size > 0; size = Integer.parseInt(line(in), 16)) {
                in.readNBytes(size);
                line(in);
            }
            line(in);
        }
        String request = first.substring(0, first.lastIndexOf(' '));
        asked.add(request);
        Optional<String> answer = answers.apply(request);
        if (answer.isEmpty()) {
            waiting.incrementAndGet();
            try {
                in.transferTo(OutputStream.nullOutputStream());
            } finally {
                waiting.decrementAndGet();
                socket.close();
            }
            return;
        }
        socket.getOutputStream().write(answer.get().getBytes(StandardCharsets.US_ASCII));
        if (!answer.get().startsWith(HANDED_OVER)) {
            socket.close();
        } else if (answer.get().length() > HANDED_OVER.length()) {
            socket.shutdownOutput(); // it said all it has to say
        }
    }

    private static String line(InputStream in) throws IOException {
        StringBuilder line = new StringBuilder();
        for (int c = in.read(); c != '\n'; c = in.read()) {
            if (c < 0) {
                throw new IOException("over");
            }
            line.append((char) c);
        }
        return line.toString().strip();
    }

    @Override
    public void close() throws IOException {
        server.close();
        for (Socket each : open) {
            each.close();
        }
    }
}
