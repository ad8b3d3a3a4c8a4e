package dev.angee.compose;

import static org.assertj.core.api.Assertions.assertThat;

import dev.angee.runtime.Health;
import dev.angee.runtime.Selection;
import dev.angee.runtime.WorkloadState;
import dev.angee.runtime.WorkloadStatus;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What several containers of one service are together. */
class ReplicasTest {
    @Test
    void one_that_is_missing_makes_a_service_unhealthy_that_runs() {
        WorkloadStatus status = status(one(1, "running", 0, Health.NONE, ""), one(2, "exited", 4, Health.NONE, ""));
        assertThat(status.state()).isEqualTo(WorkloadState.RUNNING);
        assertThat(status.health()).isEqualTo(Health.UNHEALTHY);
        assertThat(status.exitCode()).isEmpty();
        assertThat(status.reason()).isEqualTo("1 of 2 run; #2: exit code 4");
        assertThat(status.isReady()).isFalse();
    }

    @Test
    void the_health_of_several_is_that_of_the_worst() {
        assertThat(health(Health.HEALTHY, Health.HEALTHY)).isEqualTo(Health.HEALTHY);
        assertThat(health(Health.HEALTHY, Health.STARTING)).isEqualTo(Health.STARTING);
        assertThat(health(Health.STARTING, Health.UNHEALTHY)).isEqualTo(Health.UNHEALTHY);
        assertThat(health(Health.NONE, Health.NONE)).isEqualTo(Health.NONE);
    }

    @Test
    void all_have_ended_when_each_has_and_the_first_failure_counts() {
        WorkloadStatus status = status(
                one(1, "exited", 0, Health.NONE, ""),
                one(2, "exited", 4, Health.NONE, ""),
                one(3, "exited", 137, Health.NONE, "out of memory"));
        assertThat(status.state()).isEqualTo(WorkloadState.EXITED);
        assertThat(status.exitCode()).hasValue(4);
        assertThat(status.reason()).isEqualTo("0 of 3 run; #1: exit code 0; #2: exit code 4; #3: out of memory");
        assertThat(status(one(1, "exited", 0, Health.NONE, ""), one(2, "exited", 0, Health.NONE, ""))
                        .exitCode())
                .hasValue(0);
    }

    @Test
    void more_is_to_come_of_a_service_of_which_one_is_restarting_or_not_begun() {
        WorkloadStatus restarting = status(
                one(1, "running", 0, Health.NONE, ""), one(2, "restarting", 3, Health.NONE, "restarting after exit 3"));
        assertThat(restarting.state()).isEqualTo(WorkloadState.RESTARTING);
        assertThat(restarting.exitCode()).hasValue(3);
        assertThat(status(one(1, "running", 0, Health.NONE, ""), one(2, "created", 0, Health.NONE, ""))
                        .state())
                .isEqualTo(WorkloadState.CREATED);
    }

    @Test
    void a_container_that_replaces_another_takes_its_place_and_no_other() {
        ProjectContainer old = one(2, "exited", 143, Health.NONE, "");
        ProjectContainer now = one(2, "running", 0, Health.NONE, "");
        Services services = Services.of(List.of(old, now, one(1, "running", 0, Health.NONE, "")));
        assertThat(services.all()).extracting(ProjectContainer::phase).containsExactly("running", "running");
        assertThat(services.names(Selection.all(), ProjectContainer::isActive)).containsExactly("web");
        assertThat(services.hasStarted("web", 2)).isTrue();
        assertThat(services.hasStarted("web", 3)).isFalse();
        assertThat(Services.of(List.of(one(1, "created", 0, Health.NONE, ""))).hasStarted("web", 1))
                .isFalse();
        assertThat(services.includes(now)).isTrue();
        assertThat(services.statuses())
                .singleElement()
                .satisfies(s -> assertThat(s.instance())
                        .isEqualTo("1running@2026-11-28T08:00:01Z,2running@2026-11-28T08:00:02Z"));
    }

    private static Health health(Health one, Health other) {
        return status(one(1, "running", 0, one, ""), one(2, "running", 0, other, ""))
                .health();
    }

    private static WorkloadStatus status(ProjectContainer... containers) {
        return new Replicas(List.of(containers)).status();
    }

    private static ProjectContainer one(int number, String phase, int code, Health health, String reason) {
        return new ProjectContainer(
                number + phase,
                "web",
                false,
                "",
                phase,
                code,
                0,
                "2026-11-28T08:00:0" + number + "Z",
                "",
                "busybox:local",
                false,
                health,
                reason,
                Optional.empty(),
                Set.of(),
                number,
                0,
                false);
    }
}
