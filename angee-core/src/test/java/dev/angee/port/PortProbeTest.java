package dev.angee.port;

import static org.assertj.core.api.Assertions.assertThat;

import dev.angee.AngeeException;
import dev.angee.ConflictException;
import dev.angee.ErrorCode;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What the ledger makes of the answers of probes. */
class PortProbeTest extends LedgerFixture {
    @Test
    void a_port_is_free_if_every_probe_says_so_and_the_first_objection_is_enough() {
        List<String> asked = new ArrayList<>();
        PortProbe all = PortProbe.allOf(List.of(
                port -> asked.add("a" + port),
                port -> asked.add("b" + port) && port != 8100,
                port -> asked.add("c" + port) && port != 8101));
        assertThat(all.isFree(8100)).isFalse();
        assertThat(all.isFree(8101)).isFalse();
        assertThat(all.isFree(8102)).isTrue();
        assertThat(asked).containsExactly("a8100", "b8100", "a8101", "b8101", "c8101", "a8102", "b8102", "c8102");
        assertThat(PortProbe.allOf(List.of()).isFree(8100)).isTrue();
    }

    @Test
    void a_probe_that_fails_with_a_conflict_says_who_has_the_port_and_the_next_one_is_leased() {
        PortProbe named = port -> {
            if (port < 8102) {
                throw new ConflictException("port", "" + port, "the container c" + port + " publishes it");
            }
            return true;
        };
        assertThat(ledger(named).lease(POOL, one, web("a")).port()).isEqualTo(8102);
        assertFails(ErrorCode.UNAVAILABLE, () -> ledger(named).lease(POOL, one, web("b")))
                .hasMessageContaining("the container c8100 publishes it")
                .hasMessageContaining("the container c8101 publishes it");
    }

    @Test
    void a_probe_that_cannot_tell_fails_the_lease_and_is_not_passed_off_as_taken_or_free() {
        AngeeException fault = new AngeeException(ErrorCode.UNAVAILABLE, "too many open files");
        PortProbe unsure = port -> {
            throw fault;
        };
        assertFails(ErrorCode.UNAVAILABLE, () -> ledger(unsure).lease(POOL, one, web("a")))
                .isSameAs(fault);
        PortProbe broken = port -> {
            throw new IllegalStateException("broken");
        };
        assertFails(ErrorCode.FAILED, () -> ledger(broken).lease(POOL, one, web("a")))
                .hasMessageContaining("cannot tell whether port 8100 is free")
                .hasRootCauseMessage("broken");
        assertFails(ErrorCode.FAILED, () -> ledger(broken).preview(POOL, one, web("a")));
        assertThat(file()).doesNotExist();
    }
}
