package dev.angee.git;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.angee.AngeeException;
import dev.angee.ErrorCode;
import dev.angee.source.FetchOptions;
import dev.angee.source.GitUrl;
import dev.angee.source.SourceControl;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.eclipse.jgit.transport.URIish;
import org.eclipse.jgit.transport.http.HttpConnection;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A server that sends a little now and then, and is never done. */
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class SlowRemoteIT {
    private static final String HEAD =
            "HTTP/1.1 200 OK\r\nContent-Type: application/x-git-upload-pack-advertisement\r\nConnection: close\r\n\r\n0fff";

    @TempDir
    Path folder;

    private final CountDownLatch stop = new CountDownLatch(1);
    private final CountDownLatch dripping = new CountDownLatch(1);
    private volatile String head = HEAD;
    private ServerSocket server;

    static Stream<SourceControl> engines() {
        return Stream.of(new JGitSourceControl(), new GitSourceControl(System.getenv()));
    }

    @BeforeEach
    void open() throws IOException {
        server = new ServerSocket(0, 5, InetAddress.getLoopbackAddress());
        Thread thread = new Thread(this::serve, "slow-server");
        thread.setDaemon(true);
        thread.start();
    }

    @AfterEach
    void close() throws IOException {
        stop.countDown();
        server.close();
    }

    private GitUrl anonymous() {
        head = "0fff";
        return GitUrl.of("git://127.0.0.1:" + server.getLocalPort() + "/r.git");
    }

    private String url() {
        return "http://127.0.0.1:" + server.getLocalPort() + "/r.git";
    }

    private void serve() {
        try (Socket socket = server.accept()) {
            OutputStream out = socket.getOutputStream();
            out.write(head.getBytes(StandardCharsets.US_ASCII));
            do {
                out.write('a');
                out.flush();
                dripping.countDown();
            } while (!stop.await(1, TimeUnit.SECONDS));
        } catch (IOException | InterruptedException e) {
            dripping.countDown(); // The client went away, which is what it is for.
        }
    }

    @ParameterizedTest
    @MethodSource("engines")
    void an_interrupt_ends_a_fetch_over_http_within_seconds(SourceControl it) throws Exception {
        endsByInterrupt(it, GitUrl.of(url()));
    }

    @ParameterizedTest
    @MethodSource("engines")
    void an_interrupt_ends_a_fetch_over_a_socket_within_seconds(SourceControl it) throws Exception {
        endsByInterrupt(it, anonymous());
    }

    private void endsByInterrupt(SourceControl it, GitUrl remote) throws Exception {
        FutureTask<AngeeException> fetch = new FutureTask<>(() -> {
            try {
                it.fetch(remote, folder.resolve("cache.git"), FetchOptions.defaults());
                throw new AssertionError("it came to an end");
            } catch (AngeeException e) {
                return e;
            }
        });
        Thread thread = new Thread(fetch, "fetch");
        thread.start();
        dripping.await();
        thread.interrupt();
        assertThat(fetch.get(20, TimeUnit.SECONDS)).hasMessageContaining("interrupted");
        assertThat(folder).isEmptyDirectory();
    }

    @Test
    void what_is_said_for_one_call_has_an_end() throws Exception {
        AtomicLong now = new AtomicLong(5);
        HttpConnection connection = new HttpWatch(new URIish(url()), now::get)
                .create(URI.create(url()).toURL());
        try (InputStream in = connection.getInputStream()) {
            now.addAndGet(HttpWatch.LONGEST.toNanos());
            assertThat(in.read()).isEqualTo('0');
            now.incrementAndGet();
            assertThatThrownBy(() -> in.read(new byte[1], 0, 1))
                    .isInstanceOfSatisfying(
                            AngeeException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.UNAVAILABLE));
        }
    }
}
