package dev.angee.process;

import static org.assertj.core.api.Assertions.assertThat;

import dev.angee.plan.HealthCheck;
import dev.angee.plan.Launch;
import dev.angee.plan.Workload;
import dev.angee.runtime.Health;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class HealthWatchTest {
    private static final Instant START = Instant.parse("2026-01-02T03:04:05Z");
    private static final Instant EARLY = START.plusSeconds(9);
    private static final Instant LATE = START.plusSeconds(11);
    private static final Optional<String> BAD = Optional.of("bad");
    private static final Optional<String> GOOD = Optional.empty();

    private final HealthWatch watch = watch(Duration.ofNanos(1), Health.STARTING);

    private static HealthWatch watch(Duration interval, Health before) {
        HealthCheck check =
                new HealthCheck(new HealthCheck.Tcp(1), interval, Duration.ofSeconds(1), 2, Duration.ofSeconds(10));
        Workload workload =
                Workload.service("a", new Launch.HostProcess()).health(check).build();
        ProcessRecord record = new ProcessRecord(
                workload,
                new Marker("m"),
                "boot",
                START,
                Optional.empty(),
                ProcessRecord.Asked.NOTHING,
                "log",
                0,
                ProcessRecord.Attempts.NONE);
        return new HealthWatch(record, check, before, Path.of("log"));
    }

    private Health after(Optional<String> found, Instant now) {
        watch.end(found, now);
        return watch.health();
    }

    @Test
    void it_is_starting_until_the_first_verdict() {
        assertThat(watch.health()).isEqualTo(Health.STARTING);
        assertThat(after(BAD, LATE)).isEqualTo(Health.STARTING);
        assertThat(watch.problem()).isEqualTo("bad");
        assertThat(after(BAD, LATE)).isEqualTo(Health.UNHEALTHY);
    }

    @Test
    void failures_within_the_start_period_do_not_count() {
        assertThat(after(BAD, EARLY)).isEqualTo(Health.STARTING);
        assertThat(after(BAD, EARLY)).isEqualTo(Health.STARTING);
        assertThat(after(BAD, EARLY)).isEqualTo(Health.STARTING);
        assertThat(after(BAD, LATE)).isEqualTo(Health.STARTING);
        assertThat(after(BAD, LATE)).isEqualTo(Health.UNHEALTHY);
    }

    @Test
    void one_success_makes_it_healthy_and_only_failures_in_a_row_make_it_unhealthy() {
        assertThat(after(GOOD, EARLY)).isEqualTo(Health.HEALTHY);
        assertThat(after(BAD, LATE)).isEqualTo(Health.HEALTHY);
        assertThat(after(GOOD, LATE)).isEqualTo(Health.HEALTHY);
        assertThat(after(BAD, LATE)).isEqualTo(Health.HEALTHY);
        assertThat(after(BAD, LATE)).isEqualTo(Health.UNHEALTHY);
        assertThat(after(GOOD, LATE)).isEqualTo(Health.HEALTHY);
    }

    @Test
    void one_probe_runs_at_a_time_and_the_next_after_the_interval() {
        HealthWatch slow = watch(Duration.ofHours(1), Health.STARTING);
        assertThat(slow.begin()).isTrue();
        assertThat(slow.begin()).isFalse();
        assertThat(slow.next()).isEmpty();
        slow.end(GOOD, LATE);
        assertThat(slow.begin()).isFalse();
        slow.end(GOOD, LATE);
        assertThat(slow.next().orElseThrow().left()).isBetween(Duration.ofMinutes(59), Duration.ofHours(1));
    }

    @Test
    void until_it_is_healthy_it_is_tried_more_often_and_those_tries_fail_without_counting() {
        HealthWatch slow = watch(Duration.ofHours(1), Health.STARTING);
        for (int i = 0; i < 5; i++) {
            slow.end(BAD, LATE);
            assertThat(slow.next().orElseThrow().left()).isLessThan(Duration.ofSeconds(2));
        }
        assertThat(slow.health()).isEqualTo(Health.STARTING);
        slow.end(GOOD, LATE);
        assertThat(slow.health()).isEqualTo(Health.HEALTHY);
    }

    @Test
    void it_goes_on_where_another_one_stopped() {
        HealthWatch next = watch(Duration.ofNanos(1), Health.HEALTHY);
        next.end(BAD, EARLY);
        assertThat(next.health()).isEqualTo(Health.HEALTHY);
        next.end(BAD, EARLY);
        assertThat(next.health()).isEqualTo(Health.UNHEALTHY);
    }
}
