package dev.angee.process;

import static org.assertj.core.api.Assertions.assertThat;

import dev.angee.plan.Launch;
import dev.angee.plan.Workload;
import dev.angee.process.ProcessRecord.Asked;
import dev.angee.process.ProcessRecord.Attempts;
import dev.angee.workload.RestartPolicy;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import org.junit.jupiter.api.Test;

class RestartRuleTest {
    private static final Instant START = Instant.parse("2026-01-02T03:04:05Z");
    private static final OptionalInt FAILURE = OptionalInt.of(3);
    private static final OptionalInt UNKNOWN = OptionalInt.empty();
    private static final Optional<Instant> SOON = Optional.of(START.plusSeconds(1));
    private static final Optional<Instant> LATER = Optional.of(START.plusSeconds(10));

    private static ProcessRecord record(String policy, Asked asked, Attempts attempts) {
        Workload workload = Workload.service("a", new Launch.HostProcess())
                .lifecycle(Lifecycles.with(
                        Map.of("restart", RestartPolicy.parse(policy).orElseThrow(), "success_exit_codes", Set.of(7))))
                .build();
        return new ProcessRecord(workload, new Marker("m"), "boot", START, Optional.empty(), asked, "log", 0, attempts);
    }

    private static RestartRule after(String policy, int retries, OptionalInt code, Optional<Instant> end) {
        return RestartRule.of(record(policy, Asked.NOTHING, new Attempts(9, retries)), code, end, "");
    }

    @Test
    void what_follows_an_end_depends_on_policy_and_code() {
        for (OptionalInt code : List.of(OptionalInt.of(0), OptionalInt.of(7))) {
            assertThat(after("no", 0, code, SOON).due()).isEmpty();
            assertThat(after("on-failure", 0, code, SOON).due()).isEmpty();
            assertThat(after("always", 0, code, SOON).due()).isPresent();
            assertThat(after("unless-stopped", 0, code, SOON).due()).isPresent();
        }
        for (OptionalInt code : List.of(FAILURE, UNKNOWN)) {
            assertThat(after("no", 0, code, SOON).due()).isEmpty();
            assertThat(after("on-failure", 0, code, SOON).due()).isPresent();
            assertThat(after("always", 0, code, SOON).due()).isPresent();
        }
    }

    @Test
    void the_pause_doubles_up_to_half_a_minute() {
        Instant end = SOON.orElseThrow();
        long[] millis = {100, 200, 400, 800, 1600, 3200, 6400, 12_800, 25_600, 30_000, 30_000};
        for (int retries = 0; retries < millis.length; retries++) {
            assertThat(after("always", retries, FAILURE, SOON).due()).hasValue(end.plusMillis(millis[retries]));
        }
        assertThat(after("always", 1_000_000, FAILURE, SOON).due()).hasValue(end.plusSeconds(30));
    }

    @Test
    void so_many_failures_in_a_row_are_a_crash_loop_and_one_that_ran_long_begins_a_new_row() {
        assertThat(after("on-failure:2", 1, FAILURE, SOON).attempts()).isEqualTo(new Attempts(10, 2));
        RestartRule exhausted = after("on-failure:2", 2, FAILURE, SOON);
        assertThat(exhausted.due()).isEmpty();
        assertThat(exhausted.verdict()).startsWith("crash loop").contains("3 times in a row");
        assertThat(after("on-failure:2", 2, FAILURE, LATER).attempts()).isEqualTo(new Attempts(10, 1));
        assertThat(after("on-failure:2", 2, UNKNOWN, Optional.empty()).verdict())
                .startsWith("crash loop");
        assertThat(after("on-failure:2", 0, UNKNOWN, Optional.empty()).due()).isPresent();
    }

    @Test
    void what_somebody_asked_to_end_stays_ended_also_if_it_showed_no_life_before() {
        for (Asked asked : List.of(Asked.TO_END, Asked.KILLED, Asked.TO_STAY_ENDED)) {
            ProcessRecord record = record("always", asked, Attempts.NONE);
            assertThat(RestartRule.of(record, FAILURE, SOON, "").due()).isEmpty();
            assertThat(RestartRule.of(record, FAILURE, SOON, "lifeless").due()).isEmpty();
        }
    }

    @Test
    void one_that_showed_no_life_has_failed_whatever_its_code() {
        ProcessRecord record = record("on-failure", Asked.LIFELESS, Attempts.NONE);
        assertThat(RestartRule.of(record, OptionalInt.of(0), SOON, "lifeless").due())
                .isPresent();
        assertThat(RestartRule.of(record("no", Asked.LIFELESS, Attempts.NONE), FAILURE, SOON, "lifeless: x")
                        .verdict())
                .isEqualTo("lifeless: x");
    }

    @Test
    void a_clock_that_was_set_back_does_not_put_a_restart_off() {
        RestartRule rule = after("always", 3, FAILURE, SOON);
        Instant due = rule.due().orElseThrow();
        assertThat(rule.left(due.minusMillis(300))).isEqualTo(Duration.ofMillis(300));
        assertThat(rule.left(due.plusMillis(1))).isZero();
        assertThat(rule.left(due.minus(Duration.ofHours(2)))).isZero();
    }
}
