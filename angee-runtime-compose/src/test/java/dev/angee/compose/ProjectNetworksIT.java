package dev.angee.compose;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.github.dockerjava.api.exception.ConflictException;
import com.github.dockerjava.api.model.HostConfig;
import com.github.dockerjava.api.model.Network;
import dev.angee.AngeeException;
import dev.angee.ErrorCode;
import dev.angee.contract.Program;
import dev.angee.plan.ProjectName;
import dev.angee.plan.RuntimePlan;
import dev.angee.plan.Workload;
import dev.angee.plan.WorkloadBuilder;
import dev.angee.runtime.RunOptions;
import dev.angee.runtime.UpOptions;
import dev.angee.workload.ContainerOptions;
import dev.angee.workload.Lifecycle;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

/** A stack's networks, on the engine of this machine. */
class ProjectNetworksIT extends OneStack {
    @Test
    void compose_takes_them_for_its_own_without_a_word_and_down_removes_them() throws Exception {
        RuntimePlan plan = plan(on("web", "back"));
        backend().up(plan, UpOptions.defaults());
        assertThat(names()).containsExactly(project() + "_back", project() + "_default");
        for (Network each : networks()) {
            assertThat(subnet(each).overlaps(subnet("10.64.0.0/12"))).isTrue();
            assertThat(each.getLabels())
                    .containsEntry(ComposeBackend.ROOT_LABEL, root().toString())
                    .containsEntry(RealDocker.TEST_LABEL, "1");
        }
        List<String> ids = ids();
        String said = compose("-f", root().resolve("docker-compose.yaml").toString(), "up", "-d");
        assertThat(said).contains("Running").doesNotContain("warn").doesNotContain("Network");
        backend().up(plan, UpOptions.defaults());
        assertThat(ids()).isEqualTo(ids);
        assertThat(compose("down", "-t", "1"))
                .doesNotContain("warn")
                .contains("Network " + project() + "_back  Removed");
        assertThat(networks()).isEmpty();
        backend().up(plan, UpOptions.defaults());
        backend().down(SHORT);
        assertThat(networks()).isEmpty();
    }

    @Test
    void a_job_alone_has_a_network_of_the_pool_too() throws Exception {
        backend().run(Programs.job("once", new Program.Exits("done", 0)).build(), RunOptions.defaults());
        assertThat(networks()).singleElement().matches(n -> subnet(n).overlaps(subnet("10.64.0.0/12")));
        assertThat(names()).containsExactly(project() + "_default");
    }

    @Test
    void a_network_that_is_planned_no_longer_goes_unless_a_container_is_on_it() throws Exception {
        backend().up(plan(on("web", "back"), on("other", "side")), UpOptions.defaults());
        String guest = engine().createContainerCmd(RealDocker.IMAGE)
                .withLabels(RealDocker.settings().labels())
                .withHostConfig(new HostConfig().withNetworkMode(project() + "_side"))
                .withCmd("true")
                .exec()
                .getId(); // never started, and so unknown to the network itself
        try {
            backend().up(plan(on("web"), on("other")), UpOptions.defaults());
            assertThat(names()).containsExactly(project() + "_default", project() + "_side");
        } finally {
            engine().removeContainerCmd(guest).withForce(true).exec();
        }
        backend().up(plan(on("web"), on("other")), UpOptions.defaults());
        assertThat(names()).containsExactly(project() + "_default");
    }

    @Test
    void a_network_of_that_name_which_is_not_the_stacks_is_a_conflict_and_left_alone() throws Exception {
        for (Map<String, String> labels : List.of(
                Map.<String, String>of(),
                Map.of("com.docker.compose.project", "other", "com.docker.compose.network", "default"),
                Map.of(
                        "com.docker.compose.project",
                        project().value(),
                        "com.docker.compose.network",
                        "default",
                        ComposeBackend.ROOT_LABEL,
                        "/somewhere/else"))) {
            String id = create(project() + "_default", labels, true);
            try {
                assertThatThrownBy(() -> backend().up(plan(on("web")), UpOptions.defaults()))
                        .isInstanceOfSatisfying(
                                AngeeException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.CONFLICT))
                        .hasMessageContaining(project() + "_default")
                        .hasMessageContaining(id);
                assertThat(engine().inspectNetworkCmd().withNetworkId(id).exec().getId())
                        .isEqualTo(id);
                assertThat(backend().status()).isEmpty();
            } finally {
                engine().removeNetworkCmd(id).exec();
            }
        }
    }

    @Test
    void of_two_networks_of_the_stack_with_one_name_one_is_left_and_the_stack_comes_up() throws Exception {
        Map<String, String> labels =
                Map.of("com.docker.compose.project", project().value(), "com.docker.compose.network", "default");
        String oldest = create(project() + "_default", labels, false);
        try {
            create(project() + "_default", labels, false);
        } catch (ConflictException e) {
            return; // engines from 25 on let no two have one name
        }
        backend().up(plan(on("web")), UpOptions.defaults());
        assertThat(ids()).containsExactly(oldest);
    }

    @Test
    void many_who_look_for_a_subnet_at_once_all_find_one_and_no_two_the_same() throws Exception {
        NetworkPool pool = NetworkPool.of("10.80.7.0/24").prefix(28); // 16 of them, for 16
        List<Callable<Void>> all = new ArrayList<>();
        CyclicBarrier together = new CyclicBarrier(16);
        for (int i = 0; i < 16; i++) {
            ProjectName name = ProjectName.of("n" + i, root());
            all.add(() -> {
                together.await();
                inPool(name, pool);
                return null;
            });
        }
        try {
            inParallel(all);
            Set<Subnet> taken = new HashSet<>();
            tagged().forEach(network -> taken.add(subnet(network)));
            assertThat(tagged()).hasSize(16);
            assertThat(taken).hasSize(16);
            assertThatThrownBy(() -> inPool(ProjectName.of("late", root()), pool))
                    .isInstanceOfSatisfying(
                            AngeeException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.UNAVAILABLE))
                    .hasMessageContaining("networks of /28 out of 10.80.7.0/24")
                    .hasMessageContaining("NetworkPool");
            assertThatThrownBy(() -> inPool(project(), new NetworkPool(List.of("10.80.7.0/28"), 28), 9))
                    .hasMessageContaining("none of its ranges is large enough for 17 containers");
            engine().removeNetworkCmd(tagged().get(3).getId()).exec();
            inPool(ProjectName.of("late", root()), pool);
            assertThat(tagged()).hasSize(16);
        } finally {
            tagged().forEach(each -> engine().removeNetworkCmd(each.getId()).exec());
        }
    }

    @Test
    void many_who_make_the_same_network_at_once_make_one() throws Exception {
        CyclicBarrier together = new CyclicBarrier(8);
        List<Callable<Void>> all = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            all.add(() -> {
                together.await();
                inPool(project(), NetworkPool.standard());
                return null;
            });
        }
        try {
            inParallel(all);
            assertThat(tagged()).hasSize(1);
        } finally {
            tagged().forEach(each -> engine().removeNetworkCmd(each.getId()).exec());
        }
    }

    @Test
    void a_subnet_that_this_host_has_a_route_to_is_passed_over() throws Exception {
        // The engine itself would take it, and cut off what is there.
        List<Subnet> known = engine().listNetworksCmd().exec().stream()
                .flatMap(network -> EngineNetwork.of(network).subnets().stream())
                .toList();
        Subnet route = HostRoutes.read(HostRoutes.TABLE).stream()
                .filter(r -> r.prefix() <= 28 && known.stream().noneMatch(r::overlaps))
                .findFirst()
                .orElseThrow();
        NetworkPool pool = new NetworkPool(List.of(route.toString()), 28);
        assertThatThrownBy(() -> inPool(project(), pool)).hasMessageContaining("no address range is left");
        assertThat(tagged()).isEmpty();
    }

    @Test
    void left_to_the_engine_a_network_is_out_of_the_engines_pools() throws Exception {
        try (ComposeBackend plain =
                ComposeBackend.open(project(), root(), RealDocker.settings().networks(NetworkPool.enginesOwn()))) {
            plain.up(plan(on("web")), UpOptions.defaults());
            assertThat(networks()).singleElement().matches(n -> !subnet(n).overlaps(subnet("10.64.0.0/12")));
            List<String> ids = ids();
            backend().up(plan(on("web")), UpOptions.defaults());
            assertThat(ids()).as("one that is there stays").isEqualTo(ids);
        }
    }

    private static WorkloadBuilder on(String name, String... networks) {
        ContainerOptions options = ContainerOptions.standard();
        for (String network : networks) {
            options = options.network(network);
        }
        return Programs.service(name, new Program.Ticks()).container(options);
    }

    private static Workload web(int replicas) {
        return Programs.service("web", new Program.Ticks())
                .lifecycle(Lifecycle.standard().replicas(replicas))
                .build();
    }

    /** By a caller of its own, as another JVM's would be; without a lock. */
    private void inPool(ProjectName name, NetworkPool pool) throws InterruptedException {
        inPool(name, pool, 1);
    }

    private void inPool(ProjectName name, NetworkPool pool, int replicas) throws InterruptedException {
        ComposeSettings settings = RealDocker.settings().networks(pool);
        ComposeProject other = new ComposeProject(name, root());
        Map<String, String> labels = new TreeMap<>(settings.labels());
        labels.put(ComposeBackend.ROOT_LABEL, root().toString());
        ExecutorService workers = Executors.newCachedThreadPool();
        try (Engine engine = new Engine(settings, other, workers)) {
            new ProjectNetworks(engine, other, settings, new EngineHost(settings), labels)
                    .make(List.of(web(replicas)), Deadline.after(Duration.ofMinutes(2)));
        } finally {
            workers.shutdownNow();
        }
    }

    private static void inParallel(List<Callable<Void>> all) throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(all.size());
        try {
            for (Future<Void> each : threads.invokeAll(all)) {
                each.get();
            }
        } finally {
            threads.shutdownNow();
        }
    }

    private String create(String name, Map<String, String> labels, boolean alone) {
        return engine().createNetworkCmd()
                .withName(name)
                .withCheckDuplicate(alone)
                .withLabels(labels)
                .exec()
                .getId();
    }

    private List<Network> networks() {
        return with("com.docker.compose.project=" + project());
    }

    /** All of this test's. */
    private List<Network> tagged() {
        return with(ComposeBackend.ROOT_LABEL + "=" + root());
    }

    private List<Network> with(String label) {
        return engine().listNetworksCmd().withFilter("label", List.of(label)).exec();
    }

    private List<String> names() {
        return networks().stream().map(Network::getName).sorted().toList();
    }

    private List<String> ids() {
        return networks().stream().map(Network::getId).sorted().toList();
    }

    private static Subnet subnet(Network network) {
        return EngineNetwork.of(network).subnets().get(0);
    }

    private static Subnet subnet(String text) {
        return Subnet.around(text).orElseThrow();
    }

    private String compose(String... words) throws IOException, InterruptedException {
        Path out = root().resolve("said");
        List<String> all =
                new ArrayList<>(List.of("docker", "compose", "-p", project().value()));
        all.addAll(List.of(words));
        ProcessBuilder builder =
                new ProcessBuilder(all).redirectErrorStream(true).redirectOutput(out.toFile());
        builder.environment().put("DOCKER_HOST", RealDocker.settings().dockerHost());
        assertThat(builder.start().waitFor()).isZero();
        return Files.readString(out);
    }
}
