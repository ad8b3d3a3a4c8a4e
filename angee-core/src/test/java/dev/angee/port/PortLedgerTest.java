package dev.angee.port;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.angee.AngeeException;
import dev.angee.ErrorCode;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PortLedgerTest {
    private static final PortPool POOL = new PortPool("web", 8100, 8102);

    @TempDir
    Path folder;

    private Path one;
    private Path two;

    @BeforeEach
    void makeRoots() throws IOException {
        one = Files.createDirectories(folder.resolve("one"));
        two = Files.createDirectories(folder.resolve("two"));
    }

    @Test
    void an_owner_keeps_its_port_and_others_get_other_ports_whatever_their_root() {
        PortLedger ledger = ledger(port -> true);
        int first = ledger.lease(POOL, one, "workspace/a/web").port();
        assertThat(ledger.lease(POOL, one, "workspace/a/web").port()).isEqualTo(first);
        assertThat(ledger.lease(POOL, two, "workspace/a/web").port()).isNotEqualTo(first);
        assertThat(ledger(port -> true).leases(one)).extracting(PortLease::port).containsExactly(first);
    }

    @Test
    void a_port_that_somebody_listens_on_is_not_leased() {
        assertThat(ledger(port -> port != 8100).lease(POOL, one, "a").port()).isEqualTo(8101);
    }

    @Test
    void overlapping_pools_do_not_lease_one_port_twice_R22() {
        PortLedger ledger = ledger(port -> true);
        Set<Integer> ports = new HashSet<>();
        ports.add(ledger.lease(POOL, one, "a").port());
        ports.add(ledger.lease(new PortPool("api", 8100, 8102), one, "a").port());
        assertThat(ports).hasSize(2);
    }

    @Test
    void a_pool_with_no_free_port_says_so_and_a_released_port_is_free_again() {
        PortLedger ledger = ledger(port -> true);
        ledger.lease(POOL, one, "workspace/a/web");
        ledger.lease(POOL, one, "workspace/ab/web");
        ledger.lease(POOL, one, "workspace/c/web");
        assertThatThrownBy(() -> ledger.lease(POOL, one, "workspace/d/web"))
                .isInstanceOfSatisfying(
                        AngeeException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.UNAVAILABLE))
                .hasMessageContaining("operator.port_pool.web");
        ledger.release(one, "workspace/a");
        assertThat(ledger.leases(one))
                .extracting(PortLease::owner)
                .containsExactly("workspace/ab/web", "workspace/c/web");
        assertThat(ledger.lease(POOL, one, "workspace/d/web").port()).isEqualTo(8100);
    }

    @Test
    void the_leases_of_a_root_that_is_gone_are_given_up() throws IOException {
        PortLedger ledger = ledger(port -> true);
        ledger.lease(POOL, two, "workspace/a/web");
        Files.delete(two);
        assertThat(ledger.lease(POOL, one, "workspace/a/web").port()).isEqualTo(8100);
    }

    @Test
    void many_threads_never_share_a_port() throws Exception {
        PortPool pool = new PortPool("many", 20000, 20199);
        ExecutorService threads = Executors.newFixedThreadPool(16);
        try {
            List<Callable<Integer>> asks = IntStream.range(0, 100)
                    .<Callable<Integer>>mapToObj(i ->
                            () -> ledger(port -> true).lease(pool, one, "o" + i).port())
                    .toList();
            Set<Integer> ports = new HashSet<>();
            for (Future<Integer> each : threads.invokeAll(asks)) {
                ports.add(each.get());
            }
            assertThat(ports).hasSize(100);
        } finally {
            threads.shutdownNow();
        }
    }

    @Test
    void the_probe_sees_a_listener_on_any_address() throws IOException {
        try (ServerSocket loopback = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            assertThat(PortProbe.binding().isFree(loopback.getLocalPort())).isFalse();
        }
        int port;
        try (ServerSocket all = new ServerSocket(0)) {
            port = all.getLocalPort();
            assertThat(PortProbe.binding().isFree(port)).isFalse();
        }
        assertThat(PortProbe.binding().isFree(port)).isTrue();
    }

    @Test
    void a_damaged_ledger_is_named_and_not_overwritten() throws IOException {
        Path file = folder.resolve("state/ports.json");
        Files.createDirectories(file.getParent());
        Files.writeString(file, "{");
        assertThatThrownBy(() -> ledger(port -> true).lease(POOL, one, "a")).hasMessageContaining(file.toString());
        assertThat(file).hasContent("{");
    }

    private PortLedger ledger(PortProbe probe) {
        return PortLedger.in(folder.resolve("state"), Clock.systemUTC(), probe);
    }
}
