package dev.angee.process;

import dev.angee.plan.HealthCheck;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.lang.ProcessBuilder.Redirect;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tries health checks. What is wrong is returned as a text, nothing wrong as nothing.
 *
 * <p>HTTP is spoken over a plain socket: only the first line of the answer matters, and the JDK's clients would leave
 * threads and pooled connections behind.
 */
final class Prober implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Prober.class);
    private static final List<String> LOOPBACK = List.of("127.0.0.1", "::1");
    private static final Pattern STATUS_LINE = Pattern.compile("HTTP/1\\.[01] (\\d{3})(?: .*)?");
    private static final int LONGEST_STATUS_LINE = 1024;

    private final Launcher launcher;
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();

    Prober(Launcher launcher) {
        this.launcher = launcher;
    }

    /** A connection that is known until it is closed. */
    private final class OpenSocket extends Socket {
        OpenSocket() {
            super(Proxy.NO_PROXY);
            open.add(this);
        }

        @Override
        public synchronized void close() throws IOException {
            open.remove(this);
            super.close();
        }
    }

    /** Ends probes that wait for an answer. */
    @Override
    public void close() {
        for (Socket socket : open) {
            try {
                socket.close();
            } catch (IOException e) {
                LOG.debug("cannot close the connection of a probe", e);
            }
        }
    }

    Optional<String> probe(HealthWatch watch) throws InterruptedException {
        HealthCheck check = watch.check();
        Deadline deadline = Deadline.in(check.timeout());
        if (check.probe() instanceof HealthCheck.Http http) {
            return http(http, deadline);
        }
        if (check.probe() instanceof HealthCheck.Tcp tcp) {
            return tcp(tcp, deadline);
        }
        if (check.probe() instanceof HealthCheck.Exec exec) {
            return exec(watch.record(), exec, deadline);
        }
        return watch.search()
                .orElseThrow(() -> new IllegalStateException("not a probe: " + check.probe()))
                .find(deadline);
    }

    private Optional<String> tcp(HealthCheck.Tcp probe, Deadline deadline) {
        try {
            connect(probe.port(), deadline).close();
            return Optional.empty();
        } catch (IOException e) {
            return Optional.of("port " + probe.port() + ": " + e.getMessage());
        }
    }

    private Optional<String> http(HealthCheck.Http probe, Deadline deadline) {
        String what = "GET " + probe.path() + " on port " + probe.port() + ": ";
        try (Socket socket = connect(probe.port(), deadline)) {
            OutputStream out = socket.getOutputStream();
            out.write(request(probe).getBytes(StandardCharsets.US_ASCII));
            out.flush();
            String line = firstLine(socket, deadline);
            Matcher status = STATUS_LINE.matcher(line);
            if (!status.matches()) {
                return Optional.of(what + "the answer is not HTTP");
            }
            int code = Integer.parseInt(status.group(1));
            return code >= 200 && code < 400 ? Optional.empty() : Optional.of(what + "status " + code);
        } catch (IOException e) {
            return Optional.of(what + e.getMessage());
        }
    }

    private static String request(HealthCheck.Http probe) {
        StringBuilder path = new StringBuilder();
        for (byte b : probe.path().getBytes(StandardCharsets.UTF_8)) {
            path.append(b > ' ' && b < 0x7F ? Character.toString(b) : String.format("%%%02X", b & 0xFF));
        }
        return "GET " + path + " HTTP/1.1\r\nHost: localhost:" + probe.port()
                + "\r\nUser-Agent: angee-health\r\nAccept: */*\r\nConnection: close\r\n\r\n";
    }

    /** Servers that listen on "localhost" may have taken either of its addresses. */
    private Socket connect(int port, Deadline deadline) throws IOException {
        IOException first = null;
        for (String address : LOOPBACK) {
            Socket socket = new OpenSocket();
            try {
                socket.connect(new InetSocketAddress(address, port), millisLeft(deadline));
                return socket;
            } catch (IOException e) {
                socket.close();
                first = first == null ? e : first;
            }
        }
        throw first == null ? new IOException("no loopback address") : first;
    }

    private static String firstLine(Socket socket, Deadline deadline) throws IOException {
        InputStream in = socket.getInputStream();
        StringBuilder line = new StringBuilder();
        while (line.length() < LONGEST_STATUS_LINE) {
            socket.setSoTimeout(millisLeft(deadline));
            int c = in.read();
            if (c < 0 || c == '\n') {
                break;
            }
            line.append((char) c);
        }
        return line.toString().stripTrailing();
    }

    private static int millisLeft(Deadline deadline) throws IOException {
        long millis = deadline.left().toMillis();
        if (millis <= 0) {
            throw new IOException("no answer in time");
        }
        return (int) Math.min(millis, Integer.MAX_VALUE);
    }

    private Optional<String> exec(ProcessRecord record, HealthCheck.Exec probe, Deadline deadline)
            throws InterruptedException {
        Marker marker = record.marker().part();
        String what = String.join(" ", probe.command()) + ": ";
        Process process;
        try {
            process = launcher.beside(record, marker, probe.command(), Redirect.DISCARD, deadline);
        } catch (IOException e) {
            return Optional.of(what + e.getMessage());
        }
        boolean ended = false;
        try {
            ended = process.waitFor(deadline.left().toNanos(), TimeUnit.NANOSECONDS);
        } finally {
            if (!ended) {
                end(process, marker);
            }
        }
        if (!ended) {
            return Optional.of(what + "not ended in time");
        }
        return process.exitValue() == 0 ? Optional.empty() : Optional.of(what + "exit code " + process.exitValue());
    }

    /** Also on the way out of an interrupted wait, so that closing the backend leaves no probe behind. */
    private static void end(Process process, Marker marker) {
        boolean interrupted = Thread.interrupted();
        try {
            Optional<ProcessId> first = ProcTable.entry(process.pid()).map(ProcTable.Entry::id);
            Shutdown.end(new ProcessTree(marker, process.isAlive() ? first : Optional.empty()), Duration.ZERO);
        } catch (InterruptedException e) {
            interrupted = true;
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
