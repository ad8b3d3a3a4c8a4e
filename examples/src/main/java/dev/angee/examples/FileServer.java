package dev.angee.examples;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The web service of the quickstart: answers {@code /} with a title, and {@code /app/…} with the files of a folder, read
 * anew each time.
 */
public final class FileServer {
    private static final int OK = 200;
    private static final int NOT_FOUND = 404;
    private static final String FILES = "/app/";

    private FileServer() {}

    /**
     * Serves until it is stopped.
     *
     * @param args port, title, folder
     * @throws IOException if the port cannot be listened on
     */
    public static void main(String[] args) throws IOException {
        int port = Integer.parseInt(args[0]);
        String title = args[1];
        Path folder = Path.of(args[2]).toRealPath();
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
        server.createContext("/", exchange -> answer(exchange, title, folder));
        server.start();
        System.out.println(title + " serves " + folder + " on port " + port);
    }

    private static void answer(HttpExchange exchange, String title, Path folder) throws IOException {
        String path = exchange.getRequestURI().getPath();
        if (path.equals("/")) {
            send(exchange, OK, (title + "\n").getBytes(StandardCharsets.UTF_8));
            return;
        }
        Path file = folder.resolve(path.startsWith(FILES) ? path.substring(FILES.length()) : "")
                .normalize();
        if (Files.isRegularFile(file) && file.toRealPath().startsWith(folder)) {
            send(exchange, OK, Files.readAllBytes(file));
        } else {
            send(exchange, NOT_FOUND, "no such file\n".getBytes(StandardCharsets.UTF_8));
        }
    }

    private static void send(HttpExchange exchange, int status, byte[] body) throws IOException {
        try (exchange) {
            exchange.sendResponseHeaders(status, body.length == 0 ? -1 : body.length);
            exchange.getResponseBody().write(body);
        }
    }
}
