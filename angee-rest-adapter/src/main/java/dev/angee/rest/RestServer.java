package dev.angee.rest;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.angee.AngeeException;
import dev.angee.ErrorCode;
import dev.angee.InvalidInputException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A {@link RestAdapter} on a port, served by the server of the JDK: plain HTTP/1.1, no further jars.
 *
 * <pre>{@code
 * try (Angee angee = Angee.open(root);
 *         RestServer server = RestServer.start(new RestAdapter(angee, RestOptions.defaults()))) {
 *     System.out.println(server.uri());
 *     …
 * }
 * }</pre>
 *
 * <p>Requests run on threads of its own, sixteen at a time, and to their end even if the client goes away. Closing it
 * takes no more requests, waits for those under way as long as {@link RestOptions#grace} says, interrupts what is left,
 * and ends its threads. The stack is left as it is.
 *
 * <p>Set the system property {@code sun.net.httpserver.nodelay=true} when you start the JVM: without it, answers over
 * kept connections may each wait some forty milliseconds. {@code sun.net.httpserver.maxReqTime} (seconds) drops clients
 * that never finish their request. Both are settings of the whole JVM, so they are left to the application.
 *
 * <p>Thread-safe.
 */
public final class RestServer implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(RestServer.class);
    private static final String LOOPBACK = "127.0.0.1";
    private static final int HIGHEST_PORT = 65535;
    private static final int THREADS = 16;
    /** What is read and thrown away of a body nobody wanted, so that its sender comes to read the answer. */
    private static final int LONGEST_REST = 4 * 1024 * 1024;
    /** How long what was interrupted may take to answer. */
    private static final Duration LAST_WORDS = Duration.ofSeconds(2);

    private final RestAdapter adapter;
    private final HttpServer server;
    private final URI uri;
    private final ExecutorService requests;

    private RestServer(RestAdapter adapter, String host, HttpServer server) {
        this.adapter = adapter;
        this.server = server;
        int port = server.getAddress().getPort();
        uri = URI.create("http://" + (host.contains(":") ? "[" + host + "]" : host) + ":" + port);
        requests = Executors.newFixedThreadPool(THREADS, threads(port));
    }

    /** Serves on any free port of the loopback address. */
    public static RestServer start(RestAdapter adapter) {
        return start(adapter, LOOPBACK, 0);
    }

    /**
     * Serves on an address and a port.
     *
     * @param host the name or address to listen on; without a token only {@code localhost} or a loopback address
     * @param port the port; 0 for any that is free, see {@link #uri}
     * @throws AngeeException {@code INVALID} for a host that others could reach without a token, or an impossible port;
     *     {@code UNAVAILABLE} if the port cannot be listened on
     */
    public static RestServer start(RestAdapter adapter, String host, int port) {
        if (port < 0 || port > HIGHEST_PORT) {
            throw new InvalidInputException("port", port + " is not a port");
        }
        InetSocketAddress address = address(adapter, host, port);
        try {
            RestServer started = new RestServer(adapter, host, HttpServer.create(address, 0));
            started.server.setExecutor(started.requests);
            started.server.createContext("/", started::serve);
            started.server.start();
            LOG.info("serving on {}", started.uri());
            return started;
        } catch (IOException e) {
            throw new AngeeException(
                    ErrorCode.UNAVAILABLE, "cannot listen on " + host + ":" + port + ": " + e.getMessage(), e);
        }
    }

    /** Where it answers, with the port it really has. */
    public URI uri() {
        return uri;
    }

    /** Ends serving, see above; safe to call twice. */
    @Override
    public void close() {
        requests.shutdown();
        if (!isOver(adapter.options().grace())) {
            requests.shutdownNow();
            if (!isOver(LAST_WORDS)) {
                LOG.warn("a request is still under way and cannot be interrupted; its client gets no answer");
            }
        }
        server.stop(0);
    }

    /** Whether all requests come to their end in time; an interrupt means that there is no time. */
    private boolean isOver(Duration time) {
        try {
            return requests.awaitTermination(time.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private void serve(HttpExchange exchange) {
        try (exchange) {
            Response response = adapter.handle(request(exchange));
            // What was interrupted still has to answer, and a channel refuses to write for an interrupted thread.
            boolean interrupted = Thread.interrupted();
            discard(exchange.getRequestBody());
            send(exchange, response);
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        } catch (IOException e) {
            LOG.debug("the client went away before it was answered", e);
        }
    }

    private static Request request(HttpExchange exchange) {
        URI uri = exchange.getRequestURI();
        String target = uri.toString();
        if (uri.getScheme() != null) {
            // sent as to a proxy, with scheme and host
            target = uri.getRawPath() + (uri.getRawQuery() == null ? "" : "?" + uri.getRawQuery());
        }
        return new Request(
                exchange.getRequestMethod(), target, exchange.getRequestHeaders(), exchange.getRequestBody());
    }

    private static void discard(InputStream body) throws IOException {
        byte[] part = new byte[8192];
        int left = LONGEST_REST;
        int read = 0;
        while (left > 0 && read >= 0) {
            read = body.read(part);
            left -= read;
        }
    }

    private static void send(HttpExchange exchange, Response response) throws IOException {
        byte[] body = response.body().getBytes(StandardCharsets.UTF_8);
        response.headers().forEach(exchange.getResponseHeaders()::set);
        if (exchange.getRequestMethod().equals("HEAD")) {
            exchange.getResponseHeaders().set("Content-Length", String.valueOf(body.length));
            exchange.sendResponseHeaders(response.status(), -1);
        } else {
            exchange.sendResponseHeaders(response.status(), body.length == 0 ? -1 : body.length);
            exchange.getResponseBody().write(body);
        }
    }

    private static InetSocketAddress address(RestAdapter adapter, String host, int port) {
        if (host.isBlank()) {
            throw new InvalidInputException("host", "say which address to listen on, for example " + LOOPBACK);
        }
        boolean open = !adapter.options().hasToken();
        if (open && !HostName.isLoopback(host)) {
            throw new InvalidInputException("host", unprotected(host));
        }
        InetSocketAddress address = new InetSocketAddress(host, port);
        if (address.isUnresolved()) {
            throw new InvalidInputException("host", "'" + host + "' is not an address of this host");
        }
        if (open && !address.getAddress().isLoopbackAddress()) {
            throw new InvalidInputException("host", unprotected(host));
        }
        return address;
    }

    private static String unprotected(String host) {
        return "'" + host + "' can be reached from other hosts; set a token, or listen on " + LOOPBACK;
    }

    private static ThreadFactory threads(int port) {
        AtomicInteger number = new AtomicInteger();
        return task -> {
            Thread thread = new Thread(task, "angee-rest-" + port + "-" + number.incrementAndGet());
            thread.setDaemon(true);
            return thread;
        };
    }
}
