package dev.angee.port;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.angee.ErrorCode;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Ports that turn out to be taken between the probe and the bind. */
@Timeout(60)
class PortReplacementTest extends LedgerFixture {
    @Test
    void a_port_found_taken_is_replaced_by_another_in_one_step() {
        PortLease taken = ledger().lease(POOL, one, web("a"));
        PortLease other = ledger().replace(POOL, taken);
        assertThat(other.port()).isEqualTo(8101);
        assertThat(other.id()).isNotEqualTo(taken.id());
        assertThat(ledger().all()).containsExactly(other);
        assertThat(ledger().lease(POOL, one, web("b")).port())
                .as("it is unavailable for that call only")
                .isEqualTo(8100);
    }

    @Test
    void with_no_other_port_the_old_lease_stays() throws Exception {
        PortLedger ledger = ledger(port -> port == 8100);
        PortLease only = ledger.lease(POOL, one, web("a"));
        byte[] before = Files.readAllBytes(file());
        assertFails(ErrorCode.UNAVAILABLE, () -> ledger.replace(POOL, only));
        assertThat(Files.readAllBytes(file())).isEqualTo(before);
    }

    @Test
    void only_the_present_holder_replaces_its_port() {
        PortLease stale = ledger().lease(POOL, one, web("a"));
        ledger().release(stale);
        assertFails(ErrorCode.CONFLICT, () -> ledger().replace(POOL, stale)).hasMessageContaining("lease one anew");
        PortLease present = ledger().lease(POOL, two, web("b"));
        assertFails(ErrorCode.CONFLICT, () -> ledger().replace(POOL, stale)).hasMessageContaining("workspace/b/web");
        PortLease first = ledger().lease(POOL, one, web("c"));
        PortLease second = ledger().replace(POOL, first);
        assertFails(ErrorCode.CONFLICT, () -> ledger().replace(POOL, first));
        assertThat(ledger().all()).containsExactlyInAnyOrder(present, second);
    }

    @Test
    void binding_goes_on_to_the_next_port_and_never_back_to_one_found_taken() throws Exception {
        List<Integer> tried = new ArrayList<>();
        BoundPort<String> bound = ledger().bind(POOL, one, web("a"), 3, lease -> {
            tried.add(lease.port());
            return lease.port() == 8102 ? new PortAttempt.Bound<>("served") : new PortAttempt.Taken<>("in use");
        });
        assertThat(tried).containsExactly(8100, 8101, 8102);
        assertThat(bound.value()).isEqualTo("served");
        assertThat(ledger().all()).containsExactly(bound.lease());
    }

    @Test
    void binding_gives_up_after_the_attempts_it_was_given_and_keeps_no_lease() {
        List<Integer> tried = new ArrayList<>();
        assertFails(
                        ErrorCode.UNAVAILABLE,
                        () -> ledger().bind(POOL, one, web("a"), 2, lease -> {
                            tried.add(lease.port());
                            return new PortAttempt.Taken<>("seen on " + lease.port());
                        }))
                .hasMessageContaining("seen on 8100")
                .hasMessageContaining("seen on 8101");
        assertThat(tried).containsExactly(8100, 8101);
        assertThat(ledger().all()).isEmpty();
    }

    @Test
    void binding_gives_up_when_the_pool_is_used_up() {
        List<Integer> tried = new ArrayList<>();
        assertFails(
                ErrorCode.UNAVAILABLE,
                () -> ledger().bind(POOL, one, web("a"), 100, lease -> {
                    tried.add(lease.port());
                    return new PortAttempt.Taken<>("in use");
                }));
        assertThat(tried).containsExactly(8100, 8101, 8102);
        assertThat(ledger().all()).isEmpty();
    }

    @Test
    void a_failing_use_releases_what_was_leased_for_it_and_its_failure_is_passed_on() {
        assertThatThrownBy(() -> ledger().bind(POOL, one, web("a"), 3, lease -> {
                    throw new IllegalStateException("no disk");
                }))
                .hasMessage("no disk");
        assertThat(ledger().all()).isEmpty();
    }

    @Test
    void a_failing_use_leaves_a_lease_that_its_owner_had_before_unless_that_port_was_taken() {
        PortLease before = ledger().lease(POOL, one, web("a"));
        assertThatThrownBy(() -> ledger().bind(POOL, one, web("a"), 3, lease -> {
                    throw new IllegalStateException("no disk");
                }))
                .hasMessage("no disk");
        assertThat(ledger().all()).containsExactly(before);
        assertThatThrownBy(() -> ledger().bind(POOL, one, web("a"), 3, lease -> {
                    if (lease.equals(before)) {
                        return new PortAttempt.Taken<>("in use");
                    }
                    throw new IllegalStateException("no disk");
                }))
                .hasMessage("no disk");
        assertThat(ledger().all()).isEmpty();
    }

    @Test
    void an_interrupted_use_releases_its_lease_and_stays_interrupted() {
        assertThatThrownBy(() -> ledger().bind(POOL, one, web("a"), 3, lease -> {
                    Thread.currentThread().interrupt();
                    throw new IllegalStateException("stopped");
                }))
                .hasMessage("stopped")
                .hasNoSuppressedExceptions();
        assertThat(Thread.interrupted()).isTrue();
        assertThat(ledger().all()).isEmpty();
        assertThatThrownBy(() -> ledger().bind(POOL, one, web("a"), 3, lease -> {
                    throw new InterruptedException("stopped");
                }))
                .isInstanceOf(InterruptedException.class);
        assertThat(ledger().all()).isEmpty();
    }
}
