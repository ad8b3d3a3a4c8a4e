package dev.angee.port;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Leases that the Go operator made. */
class LeaseAdoptionTest extends LedgerFixture {
    private static final Instant THEN = Instant.parse("2025-05-06T07:08:09Z");

    @Test
    void a_legacy_lease_keeps_port_owner_and_time_whether_or_not_its_port_is_in_use() {
        LegacyLease legacy = legacy(8100, "workspace/a/web");
        PortAdoption adoption = ledger(port -> false).adopt(one, List.of(legacy));
        PortLease made = adoption.adopted().get(0);
        assertThat(made).isEqualTo(new PortLease(made.id(), 8100, one, web("a"), THEN));
        assertThat(adoption.refused()).isEmpty();
        assertThat(ledger().all()).containsExactly(made);
        assertThat(ledger().lease(POOL, one, web("a"))).isEqualTo(made);
        assertThat(ledger().lease(POOL, two, web("a")).port()).isEqualTo(8101);
    }

    @Test
    void it_is_taken_over_once_and_not_again_when_it_has_been_released() {
        LegacyLease legacy = legacy(8100, "workspace/a/web");
        ledger().adopt(one, List.of(legacy));
        assertThat(ledger().adopt(one, List.of(legacy)).known()).containsExactly(legacy);
        ledger().release(one, "workspace/a");
        PortAdoption again = ledger().adopt(one, List.of(legacy));
        assertThat(again).isEqualTo(new PortAdoption(List.of(), List.of(legacy), List.of()));
        assertThat(ledger().all()).isEmpty();
    }

    @Test
    void a_lease_that_the_ledger_had_already_is_known() {
        PortLease own = ledger().lease(POOL, one, web("a"));
        LegacyLease legacy = legacy(8100, "workspace/a/web");
        assertThat(ledger().adopt(one, List.of(legacy)).known()).containsExactly(legacy);
        assertThat(ledger().all()).containsExactly(own);
    }

    @Test
    void a_port_that_somebody_else_has_is_reported_and_the_rest_is_taken_over_R22() {
        PortLease present = ledger().lease(POOL, two, web("b"));
        ledger().reserve(two, Map.of("ports.web", 8101));
        LegacyLease leased = legacy(8100, "workspace/a/web");
        LegacyLease fixed = legacy(8101, "workspace/b/web");
        LegacyLease fine = legacy(8102, "service/c/web");
        LegacyLease sameAgain = new LegacyLease("api", 8102, "service/c/api", THEN);
        PortAdoption adoption = ledger().adopt(one, List.of(leased, fixed, fine, sameAgain));
        assertThat(adoption.adopted()).extracting(PortLease::port).containsExactly(8102);
        assertThat(adoption.refused())
                .extracting(PortAdoption.Refused::lease)
                .containsExactly(leased, fixed, sameAgain);
        assertThat(adoption.refused().get(0).reason()).contains("workspace/b/web of " + two, "release");
        assertThat(adoption.refused().get(1).reason()).contains("ports.web of " + two);
        assertThat(adoption.refused().get(2).reason()).contains("service/c/web of " + one);
        assertThat(ledger().all()).hasSize(2).contains(present);
    }

    @Test
    void what_was_refused_is_looked_at_again() {
        PortLease present = ledger().lease(POOL, two, web("b"));
        LegacyLease legacy = legacy(8100, "workspace/a/web");
        assertThat(ledger().adopt(one, List.of(legacy)).refused()).hasSize(1);
        ledger().release(present);
        assertThat(ledger().adopt(one, List.of(legacy)).adopted()).hasSize(1);
    }

    @Test
    void what_makes_no_sense_is_reported() {
        ledger().lease(POOL, one, web("d"));
        List<LegacyLease> wrong = List.of(
                legacy(8101, "nobody"),
                legacy(8101, "workspace/../web"),
                legacy(8101, "workspace/a/api"),
                legacy(0, "workspace/a/web"),
                legacy(70_000, "workspace/a/web"),
                legacy(8101, "workspace/d/web"));
        PortAdoption adoption = ledger().adopt(one, wrong);
        assertThat(adoption.refused()).extracting(PortAdoption.Refused::lease).isEqualTo(wrong);
        assertThat(adoption.refused()).noneMatch(refused -> refused.reason().isBlank());
        assertThat(adoption.refused().get(5).reason()).contains("port 8100");
        assertThat(ledger().all()).hasSize(1);
    }

    @Test
    void a_legacy_lease_outside_every_pool_is_taken_over_and_blocks_nobody_R22() {
        ledger().adopt(one, List.of(legacy(9999, "workspace/a/web")));
        assertThat(ledger().lease(POOL, one, web("b")).port()).isEqualTo(8100);
        assertThat(ledger().strays(one, List.of(POOL)))
                .extracting(PortLease::port)
                .containsExactly(9999);
    }

    private static LegacyLease legacy(int port, String owner) {
        return new LegacyLease("web", port, owner, THEN);
    }
}
