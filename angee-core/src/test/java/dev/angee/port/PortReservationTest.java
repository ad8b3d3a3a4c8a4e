package dev.angee.port;

import static org.assertj.core.api.Assertions.assertThat;

import dev.angee.ErrorCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Ports that a root has fixed. */
class PortReservationTest extends LedgerFixture {
    @Test
    void no_pool_of_any_root_leases_a_fixed_port_R22() {
        ledger().reserve(one, Map.of("ports.web", 8100, "ingress", 8101));
        assertThat(ledger().reservations())
                .containsExactly(
                        new PortReservation(8101, one, "ingress"), new PortReservation(8100, one, "ports.web"));
        assertThat(ledger().preview(POOL, two, web("a"))).isEqualTo(8102);
        assertThat(ledger().lease(POOL, one, web("a")).port()).isEqualTo(8102);
        assertFails(ErrorCode.UNAVAILABLE, () -> ledger().lease(POOL, two, web("a")))
                .hasMessageContaining("3 leased or fixed");
    }

    @Test
    void replacing_never_ends_on_a_fixed_port_R22() {
        PortLease lease = ledger().lease(POOL, one, web("a"));
        ledger().reserve(two, Map.of("ports.web", 8101));
        assertThat(ledger().replace(POOL, lease).port()).isEqualTo(8102);
    }

    @Test
    void what_a_root_fixes_takes_the_place_of_all_it_had_fixed_and_touches_no_other_root() {
        ledger().reserve(two, Map.of("ports.other", 8200));
        ledger().reserve(one, Map.of("ports.web", 8100, "ports.api", 8101));
        ledger().reserve(one, Map.of("ports.api", 8100));
        assertThat(ledger().reservations())
                .containsExactly(
                        new PortReservation(8100, one, "ports.api"), new PortReservation(8200, two, "ports.other"));
        ledger().reserve(one, Map.of());
        assertThat(ledger().reservations()).containsExactly(new PortReservation(8200, two, "ports.other"));
        assertThat(ledger().lease(POOL, two, web("a")).port()).isEqualTo(8100);
    }

    @Test
    void a_root_may_fix_one_port_under_two_names() {
        ledger().reserve(one, Map.of("ports.web", 8100, "services.api.ports", 8100));
        ledger().reserve(one, Map.of("ports.web", 8100));
        assertThat(ledger().lease(POOL, two, web("a")).port()).isEqualTo(8101);
    }

    @Test
    void a_port_that_another_root_has_fixed_is_a_conflict_and_changes_nothing_R56() {
        ledger().reserve(one, Map.of("ports.web", 8100));
        ledger().reserve(two, Map.of("ports.old", 8102));
        assertFails(ErrorCode.CONFLICT, () -> ledger().reserve(two, Map.of("ports.a", 8101, "ports.b", 8100)))
                .hasMessageContaining("8100")
                .hasMessageContaining("ports.web of " + one)
                .hasMessageContaining("ports.b of " + two)
                .hasMessageContaining("change one of the two");
        assertThat(ledger().reservations())
                .containsExactly(
                        new PortReservation(8100, one, "ports.web"), new PortReservation(8102, two, "ports.old"));
    }

    @Test
    void a_port_that_somebody_has_leased_is_a_conflict_naming_root_and_owner_R22() {
        PortLease lease = ledger().lease(POOL, one, web("a"));
        for (Path root : new Path[] {one, two}) {
            assertFails(ErrorCode.CONFLICT, () -> ledger().reserve(root, Map.of("ports.web", lease.port())))
                    .hasMessageContaining("8100")
                    .hasMessageContaining("workspace/a/web of " + one)
                    .hasMessageContaining("release that, or fix another port");
        }
        assertFails(ErrorCode.CONFLICT, () -> {
            PortLease ofStack = ledger().lease(POOL, one, PortOwner.stack("web"));
            ledger().reserve(two, Map.of("ports.web", ofStack.port()));
        });
        assertThat(ledger().reservations()).isEmpty();
    }

    @Test
    void a_root_may_fix_what_it_or_a_service_of_it_has_leased() {
        int own = ledger().lease(POOL, one, PortOwner.stack("web")).port();
        int service = ledger().lease(POOL, one, PortOwner.service("s", "web")).port();
        ledger().reserve(one, Map.of("services.a", own, "services.s", service));
        assertThat(ledger().reservations()).hasSize(2);
    }

    @Test
    void the_stack_of_a_workspace_may_fix_the_port_that_was_leased_for_it_and_no_other_stack_may() throws IOException {
        PortLease lease = ledger().lease(POOL, one, web("x"));
        Path inner = Files.createDirectories(one.resolve("workspaces/x/app"));
        Path other = Files.createDirectories(one.resolve("workspaces/xy/app"));
        Path stranger = Files.createDirectories(two.resolve("workspaces/x/app"));
        for (Path not : new Path[] {other, stranger}) {
            assertFails(ErrorCode.CONFLICT, () -> ledger().reserve(not, Map.of("ports.web", lease.port())));
        }
        ledger().reserve(inner, Map.of("ports.web", lease.port()));
        assertThat(ledger().reservations()).containsExactly(new PortReservation(lease.port(), inner, "ports.web"));
        ledger().release(one, "workspace/x");
        assertThat(ledger().lease(POOL, one, web("y")).port()).as("still fixed").isNotEqualTo(lease.port());
    }

    @Test
    void what_is_no_port_or_has_no_name_is_refused() {
        for (Map<String, Integer> wrong : List.of(Map.of("a", 0), Map.of("a", 65536), Map.of(" ", 80))) {
            assertFails(ErrorCode.INVALID, () -> ledger().reserve(one, wrong));
        }
        assertThat(file()).doesNotExist();
    }

    @Test
    void what_a_root_that_is_gone_had_is_in_nobodys_way() throws IOException {
        ledger().reserve(two, Map.of("ports.web", 8100));
        ledger().lease(POOL, two, web("a"));
        Files.delete(two);
        ledger().reserve(one, Map.of("ports.web", 8100, "ports.api", 8101));
        assertThat(ledger().reservations()).extracting(PortReservation::root).containsOnly(one);
    }
}
