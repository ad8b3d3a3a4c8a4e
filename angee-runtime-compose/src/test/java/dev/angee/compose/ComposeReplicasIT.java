package dev.angee.compose;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.angee.AngeeException;
import dev.angee.plan.Dependency;
import dev.angee.plan.RuntimePlan;
import dev.angee.plan.Workload;
import dev.angee.plan.WorkloadBuilder;
import dev.angee.runtime.EventStream;
import dev.angee.runtime.Health;
import dev.angee.runtime.LogQuery;
import dev.angee.runtime.RuntimeEvent;
import dev.angee.runtime.Selection;
import dev.angee.runtime.StartOptions;
import dev.angee.runtime.StopOptions;
import dev.angee.runtime.UpOptions;
import dev.angee.runtime.WorkloadState;
import dev.angee.workload.Condition;
import dev.angee.workload.Lifecycle;
import dev.angee.workload.OnOwnerExit;
import dev.angee.workload.RestartPolicy;
import dev.angee.workload.RunOn;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Several containers of one service; and services that start only in a profile. */
class ComposeReplicasIT extends OneStack {
    private static final StopOptions SHORT_GRACE = StopOptions.defaults().grace(Duration.ofSeconds(1));
    private static final String SLEEPS = "echo \"I am $(hostname)\"; exec sleep 86400";

    @Test
    void so_many_containers_run_and_one_more_or_less_leaves_the_others_alone() throws Exception {
        up(replicas(3, SLEEPS));
        List<String> three = instances();
        assertThat(three).hasSize(3);
        assertThat(status("a").state()).isEqualTo(WorkloadState.RUNNING);
        assertThat(status("a").health()).isEqualTo(Health.NONE);
        assertThat(states()).hasSize(1);
        soon().untilAsserted(() -> assertThat(lines(backend().logs(LogQuery.all())))
                .filteredOn(line -> line.startsWith("I am "))
                .doesNotHaveDuplicates()
                .hasSize(3));
        up(replicas(3, SLEEPS));
        assertThat(instances()).isEqualTo(three);
        up(replicas(2, SLEEPS));
        assertThat(instances()).isEqualTo(three.subList(0, 2));
        up(replicas(4, SLEEPS));
        assertThat(instances()).startsWith(three.get(0), three.get(1)).hasSize(4);
        up(replicas(1, SLEEPS));
        assertThat(instances()).containsExactly(three.get(0));
    }

    @Test
    void stop_and_start_and_up_act_on_all_and_on_those_only_that_need_it() throws Exception {
        up(replicas(2, SLEEPS));
        List<String> before = instances();
        engine().killContainerCmd(project() + "-a-2").exec();
        soon().until(() -> status("a").reason(), "1 of 2 run; #2: exit code 137"::equals);
        assertThat(status("a").state()).isEqualTo(WorkloadState.RUNNING);
        assertThat(status("a").health()).isEqualTo(Health.UNHEALTHY);
        assertThat(status("a").isReady()).isFalse();

        backend().start(Selection.of("a"), StartOptions.defaults());
        assertThat(instances()).startsWith(before.get(0)).hasSize(2).isNotEqualTo(before);
        assertThat(status("a").isReady()).isTrue();

        backend().stop(Selection.of("a"), SHORT_GRACE);
        assertThat(status("a").state()).isEqualTo(WorkloadState.EXITED);
        assertThat(status("a").exitCode()).hasValue(143);

        up(replicas(2, SLEEPS));
        assertThat(status("a").isReady()).isTrue();
        engine().removeContainerCmd(project() + "-a-1").withForce(true).exec();
        up(replicas(2, SLEEPS));
        assertThat(instances()).hasSize(2);
        assertThat(status("a").isReady()).isTrue();

        backend().down(SHORT);
        assertThat(backend().status()).isEmpty();
    }

    @Test
    void that_one_of_several_ends_is_not_told_as_the_end_of_the_service() throws Exception {
        up(replicas(2, SLEEPS), Workload.service("one", Programs.IMAGE).command(Programs.shell(SLEEPS)));
        try (EventStream events = backend().events()) {
            engine().killContainerCmd(project() + "-a-1").exec();
            assertThat(next(events))
                    .isEqualTo(event("a", WorkloadState.RUNNING, Health.UNHEALTHY, OptionalInt.empty()));
            engine().killContainerCmd(project() + "-a-2").exec();
            assertThat(next(events)).isEqualTo(event("a", WorkloadState.EXITED, Health.NONE, OptionalInt.of(137)));
            engine().killContainerCmd(container("one")).exec();
            assertThat(next(events)).isEqualTo(event("one", WorkloadState.EXITED, Health.NONE, OptionalInt.of(137)));
        }
    }

    private static RuntimeEvent event(String name, WorkloadState state, Health health, OptionalInt exitCode) {
        return new RuntimeEvent(name, state, health, exitCode, false, 0);
    }

    private static RuntimeEvent next(EventStream events) throws InterruptedException {
        return events.poll(Duration.ofSeconds(30)).orElseThrow();
    }

    @Test
    void a_command_that_is_not_there_fails_the_up_of_several() {
        Workload bad = Workload.service("a", Programs.IMAGE)
                .command(List.of("no-such-program"))
                .lifecycle(Lifecycle.standard().replicas(2))
                .build();
        RuntimePlan plan = RuntimePlan.of(project(), root(), List.of(bad));
        assertThatThrownBy(() -> backend().up(plan, UpOptions.defaults()))
                .isInstanceOf(AngeeException.class)
                .hasMessageContaining("service 'a'")
                .hasMessageContaining("no-such-program");
    }

    @Test
    void a_service_in_a_profile_comes_up_when_it_is_selected_and_another_profile_does_not_restart_it()
            throws Exception {
        RuntimePlan plan = plan(
                profiled("web", "front").dependsOn(new Dependency("db", Condition.STARTED)),
                profiled("db", "back"),
                profiled("other", "front"),
                Workload.service("plain", Programs.IMAGE).command(Programs.shell(SLEEPS)));
        backend().up(plan, UpOptions.defaults().only(Selection.of("web")));
        assertThat(states()).isEqualTo(Map.of("web", WorkloadState.RUNNING, "db", WorkloadState.RUNNING));
        backend().up(plan, UpOptions.defaults());
        assertThat(states()).containsOnlyKeys("web", "db", "other", "plain");
        String web = status("web").instance();
        backend()
                .up(
                        plan(
                                profiled("web", "another").dependsOn(new Dependency("db", Condition.STARTED)),
                                profiled("db", "back")),
                        UpOptions.defaults());
        assertThat(status("web").instance()).isEqualTo(web);
    }

    private static WorkloadBuilder profiled(String name, String profile) {
        return Workload.service(name, Programs.IMAGE)
                .command(Programs.shell(SLEEPS))
                .lifecycle(new Lifecycle(
                        RestartPolicy.never(),
                        1,
                        Set.of(),
                        Optional.empty(),
                        Optional.empty(),
                        OnOwnerExit.KEEP,
                        Optional.empty(),
                        List.of(profile),
                        RunOn.DEMAND,
                        Optional.empty()));
    }

    private static WorkloadBuilder replicas(int many, String script) {
        return Workload.service("a", Programs.IMAGE)
                .command(Programs.shell(script))
                .lifecycle(Lifecycle.standard().replicas(many));
    }

    private void up(WorkloadBuilder... services) throws InterruptedException {
        backend().up(plan(services), UpOptions.defaults());
    }

    private List<String> instances() {
        return List.of(status("a").instance().split(","));
    }
}
