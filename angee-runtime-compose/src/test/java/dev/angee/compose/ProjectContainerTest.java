package dev.angee.compose;

import static org.assertj.core.api.Assertions.assertThat;

import dev.angee.runtime.Health;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ProjectContainerTest {
    @Test
    void a_container_ran_from_its_start_to_its_end() {
        assertThat(ended("2026-11-28T08:38:01.000000001Z", "2026-11-28T08:38:03.500000001Z")
                        .ran())
                .isEqualTo(Duration.ofMillis(2500));
    }

    @Test
    void a_container_whose_end_the_engine_noted_before_its_start_ran_for_no_time() {
        assertThat(ended("2026-11-28T08:38:01.000725366Z", "2026-11-28T08:38:01Z")
                        .ran())
                .isZero();
    }

    private static ProjectContainer ended(String started, String finished) {
        return new ProjectContainer(
                "abc",
                "job",
                true,
                "",
                "exited",
                0,
                0,
                started,
                finished,
                "",
                false,
                Health.NONE,
                "",
                Optional.empty(),
                Set.of(),
                1,
                0,
                false);
    }
}
