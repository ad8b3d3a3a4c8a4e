package dev.angee.compose;

import static org.assertj.core.api.Assertions.assertThat;

import dev.angee.AngeeException;
import dev.angee.runtime.Health;
import dev.angee.runtime.RuntimeEvent;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What is made of what the engine tells, and of what it leaves out. */
class SeenContainersTest {
    private static final String FIRST = "2026-01-01T00:00:01Z";
    private static final String SECOND = "2026-01-01T00:00:02Z";

    private final List<String> told = new ArrayList<>();
    private final SeenContainers seen = new SeenContainers(new ProjectEvents.Listener() {
        @Override
        public void changed(RuntimeEvent e) {
            String code = e.exitCode().isPresent() ? " " + e.exitCode().getAsInt() : "";
            told.add(e.state()
                    + (e.health() == Health.NONE ? "" : " " + e.health())
                    + code
                    + (e.outOfMemory() ? " oom" : "")
                    + (e.restarts() > 0 ? " restarts " + e.restarts() : ""));
        }

        @Override
        public void started(String id, String service) {
            told.add("started " + id);
        }

        @Override
        public void removed(String id) {
            told.add("removed " + id);
        }

        @Override
        public void lost(AngeeException why) {
            told.add("lost");
        }
    });
    private Instant time = Instant.parse(FIRST);

    @Test
    void a_whole_life_is_told() {
        ProjectContainer running = running(FIRST, Health.STARTING, 0);
        happens("create");
        happens("start", running);
        happens("health_status: healthy");
        dies(3, exited(FIRST, 3, false));
        happens("destroy");
        assertThat(told)
                .containsExactly(
                        "CREATED", "RUNNING STARTING", "started c", "RUNNING HEALTHY", "EXITED 3", "removed c");
    }

    @Test
    void what_is_told_twice_is_passed_on_once() {
        seen.begin(List.of(running(FIRST, Health.HEALTHY, 0)));
        happens("create");
        happens("start", running(FIRST, Health.HEALTHY, 0));
        happens("health_status: healthy");
        assertThat(told).isEmpty();
        dies(1, exited(FIRST, 1, false));
        dies(1, exited(FIRST, 1, false));
        assertThat(told).containsExactly("EXITED 1");
    }

    @Test
    void an_end_that_is_followed_by_a_restart_says_so_and_the_restart_counts() {
        seen.begin(List.of(running(FIRST, Health.NONE, 0)));
        dies(3, container("restarting", FIRST, Health.NONE, 3, 1, false));
        happens("start", running(SECOND, Health.NONE, 1));
        dies(3, running("2026-01-01T00:00:03Z", Health.NONE, 2)); // is running again when it is looked at
        assertThat(told)
                .containsExactly(
                        "RESTARTING 3 restarts 1", "RUNNING restarts 1", "started c", "RESTARTING 3 restarts 2");
    }

    @Test
    void a_look_that_comes_late_does_not_count_a_restart_twice() {
        happens("create");
        happens("start", container("restarting", FIRST, Health.NONE, 3, 1, false)); // has ended by then
        dies(3, running(SECOND, Health.NONE, 1)); // runs again by then
        happens("start", running(SECOND, Health.NONE, 1));
        dies(3, exited(SECOND, 3, false));
        happens("start", running("2026-01-01T00:00:09Z", Health.NONE, 0)); // by hand
        assertThat(told.stream().filter(e -> !e.startsWith("started")))
                .containsExactly(
                        "CREATED",
                        "RUNNING",
                        "RESTARTING 3 restarts 1",
                        "RUNNING restarts 1",
                        "EXITED 3 restarts 1",
                        "RUNNING");
    }

    @Test
    void want_of_memory_is_told_when_it_kills_a_child_and_again_when_it_ends_the_container() {
        seen.begin(List.of(running(FIRST, Health.NONE, 0)));
        happens("oom");
        dies(137, exited(FIRST, 137, true));
        happens("start", running(SECOND, Health.NONE, 0));
        dies(0, exited(SECOND, 0, false));
        assertThat(told).containsExactly("RUNNING oom", "EXITED 137 oom", "RUNNING", "started c", "EXITED 0");
    }

    @Test
    void an_end_that_nobody_heard_of_is_found() {
        seen.begin(List.of(running(FIRST, Health.NONE, 0)));
        seen.compare(List.of(exited(FIRST, 143, false)), Set.of());
        seen.compare(List.of(exited(FIRST, 143, false)), Set.of());
        assertThat(told).containsExactly("EXITED 143");
    }

    @Test
    void a_run_that_began_while_nobody_listened_means_that_the_last_one_ended() {
        seen.begin(List.of(running(FIRST, Health.NONE, 0)));
        seen.compare(List.of(running(SECOND, Health.STARTING, 0)), Set.of());
        assertThat(told).containsExactly("EXITED", "RUNNING STARTING", "started c");
    }

    @Test
    void an_engine_that_starts_a_container_at_its_own_start_tells_no_end_but_it_is_known() {
        seen.begin(List.of(running(FIRST, Health.NONE, 0)));
        happens("start", running(SECOND, Health.NONE, 0));
        seen.compare(List.of(running(SECOND, Health.NONE, 0)), Set.of());
        assertThat(told).containsExactly("EXITED", "RUNNING", "started c");
    }

    @Test
    void a_whole_life_in_between_is_told_by_its_end() {
        seen.compare(List.of(exited(FIRST, 3, false)), Set.of());
        seen.compare(List.of(exited(SECOND, 4, true)), Set.of());
        assertThat(told).containsExactly("EXITED 3", "EXITED 4 oom");
    }

    @Test
    void what_is_not_there_any_more_has_ended() {
        seen.begin(List.of(running(FIRST, Health.NONE, 0)));
        seen.compare(List.of(), Set.of());
        assertThat(told).containsExactly("EXITED", "removed c");
    }

    @Test
    void what_the_engine_has_told_of_meanwhile_is_newer_than_the_list() {
        seen.begin(List.of(running(FIRST, Health.NONE, 0)));
        dies(1, exited(FIRST, 1, false));
        seen.compare(List.of(running(FIRST, Health.NONE, 0)), Set.of("c"));
        assertThat(told).containsExactly("EXITED 1");
    }

    @Test
    void health_that_changed_unheard_is_told() {
        seen.begin(List.of(running(FIRST, Health.HEALTHY, 0)));
        seen.compare(List.of(running(FIRST, Health.UNHEALTHY, 0)), Set.of());
        assertThat(told).containsExactly("RUNNING UNHEALTHY");
    }

    @Test
    void a_start_that_could_not_be_looked_at_is_no_other_run_but_told_again_to_those_who_follow() {
        happens("start");
        seen.compare(List.of(running(FIRST, Health.NONE, 0)), Set.of());
        assertThat(told).containsExactly("RUNNING", "started c", "started c");
    }

    @Test
    void an_end_that_was_heard_of_is_told_once_also_if_the_start_before_it_could_not_be_looked_at() {
        seen.begin(List.of(exited("2026-01-01T00:00:00Z", 137, false)));
        happens("start");
        dies(137, exited(FIRST, 137, false));
        seen.compare(List.of(exited(FIRST, 137, false)), Set.of());
        assertThat(told).containsExactly("RUNNING", "started c", "EXITED 137");
        seen.compare(List.of(exited(SECOND, 3, false)), Set.of());
        assertThat(told).last().isEqualTo("EXITED 3");
    }

    @Test
    void a_look_that_shows_a_later_run_does_not_make_an_end_that_was_told_another_one() {
        seen.begin(List.of(exited("2026-01-01T00:00:00Z", 137, false)));
        lookedAtLate("start", running(SECOND, Health.NONE, 0)); // has ended, and begun again, by then
        dies(137, running(SECOND, Health.NONE, 0));
        seen.compare(List.of(exited(FIRST, 137, false)), Set.of()); // listed before it began again
        assertThat(told).containsExactly("RUNNING", "started c", "EXITED 137");
        happens("start", running(SECOND, Health.NONE, 0));
        assertThat(told).containsExactly("RUNNING", "started c", "EXITED 137", "RUNNING", "started c");
    }

    @Test
    void an_unseen_start_and_a_run_that_replaced_it_unheard_are_two_runs() {
        happens("start");
        seen.compare(List.of(running(SECOND, Health.NONE, 0)), Set.of());
        assertThat(told).containsExactly("RUNNING", "started c", "EXITED", "RUNNING", "started c");
    }

    @Test
    void a_start_that_a_list_has_shown_is_not_told_again_though_it_cannot_be_looked_at() {
        seen.begin(List.of(exited("2026-01-01T00:00:00Z", 137, false)));
        seen.compare(List.of(running(FIRST, Health.NONE, 0)), Set.of());
        happens("start");
        assertThat(told).containsExactly("RUNNING", "started c");
        dies(1, exited(FIRST, 1, false));
        happens("start");
        assertThat(told).containsExactly("RUNNING", "started c", "EXITED 1", "RUNNING", "started c");
    }

    @Test
    void the_end_of_what_is_never_restarted_needs_no_look_unless_the_kernel_may_have_killed_it() {
        seen.begin(List.of(running(FIRST, Health.NONE, 0)));
        assertThat(seen.needsLook(death(0))).isFalse();
        assertThat(seen.needsLook(death(3))).isFalse();
        assertThat(seen.needsLook(death(137))).isTrue();
        happens("kill");
        assertThat(seen.needsLook(death(137))).isFalse();
        happens("start", running(SECOND, Health.NONE, 0));
        assertThat(seen.needsLook(death(137))).as("another run").isTrue();
    }

    @Test
    void the_end_of_what_may_be_restarted_or_was_not_heard_of_needs_a_look() {
        assertThat(seen.needsLook(death(0))).as("not heard of").isTrue();
        seen.begin(List.of(container("running", FIRST, Health.NONE, 0, 0, false, true)));
        assertThat(seen.needsLook(death(0))).isTrue();
        happens("start");
        assertThat(seen.needsLook(death(0))).as("not looked at").isTrue();
    }

    private static ContainerEvent death(int code) {
        return new ContainerEvent("c", "web", 1, "die", OptionalInt.of(code), Instant.EPOCH);
    }

    private void happens(String action) {
        take(action, OptionalInt.empty(), Optional.empty());
    }

    /** Looked at in time: what there is to see has begun before. */
    private void happens(String action, ProjectContainer now) {
        Instant begun = Instant.parse(now.startedAt()).plusMillis(1);
        time = begun.isAfter(time) ? begun : time;
        lookedAtLate(action, now);
    }

    private void lookedAtLate(String action, ProjectContainer now) {
        take(action, OptionalInt.empty(), Optional.of(now));
    }

    private void dies(int code, ProjectContainer now) {
        take("die", OptionalInt.of(code), Optional.of(now));
    }

    private void take(String action, OptionalInt code, Optional<ProjectContainer> now) {
        time = time.plusMillis(1);
        seen.take(new ContainerEvent("c", "web", 1, action, code, time), now);
    }

    private static ProjectContainer running(String startedAt, Health health, int restarts) {
        return container("running", startedAt, health, 0, restarts, false);
    }

    private static ProjectContainer exited(String startedAt, int code, boolean outOfMemory) {
        return container("exited", startedAt, Health.NONE, code, 0, outOfMemory);
    }

    private static ProjectContainer container(
            String phase, String startedAt, Health health, int code, int restarts, boolean outOfMemory) {
        return container(phase, startedAt, health, code, restarts, outOfMemory, false);
    }

    private static ProjectContainer container(
            String phase,
            String startedAt,
            Health health,
            int code,
            int restarts,
            boolean outOfMemory,
            boolean mayRestart) {
        return new ProjectContainer(
                "c",
                "web",
                false,
                "",
                phase,
                code,
                restarts,
                startedAt,
                "",
                "",
                outOfMemory,
                health,
                "",
                Optional.empty(),
                Set.of(),
                1,
                0,
                mayRestart);
    }
}
