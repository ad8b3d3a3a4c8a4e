package dev.angee.compose;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.angee.NotFoundException;
import dev.angee.contract.Program;
import dev.angee.plan.Workload;
import dev.angee.runtime.Selection;
import dev.angee.runtime.StartOptions;
import dev.angee.runtime.StopOptions;
import dev.angee.runtime.UpOptions;
import dev.angee.runtime.Usage;
import dev.angee.runtime.UsageStream;
import dev.angee.workload.Limits;
import java.time.Duration;
import java.util.List;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What services use, as the real engine counts it. */
@Timeout(value = 2, unit = TimeUnit.MINUTES)
class UsageIT extends OneStack {
    private static final long MIB = 1L << 20;

    @Test
    void each_running_service_is_measured_and_one_that_is_started_later_too() throws Exception {
        String busy = "head -c 20000000 /dev/zero | tr '\\0' x >/dev/shm/x; while :; do :; done";
        backend()
                .up(
                        plan(
                                Programs.service("idle", new Program.Sleeps()),
                                Workload.service("busy", Programs.IMAGE)
                                        .command(List.of("sh", "-c", busy))
                                        .limits(new Limits(
                                                OptionalLong.of(64 * MIB), OptionalInt.empty(), OptionalInt.of(50)))),
                        UpOptions.defaults());
        try (UsageStream usage = backend().usage(Selection.all())) {
            Usage idle = next(usage, s -> s.workload().equals("idle"));
            assertThat(idle.memoryLimit()).isEmpty();
            assertThat(idle.pids().getAsInt()).isBetween(1, 5);
            Usage first = next(usage, s -> s.workload().equals("busy") && s.memory() > 19 * MIB);
            assertThat(first.memoryLimit()).hasValue(64 * MIB);
            assertThat(first.memory()).isLessThan(40 * MIB);
            Usage later = next(usage, s -> s.workload().equals("busy") && s.at().isAfter(first.at()));
            assertThat(later.cpusSince(first)).isBetween(0.01, 2.5);
            assertThat(later.instance())
                    .isEqualTo(first.instance())
                    .isEqualTo(backend().status().get(0).instance());

            backend().stop(Selection.of("idle"), StopOptions.defaults().grace(Duration.ZERO));
            backend().start(Selection.of("idle"), StartOptions.defaults());
            Usage anew = next(
                    usage, s -> s.workload().equals("idle") && !s.instance().equals(idle.instance()));
            assertThat(anew.cpusSince(idle)).isZero();
        }
    }

    @Test
    void closing_ends_a_reader_that_waits_and_nobody_unknown_is_measured() throws Exception {
        backend().up(plan(Programs.service("web", new Program.Sleeps())), UpOptions.defaults());
        assertThatThrownBy(() -> backend().usage(Selection.of("nobody"))).isInstanceOf(NotFoundException.class);
        UsageStream usage = backend().usage(Selection.of("web"));
        CompletableFuture<Boolean> reader = CompletableFuture.supplyAsync(() -> {
            try {
                while (usage.poll(Duration.ofMinutes(1)).isPresent()) {
                    Thread.onSpinWait();
                }
                return true;
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        });
        usage.close();
        assertThat(reader.get(20, TimeUnit.SECONDS)).isTrue();
    }

    private static Usage next(UsageStream usage, Predicate<Usage> such) throws InterruptedException {
        while (true) {
            Usage sample = usage.poll(Duration.ofSeconds(20)).orElseThrow();
            if (such.test(sample)) {
                return sample;
            }
        }
    }
}
