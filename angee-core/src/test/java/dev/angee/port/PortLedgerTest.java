package dev.angee.port;

import static org.assertj.core.api.Assertions.assertThat;

import dev.angee.ErrorCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Leases: who gets which, and who may give it up. */
class PortLedgerTest extends LedgerFixture {
    private static final PortPool API = new PortPool("api", 8100, 8102);

    @Test
    void an_owner_keeps_its_port_and_others_get_other_ports_whatever_their_root() {
        PortLease first = ledger().lease(POOL, one, web("a"));
        assertThat(first)
                .isEqualTo(new PortLease(first.id(), 8100, one, web("a"), NOW))
                .extracting(PortLease::pool)
                .isEqualTo("web");
        assertThat(ledger().lease(POOL, two, web("a")).port()).isEqualTo(8101);
        assertThat(ledger().lease(POOL, one, web("b")).port()).isEqualTo(8102);
        assertThat(ledger().lease(POOL, one, web("a"))).isEqualTo(first);
        assertThat(ledger().leases(one)).extracting(PortLease::port).containsExactly(8100, 8102);
        assertThat(ledger().all()).extracting(PortLease::port).containsExactly(8100, 8101, 8102);
    }

    @Test
    void a_root_is_one_root_however_its_path_is_spelled() throws IOException {
        Path link = Files.createSymbolicLink(folder.resolve("link"), one);
        PortLease lease = ledger().lease(POOL, link.resolve("../link/."), web("a"));
        assertThat(ledger().lease(POOL, one, web("a"))).isEqualTo(lease);
        ledger().release(link, "workspace/a");
        assertThat(ledger().all()).isEmpty();
    }

    @Test
    void who_has_a_port_gets_it_again_without_any_probe_and_without_a_write() throws IOException {
        PortLease lease = ledger().lease(POOL, one, web("a"));
        Object before = Files.readAttributes(file(), BasicFileAttributes.class).fileKey();
        PortProbe asked = new PortProbe() {
            @Override
            public boolean isFree(int port) {
                throw new AssertionError("asked about port " + port);
            }

            @Override
            public boolean isSlow() {
                return true;
            }

            @Override
            public PortProbe prepared() {
                throw new AssertionError("made ready");
            }
        };
        assertThat(ledger(asked).lease(POOL, one, web("a"))).isEqualTo(lease);
        assertThat(ledger(asked).preview(POOL, one, web("a"))).isEqualTo(8100);
        Object after = Files.readAttributes(file(), BasicFileAttributes.class).fileKey();
        assertThat(after).isEqualTo(before);
    }

    @Test
    void a_port_that_somebody_listens_on_is_not_leased() {
        assertThat(ledger(port -> port != 8100).lease(POOL, one, web("a")).port())
                .isEqualTo(8101);
    }

    @Test
    void a_probe_is_made_ready_once_for_an_allocation_and_asked_in_that_form() {
        AtomicInteger prepared = new AtomicInteger();
        PortProbe slow = new PortProbe() {
            @Override
            public boolean isFree(int port) {
                throw new AssertionError("asked before it was made ready");
            }

            @Override
            public boolean isSlow() {
                return true;
            }

            @Override
            public PortProbe prepared() {
                prepared.incrementAndGet();
                return port -> port == 8102;
            }
        };
        PortProbe both = PortProbe.allOf(List.of(PortProbe.noObjection(), slow));
        assertThat(ledger(both).preview(POOL, one, web("a"))).isEqualTo(8102);
        assertThat(ledger(both).lease(POOL, one, web("a")).port()).isEqualTo(8102);
        assertThat(prepared).hasValue(2);
    }

    @Test
    void overlapping_pools_do_not_lease_one_port_twice_R22() {
        assertThat(ledger().lease(POOL, one, web("a")).port()).isEqualTo(8100);
        assertThat(ledger().lease(API, one, PortOwner.workspace("a", "api")).port())
                .isEqualTo(8101);
        assertThat(ledger().lease(API, two, PortOwner.stack("api")).port()).isEqualTo(8102);
        assertFails(ErrorCode.UNAVAILABLE, () -> ledger().lease(POOL, two, web("b")));
    }

    @Test
    void a_lease_outside_its_narrowed_pool_is_honoured_and_blocks_nobody_R22() {
        PortLease old = ledger().lease(new PortPool("web", 9000, 9001), one, web("a"));
        assertThat(ledger().lease(POOL, one, web("b")).port()).isEqualTo(8100);
        assertThat(ledger().lease(POOL, two, web("a")).port()).isEqualTo(8101);
        assertThat(ledger().lease(POOL, one, web("a"))).isEqualTo(old);
        assertThat(ledger().lease(new PortPool("api", 9000, 9001), one, PortOwner.stack("api"))
                        .port())
                .isEqualTo(9001);
    }

    @Test
    void leases_outside_their_pools_are_named_and_can_be_mended_R22() {
        PortLease narrowed = ledger().lease(new PortPool("web", 9000, 9001), one, web("a"));
        PortLease undeclared = ledger().lease(new PortPool("old", 9000, 9001), one, PortOwner.stack("old"));
        ledger().lease(POOL, one, web("b"));
        ledger().lease(new PortPool("web", 9000, 9005), two, web("c"));
        assertThat(ledger().strays(one, List.of(POOL, API))).containsExactly(narrowed, undeclared);
        assertThat(ledger().replace(POOL, narrowed).port()).isEqualTo(8101);
        ledger().release(undeclared);
        assertThat(ledger().strays(one, List.of(POOL, API))).isEmpty();
    }

    @Test
    void a_lease_takes_one_port_of_the_pool_that_was_asked_and_none_of_another_C21() {
        PortPool small = new PortPool("small", 9000, 9000);
        for (String workspace : List.of("a", "b", "c")) {
            ledger().lease(POOL, one, web(workspace));
        }
        assertThat(ledger().lease(small, one, PortOwner.service("s", "small")).port())
                .isEqualTo(9000);
        assertThat(ledger().all()).hasSize(4);
    }

    @Test
    void a_sibling_root_that_is_stopped_keeps_its_ports_from_all_others_R56() {
        PortLease sibling = ledger().lease(POOL, one, PortOwner.stack("web"));
        ledger().reserve(one, Map.of("ports.admin", 8101));
        PortLedger other = ledger(PortProbe.binding()); // nobody listens: a probe alone sees nothing
        assertThat(other.preview(POOL, two, web("a"))).isNotIn(sibling.port(), 8101);
        assertThat(other.lease(POOL, two, web("a")).port()).isNotIn(sibling.port(), 8101);
        assertThat(other.all()).contains(sibling);
    }

    @Test
    void a_pool_with_no_free_port_says_why_and_a_released_port_is_free_again() {
        PortLedger ledger = ledger(port -> port != 8102);
        ledger.lease(POOL, one, web("a"));
        ledger.lease(POOL, one, web("ab"));
        assertFails(ErrorCode.UNAVAILABLE, () -> ledger.lease(POOL, one, web("d")))
                .hasMessageContaining("(8100-8102)")
                .hasMessageContaining("2 leased or fixed, 1 in use by others")
                .hasMessageContaining("widen operator.port_pool.web.range");
        ledger.release(one, "workspace/a");
        assertThat(ledger.leases(one)).extracting(PortLease::owner).containsExactly(web("ab"));
        assertThat(ledger.lease(POOL, one, web("d")).port()).isEqualTo(8100);
    }

    @Test
    void a_prefix_releases_whole_owners_of_its_root_and_no_others() {
        PortPool wide = new PortPool("web", 8100, 8200);
        PortLedger ledger = ledger();
        ledger.lease(wide, one, web("x"));
        ledger.lease(new PortPool("api", 8100, 8200), one, PortOwner.workspace("x", "api"));
        ledger.lease(wide, one, web("xy"));
        ledger.lease(wide, one, PortOwner.service("x", "web"));
        ledger.lease(wide, two, web("x"));
        ledger.release(one, "workspace/x");
        assertThat(ledger.all())
                .extracting(lease -> lease.root().getFileName() + " " + lease.owner())
                .containsExactly("one workspace/xy/web", "one service/x/web", "two workspace/x/web");
        ledger.release(one, "workspace/xy/web");
        ledger.release(one, "workspace/xy/w");
        ledger.release(one, "");
        assertThat(ledger.all()).hasSize(2);
    }

    @Test
    void the_leases_of_a_root_that_is_gone_are_given_up() throws IOException {
        ledger().lease(POOL, two, web("a"));
        ledger().reserve(two, Map.of("ports.web", 8101));
        Files.delete(two);
        assertThat(ledger().preview(POOL, one, web("a"))).isEqualTo(8100);
        assertThat(ledger().all()).hasSize(1);
        assertThat(ledger().lease(POOL, one, web("a")).port()).isEqualTo(8100);
        assertThat(ledger().lease(POOL, one, web("b")).port()).isEqualTo(8101);
        assertThat(ledger().all()).extracting(PortLease::root).containsOnly(one);
        assertThat(ledger().reservations()).isEmpty();
    }

    @Test
    void a_root_that_became_a_file_gives_its_leases_up_and_one_that_cannot_be_looked_at_keeps_them()
            throws IOException {
        Path hidden = Files.createDirectories(folder.resolve("door/root"));
        ledger().lease(POOL, two, web("a"));
        ledger().lease(POOL, hidden, web("a"));
        Files.delete(two);
        Files.writeString(two, "");
        Files.delete(hidden);
        Files.delete(hidden.getParent());
        Files.createSymbolicLink(hidden.getParent(), hidden.getParent()); // a loop: no answer, not even for root
        ledger().lease(POOL, one, web("a"));
        assertThat(ledger().all()).extracting(PortLease::root).containsExactly(one, hidden);
    }

    @Test
    void nothing_is_leased_or_fixed_for_a_root_that_is_no_folder() {
        Path nowhere = folder.resolve("nowhere");
        assertFails(ErrorCode.NOT_FOUND, () -> ledger().lease(POOL, nowhere, web("a")));
        assertFails(ErrorCode.NOT_FOUND, () -> ledger().preview(POOL, nowhere, web("a")));
        assertFails(ErrorCode.NOT_FOUND, () -> ledger().reserve(nowhere, Map.of("x", 8100)));
        assertFails(ErrorCode.NOT_FOUND, () -> ledger().adopt(nowhere, List.of()));
        assertThat(file()).doesNotExist();
    }

    @Test
    void an_owner_of_another_pool_is_refused() {
        assertFails(ErrorCode.INVALID, () -> ledger().lease(POOL, one, PortOwner.stack("api")))
                .hasMessageContaining("stack/api")
                .hasMessageContaining("'web'");
        assertThat(file()).doesNotExist();
    }

    @Test
    void a_preview_is_what_lease_gives_next_and_reading_writes_nothing() throws IOException {
        PortLedger ledger = ledger(port -> port != 8101);
        assertThat(ledger.preview(POOL, one, web("a"))).isEqualTo(8100);
        assertThat(ledger.all()).isEmpty();
        assertThat(ledger.leases(one)).isEmpty();
        assertThat(ledger.reservations()).isEmpty();
        assertThat(ledger.strays(one, List.of(POOL))).isEmpty();
        assertThat(folder.resolve("state")).doesNotExist();
        ledger.lease(POOL, one, web("a"));
        byte[] before = Files.readAllBytes(file());
        assertThat(ledger.preview(POOL, one, web("b"))).isEqualTo(8102);
        assertThat(Files.readAllBytes(file())).isEqualTo(before);
        assertThat(ledger.lease(POOL, one, web("b")).port()).isEqualTo(8102);
        assertFails(ErrorCode.UNAVAILABLE, () -> ledger.preview(POOL, one, web("c")));
    }

    @Test
    void an_id_is_never_used_again_though_owner_port_and_time_are_the_same() {
        Set<UUID> ids = new HashSet<>();
        for (int i = 0; i < 50; i++) {
            PortLease lease = ledger().lease(POOL, one, web("a"));
            assertThat(ids.add(lease.id())).isTrue();
            ledger().release(lease);
        }
    }

    @Test
    void a_lease_is_released_by_its_holder_and_once_more_is_no_error() {
        PortLease lease = ledger().lease(POOL, one, web("a"));
        ledger().release(lease);
        ledger().release(lease);
        assertThat(ledger().all()).isEmpty();
    }

    @Test
    void a_stale_holder_releases_nobody_elses_lease_and_is_told_whose_it_is() {
        PortLease stale = ledger().lease(POOL, one, web("a"));
        ledger().release(stale);
        PortLease present = ledger().lease(POOL, two, web("b"));
        assertThat(present.port()).isEqualTo(stale.port());
        assertFails(ErrorCode.CONFLICT, () -> ledger().release(stale))
                .hasMessageContaining("workspace/b/web")
                .hasMessageContaining(two.toString());
        assertThat(ledger().all()).containsExactly(present);
    }

    @Test
    void a_stale_holder_does_not_even_release_its_own_later_lease() {
        PortLease stale = ledger().lease(POOL, one, web("a"));
        ledger().release(one, "workspace/a");
        PortLease later = ledger().lease(POOL, one, web("a"));
        assertFails(ErrorCode.CONFLICT, () -> ledger().release(stale));
        assertThat(ledger().all()).containsExactly(later);
    }

    @Test
    void many_threads_never_share_a_port() throws Exception {
        PortPool pool = new PortPool("web", 20000, 20199);
        ExecutorService threads = Executors.newFixedThreadPool(16);
        try {
            List<Callable<Integer>> asks = IntStream.range(0, 100)
                    .<Callable<Integer>>mapToObj(
                            i -> () -> ledger().lease(pool, one, web("o" + i)).port())
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
    void a_pool_that_is_used_up_says_what_holds_its_ports() {
        PortPool small = new PortPool("web", 8100, 8101);
        ledger().lease(small, one, PortOwner.service("a", "web"));
        ledger().lease(small, one, PortOwner.service("b", "web"));
        assertFails(ErrorCode.UNAVAILABLE, () -> ledger().lease(small, one, web("c")))
                .hasMessageContaining("; widen operator.port_pool.web.range, or destroy a service")
                .hasMessageNotContaining("a workspace");
        ledger().lease(POOL, two, web("c"));
        assertFails(ErrorCode.UNAVAILABLE, () -> ledger().lease(POOL, one, web("d")))
                .hasMessageContaining(", or destroy a workspace or a service");
        PortPool next = new PortPool("web", 8103, 8103);
        ledger().lease(next, one, PortOwner.stack("web"));
        assertFails(ErrorCode.UNAVAILABLE, () -> ledger().lease(next, two, web("e")))
                .hasMessageContaining(", or destroy a stack whose manifest asks for ${alloc.web}");
        PortPool used = new PortPool("web", 8104, 8104);
        assertFails(ErrorCode.UNAVAILABLE, () -> ledger(port -> false).lease(used, one, web("e")))
                .hasMessageEndingWith("; widen operator.port_pool.web.range, or end what uses them");
    }
}
