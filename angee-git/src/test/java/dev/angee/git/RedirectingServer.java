package dev.angee.git;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;

/** Sends everybody elsewhere: to the same path of another server, under another name of this machine. */
final class RedirectingServer implements AutoCloseable {
    private final HttpServer server;

    /** @param to where, with the slash at its end */
    RedirectingServer(String to) throws IOException {
        String elsewhere = to.replace("127.0.0.1", "localhost");
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> {
            exchange.getResponseHeaders()
                    .add(
                            "Location",
                            elsewhere + exchange.getRequestURI().toString().substring(1));
            exchange.sendResponseHeaders(302, -1);
            exchange.close();
        });
        server.start();
    }

    String url(String repository) {
        return "http://127.0.0.1:" + server.getAddress().getPort() + "/" + repository;
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
