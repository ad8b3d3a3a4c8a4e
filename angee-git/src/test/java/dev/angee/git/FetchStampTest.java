package dev.angee.git;

import static org.assertj.core.api.Assertions.assertThat;

import dev.angee.source.FetchOptions;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FetchStampTest {
    private static final Instant NOON = Instant.parse("2026-03-01T12:00:00.000123Z");
    private static final FetchOptions NOW = FetchOptions.defaults();
    private static final FetchOptions HOURLY = NOW.unlessWithin(Duration.ofHours(1));

    @TempDir
    Path cache;

    @Test
    void a_fetch_serves_those_who_came_before_it_began_and_those_who_can_wait() {
        record Case(FetchStamp stamp, FetchOptions options, int arrived, int now, boolean serves) {}
        FetchStamp all = new FetchStamp(NOON, 0);
        FetchStamp three = new FetchStamp(NOON, 3);
        List<Case> cases = List.of(
                new Case(all, NOW, -1, 5, true),
                new Case(all, NOW, 0, 5, false),
                new Case(all, NOW, 1, 5, false),
                new Case(all, HOURLY, 1, 3599, true),
                new Case(all, HOURLY, 1, 3600, false),
                new Case(all, HOURLY, -1, -1, false),
                new Case(all, NOW, -9, -1, false),
                new Case(three, NOW, -1, 5, false),
                new Case(three, NOW.newest(3), -1, 5, true),
                new Case(three, NOW.newest(2), -1, 5, false),
                new Case(all, NOW.newest(3), -1, 5, false));
        for (Case each : cases) {
            assertThat(each.stamp.serves(each.options, NOON.plusSeconds(each.arrived), NOON.plusSeconds(each.now)))
                    .as(each.toString())
                    .isEqualTo(each.serves);
        }
    }

    @Test
    void it_is_read_as_it_was_written_and_nothing_else_is() throws Exception {
        assertThat(FetchStamp.read(cache)).isEmpty();
        new FetchStamp(NOON.minusSeconds(5), 0).write(cache);
        new FetchStamp(NOON, 7).write(cache);
        assertThat(FetchStamp.read(cache)).contains(new FetchStamp(NOON, 7));
        Path file = cache.resolve(FetchStamp.FILE);
        for (String odd : List.of("", "\n", "now 0", NOON + " many", NOON.toString(), "x".repeat(1000))) {
            Files.writeString(file, odd);
            assertThat(FetchStamp.read(cache)).as(odd).isEmpty();
        }
    }

    @Test
    void a_pipe_or_a_link_in_its_place_is_no_stamp_and_is_replaced() throws Exception {
        Path file = cache.resolve(FetchStamp.FILE);
        RealGit.pipe(file);
        assertThat(FetchStamp.read(cache)).isEmpty();
        new FetchStamp(NOON, 0).write(cache);
        Path elsewhere = Files.writeString(cache.resolve("elsewhere"), "mine");
        Files.delete(file);
        Files.createSymbolicLink(file, elsewhere);
        assertThat(FetchStamp.read(cache)).isEmpty();
        new FetchStamp(NOON, 0).write(cache);
        assertThat(elsewhere).hasContent("mine");
        assertThat(FetchStamp.read(cache)).contains(new FetchStamp(NOON, 0));
    }
}
