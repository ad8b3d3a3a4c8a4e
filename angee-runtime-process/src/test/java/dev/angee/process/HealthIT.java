package dev.angee.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpServer;
import dev.angee.plan.HealthCheck;
import dev.angee.plan.HealthCheck.Probe;
import dev.angee.runtime.Backend;
import dev.angee.runtime.EventStream;
import dev.angee.runtime.Health;
import dev.angee.runtime.RuntimeEvent;
import dev.angee.runtime.Selection;
import dev.angee.runtime.StartOptions;
import dev.angee.runtime.WorkloadState;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Health checks find out what is true. */
@Timeout(value = 2, unit = TimeUnit.MINUTES)
class HealthIT extends LocalStack {
    private static final InetAddress IPV4 = InetAddress.getLoopbackAddress();

    private static InetAddress ipv6() throws IOException {
        byte[] address = new byte[16];
        address[15] = 1;
        return InetAddress.getByAddress(address);
    }

    static HealthCheck exec(String... command) {
        return check(new HealthCheck.Exec(List.of(command)));
    }

    private static HealthCheck check(Probe probe) {
        return new HealthCheck(probe, Duration.ofMillis(50), Duration.ofSeconds(2), 3, Duration.ZERO);
    }

    private void upWith(HealthCheck check) throws InterruptedException {
        up(service("a", "sleep", "1000").health(check));
    }

    private void awaitHealth(Health health) {
        await(health.id()).atMost(DEADLINE).until(() -> status("a").health() == health);
    }

    @Test
    void http_is_healthy_from_200_to_399_and_the_status_says_what_was_found() throws Exception {
        AtomicInteger code = new AtomicInteger(200);
        AtomicReference<String> asked = new AtomicReference<>("");
        HttpServer server = HttpServer.create(new InetSocketAddress(IPV4, 0), 0);
        server.createContext("/", exchange -> {
            asked.set(exchange.getRequestURI().toString());
            exchange.sendResponseHeaders(code.get(), -1);
            exchange.close();
        });
        server.start();
        try {
            upWith(check(new HealthCheck.Http(server.getAddress().getPort(), "/a b?x=ü")));
            awaitHealth(Health.HEALTHY);
            assertThat(asked).hasValue("/a%20b?x=%C3%BC");
            code.set(503);
            awaitHealth(Health.UNHEALTHY);
            assertThat(status("a").reason()).contains("status 503");
            code.set(302);
            awaitHealth(Health.HEALTHY);
            assertThat(status("a").reason()).isEmpty();
            code.set(404);
            awaitHealth(Health.UNHEALTHY);
            code.set(204);
            awaitHealth(Health.HEALTHY);
        } finally {
            server.stop(0);
        }
        awaitHealth(Health.UNHEALTHY);
    }

    @Test
    void a_server_that_takes_connections_and_never_answers_is_unhealthy() throws Exception {
        try (ServerSocket silent = new ServerSocket(0, 50, IPV4)) {
            upWith(new HealthCheck(
                    new HealthCheck.Http(silent.getLocalPort(), "/"),
                    Duration.ofMillis(50),
                    Duration.ofMillis(200),
                    2,
                    Duration.ZERO));
            awaitHealth(Health.UNHEALTHY);
        }
    }

    @Test
    void tcp_is_healthy_while_the_port_takes_connections() throws Exception {
        int port;
        try (ServerSocket server = new ServerSocket(0, 50, IPV4)) {
            port = server.getLocalPort();
            upWith(check(new HealthCheck.Tcp(port)));
            awaitHealth(Health.HEALTHY);
        }
        awaitHealth(Health.UNHEALTHY);
        assertThat(status("a").reason()).contains("port " + port);
    }

    @Test
    void a_server_on_the_other_loopback_address_is_found() throws Exception {
        try (ServerSocket server = new ServerSocket(0, 50, ipv6())) {
            upWith(check(new HealthCheck.Tcp(server.getLocalPort())));
            awaitHealth(Health.HEALTHY);
        } catch (IOException e) {
            org.junit.jupiter.api.Assumptions.abort("no IPv6 here: " + e);
        }
    }

    @Test
    void a_probe_that_takes_too_long_is_killed_with_its_children() throws Exception {
        upWith(new HealthCheck(
                new HealthCheck.Exec(List.of(
                        "sh", "-c", "echo $$ >probe; setsid sh -c 'echo $$ >child; exec sleep 1000' & sleep 1000")),
                Duration.ofMinutes(5),
                Duration.ofMillis(1500),
                1,
                Duration.ZERO));
        status("a");
        long probe = pid("probe");
        long child = pid("child");
        awaitHealth(Health.UNHEALTHY);
        assertThat(status("a").reason()).contains("not ended in time");
        assertThat(List.of(probe, child)).noneMatch(LocalStack::isAlive);
        assertThat(status("a").state()).isEqualTo(WorkloadState.RUNNING);
    }

    @Test
    void closing_ends_a_probe_that_runs() throws Exception {
        upWith(new HealthCheck(
                new HealthCheck.Exec(List.of("sh", "-c", "echo $$ >probe; exec sleep 1000")),
                Duration.ofMinutes(5),
                Duration.ofMinutes(5),
                1,
                Duration.ZERO));
        status("a");
        long probe = pid("probe");
        backend.close();
        assertThat(isAlive(probe)).isFalse();
        assertThat(open().status()).extracting(s -> s.state()).containsExactly(WorkloadState.RUNNING);
    }

    @Test
    void failures_in_the_start_period_do_not_count() throws Exception {
        upWith(new HealthCheck(
                new HealthCheck.Exec(List.of("sh", "-c", "echo x >>tries; exit 1")),
                Duration.ofMillis(20),
                Duration.ofSeconds(5),
                1,
                Duration.ofHours(1)));
        status("a");
        await().atMost(DEADLINE).until(() -> root.resolve("tries").toFile().length() >= 10);
        assertThat(status("a").health()).isEqualTo(Health.STARTING);
    }

    @Test
    void another_instance_finds_out_by_itself_and_a_new_start_begins_anew() throws Exception {
        upWith(exec("test", "-e", "flag"));
        java.nio.file.Files.createFile(root.resolve("flag"));
        Backend other = open();
        await().atMost(DEADLINE).until(() -> status(other, "a").health() == Health.HEALTHY);
        java.nio.file.Files.delete(root.resolve("flag"));
        await().atMost(DEADLINE).until(() -> status(other, "a").health() == Health.UNHEALTHY);
        backend.stop(Selection.all(), STOP);
        assertThat(status(other, "a").health()).isEqualTo(Health.NONE);
        backend.start(Selection.all(), StartOptions.defaults());
        assertThat(status(other, "a").health()).isEqualTo(Health.STARTING);
    }

    @Test
    void events_also_tell_what_another_instance_did() throws Exception {
        up(service("a", "sleep", "1000"));
        try (EventStream events = open().events()) {
            backend.stop(Selection.all(), STOP);
            awaitState(events, WorkloadState.EXITED);
            backend.start(Selection.all(), StartOptions.defaults());
            awaitState(events, WorkloadState.RUNNING);
            backend.down(DOWN);
            awaitState(events, WorkloadState.EXITED);
        }
    }

    private static void awaitState(EventStream events, WorkloadState state) {
        await(state.id())
                .atMost(DEADLINE)
                .until(
                        () -> events.poll(Duration.ofSeconds(1)),
                        event -> event.map(RuntimeEvent::state).equals(Optional.of(state)));
    }
}
