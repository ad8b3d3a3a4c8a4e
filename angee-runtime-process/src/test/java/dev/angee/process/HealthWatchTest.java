package dev.angee.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

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
    private static final Duration EARLY = Duration.ofMillis(9_700);
    private static final Duration LATE = Duration.ofSeconds(11);
    private static final Optional<String> BAD = Optional.of("bad");
    private static final Optional<String> GOOD = Optional.empty();

    private final HealthWatch watch = watch(Duration.ofNanos(1), Health.STARTING, LATE);

    private static HealthWatch watch(Duration interval, Health before, Duration ran) {
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
        return new HealthWatch(record, check, before, Path.of("log"), ran);
    }

    private Health after(Optional<String> found) {
        watch.end(found);
        return watch.health();
    }

    @Test
    void it_is_starting_until_the_first_verdict() {
        assertThat(watch.health()).isEqualTo(Health.STARTING);
        assertThat(after(BAD)).isEqualTo(Health.STARTING);
        assertThat(watch.problem()).isEqualTo("bad");
        assertThat(after(BAD)).isEqualTo(Health.UNHEALTHY);
    }

    @Test
    void failures_within_the_start_period_do_not_count_and_it_ends_by_itself() {
        HealthWatch early = watch(Duration.ofNanos(1), Health.STARTING, EARLY);
        for (int i = 0; i < 3; i++) {
            early.end(BAD);
        }
        assertThat(early.health()).isEqualTo(Health.STARTING);
        await().atMost(Duration.ofSeconds(30)).until(() -> {
            early.end(BAD);
            return early.health() == Health.UNHEALTHY;
        });
    }

    @Test
    void a_clock_that_was_set_back_does_not_lengthen_the_start_period_for_ever() {
        HealthWatch early = watch(Duration.ofNanos(1), Health.STARTING, Duration.ofHours(-5));
        early.end(BAD);
        early.end(BAD);
        assertThat(early.health()).as("no longer than the period itself").isEqualTo(Health.STARTING);
        HealthWatch late = watch(Duration.ofNanos(1), Health.STARTING, LATE);
        late.end(BAD);
        late.end(BAD);
        assertThat(late.health()).isEqualTo(Health.UNHEALTHY);
    }

    @Test
    void one_success_makes_it_healthy_and_only_failures_in_a_row_make_it_unhealthy() {
        assertThat(after(GOOD)).isEqualTo(Health.HEALTHY);
        assertThat(after(BAD)).isEqualTo(Health.HEALTHY);
        assertThat(after(GOOD)).isEqualTo(Health.HEALTHY);
        assertThat(after(BAD)).isEqualTo(Health.HEALTHY);
        assertThat(after(BAD)).isEqualTo(Health.UNHEALTHY);
        assertThat(after(GOOD)).isEqualTo(Health.HEALTHY);
    }

    @Test
    void one_probe_runs_at_a_time_and_the_next_after_the_interval() {
        HealthWatch slow = watch(Duration.ofHours(1), Health.STARTING, LATE);
        assertThat(slow.begin()).isTrue();
        assertThat(slow.begin()).isFalse();
        assertThat(slow.next()).isEmpty();
        slow.end(GOOD);
        assertThat(slow.begin()).isFalse();
        slow.end(GOOD);
        assertThat(slow.next().orElseThrow().left()).isBetween(Duration.ofMinutes(59), Duration.ofHours(1));
    }

    @Test
    void until_it_is_healthy_it_is_tried_more_often_and_those_tries_fail_without_counting() {
        HealthWatch slow = watch(Duration.ofHours(1), Health.STARTING, LATE);
        for (int i = 0; i < 5; i++) {
            slow.end(BAD);
            assertThat(slow.next().orElseThrow().left()).isLessThan(Duration.ofSeconds(2));
        }
        assertThat(slow.health()).isEqualTo(Health.STARTING);
        slow.end(GOOD);
        assertThat(slow.health()).isEqualTo(Health.HEALTHY);
    }

    @Test
    void it_goes_on_where_another_one_stopped() {
        HealthWatch next = watch(Duration.ofNanos(1), Health.HEALTHY, EARLY);
        next.end(BAD);
        assertThat(next.health()).isEqualTo(Health.HEALTHY);
        next.end(BAD);
        assertThat(next.health()).isEqualTo(Health.UNHEALTHY);
    }
}
