package dev.angee.compose;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import com.github.dockerjava.api.model.ExposedPort;
import com.github.dockerjava.api.model.HostConfig;
import com.github.dockerjava.api.model.PortBinding;
import com.github.dockerjava.api.model.Ports;
import dev.angee.AngeeException;
import dev.angee.ErrorCode;
import dev.angee.contract.Program;
import dev.angee.plan.Dependency;
import dev.angee.plan.HealthCheck;
import dev.angee.plan.Launch;
import dev.angee.plan.ProjectName;
import dev.angee.plan.PublishedPort;
import dev.angee.plan.RuntimePlan;
import dev.angee.plan.Workload;
import dev.angee.runtime.PortTakenException;
import dev.angee.runtime.Selection;
import dev.angee.runtime.StopOptions;
import dev.angee.runtime.UpOptions;
import dev.angee.runtime.WorkloadState;
import dev.angee.workload.Condition;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What others do to a stack: take its ports, images, containers, networks, folder, room; and services that fail it. */
class OutsideFaultsIT extends OneStack {
    private static final Map<String, WorkloadState> BOTH =
            Map.of("a", WorkloadState.RUNNING, "web", WorkloadState.RUNNING);

    @Test
    void a_port_stolen_by_a_program_is_told_the_others_run_and_when_it_is_free_up_converges() throws Exception {
        RuntimePlan plan;
        try (ServerSocket thief = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            plan = publishing(thief.getLocalPort());
            assertTaken(plan, thief.getLocalPort());
            assertThat(states()).containsEntry("a", WorkloadState.RUNNING);
        }
        mustComeUp(plan);
    }

    @Test
    void a_port_stolen_by_a_container_is_told_the_others_run_and_when_it_is_free_up_converges() throws Exception {
        int port = freePort();
        ExposedPort inside = ExposedPort.tcp(80);
        String thief = engine().createContainerCmd(RealDocker.IMAGE)
                .withLabels(RealDocker.settings().labels())
                .withCmd("sleep", "1000")
                .withExposedPorts(inside)
                .withHostConfig(HostConfig.newHostConfig()
                        .withPortBindings(new PortBinding(Ports.Binding.bindIpAndPort("127.0.0.1", port), inside)))
                .exec()
                .getId();
        RuntimePlan plan = publishing(port);
        try {
            engine().startContainerCmd(thief).exec();
            assertTaken(plan, port);
            assertThat(states()).containsEntry("a", WorkloadState.RUNNING);
        } finally {
            engine().removeContainerCmd(thief).withForce(true).exec();
        }
        mustComeUp(plan);
    }

    @Test
    void with_an_image_that_is_not_to_be_had_nothing_is_made() throws Exception {
        String missing = "localhost:1/angee-missing:none";
        RuntimePlan plan =
                plan(Programs.service("a", new Program.Sleeps()), Workload.service("web", new Launch.Image(missing)));
        assertFailed(backend(), plan, "service 'web'", missing, "docker load");
        assertThat(backend().status()).isEmpty();
        assertThat(networks()).isEmpty();
        assertThat(root()).isEmptyDirectory();
        mustComeUp(both());
    }

    @Test
    void an_image_that_is_removed_between_the_look_and_the_start_is_told() throws Exception {
        String image = "angee-vanishing:" + project();
        engine().tagImageCmd(RealDocker.IMAGE, "angee-vanishing", project().value())
                .exec();
        RuntimePlan plan =
                plan(Programs.service("a", new Program.Sleeps()), Workload.service("web", new Launch.Image(image)));
        ComposeSettings settings = RealDocker.settings().program(program("docker rmi " + image + " >/dev/null"));
        try (ComposeBackend backend = ComposeBackend.open(project(), root(), settings)) {
            assertFailed(backend, plan, "service 'web'", "build it, load it, or mend its name");
        }
        assertThat(backend().status()).isEmpty();
        mustComeUp(both());
    }

    @Test
    void a_dependency_that_fails_is_named_with_who_waits_for_it_and_when_it_is_mended_up_converges() throws Exception {
        HealthCheck never = new HealthCheck(
                new HealthCheck.Exec(List.of("false")),
                Duration.ofMillis(100),
                Duration.ofSeconds(5),
                2,
                Duration.ZERO);
        assertFailed(
                backend(),
                depending(Programs.service("a", new Program.Sleeps()).health(never), Condition.HEALTHY),
                "'a'",
                "unhealthy",
                "'web'");
        assertFailed(
                backend(),
                depending(Programs.service("a", new Program.Exits("bye", 3)).health(never), Condition.HEALTHY),
                "'a'",
                "'web'");
        assertFailed(
                backend(),
                depending(Programs.service("a", new Program.Exits("bye", 3)), Condition.COMPLETED),
                "'a'",
                "exit 3",
                "'web'");
        mustComeUp(depending(Programs.service("a", new Program.Sleeps()), Condition.STARTED));
    }

    @Test
    void without_room_for_its_file_nothing_is_half_written_and_when_there_is_room_up_converges() throws Exception {
        Path small = Files.createDirectory(root().resolve("small"));
        assertThat(Leftovers.run("mount", "-t", "tmpfs", "-o", "size=64k", "angee", small.toString()))
                .isZero();
        try (EightServices stack = new EightServices(small, RealDocker.settings())) {
            Path filler = small.resolve("filler");
            assertThat(Leftovers.run("dd", "if=/dev/zero", "of=" + filler, "bs=1024"))
                    .isNotZero();
            try (ComposeBackend backend = stack.open()) {
                Throwable full = catchThrowable(() -> backend.up(stack.plan(), UpOptions.defaults()));
                assertThat(full).isInstanceOf(AngeeException.class).hasMessageContaining("No space left on device");
                shrink(filler, 60 * 1024);
                Throwable half = catchThrowable(() -> backend.up(stack.plan(), UpOptions.defaults()));
                assertThat(half).isInstanceOf(AngeeException.class).hasMessageContaining("No space left on device");
            }
            assertThat(files(small)).containsExactlyInAnyOrder("filler", "compose.lock", "well");
            assertThat(stack.containers()).isEmpty();
            Files.delete(filler);
            stack.mustComeUp();
            assertThat(Leftovers.run("dd", "if=/dev/zero", "of=" + filler, "bs=1024"))
                    .isNotZero();
            stack.mustGo(); // without any room
        } finally {
            try (ComposeBackend last = RealDocker.open(ProjectName.of("eight", small), small)) {
                last.down(SHORT);
            }
            assertThat(Leftovers.run("umount", small.toString())).isZero();
        }
    }

    @Test
    void a_stack_whose_folder_is_gone_is_taken_down_by_what_its_containers_tell() throws Exception {
        mustComeUp(both());
        assertThat(Leftovers.run("rm", "-r", root().toString())).isZero();
        backend().down(SHORT);
        assertThat(backend().status()).isEmpty();
        assertThat(networks()).isEmpty();
    }

    @Test
    void containers_killed_paused_or_removed_behind_our_back_run_after_the_next_up() throws Exception {
        mustComeUp(both());
        engine().killContainerCmd(container("a")).exec();
        engine().removeContainerCmd(container("web")).withForce(true).exec();
        mustComeUp(both());
        engine().pauseContainerCmd(container("a")).exec();
        mustComeUp(both());
        assertThat(status("a").reason()).isEmpty();
        engine().pauseContainerCmd(container("a")).exec();
        backend().stop(Selection.all(), StopOptions.defaults().grace(Duration.ofSeconds(1)));
        mustComeUp(both());
        engine().pauseContainerCmd(container("a")).exec();
        backend().down(SHORT);
        assertThat(networks()).isEmpty();
    }

    @Test
    void a_network_removed_while_containers_are_stopped_is_made_anew_by_the_next_up() throws Exception {
        mustComeUp(both());
        backend().stop(Selection.all(), StopOptions.defaults().grace(Duration.ofSeconds(1)));
        engine().removeNetworkCmd(networks().get(0)).exec();
        mustComeUp(both());
        engine().disconnectFromNetworkCmd()
                .withContainerId(container("a"))
                .withNetworkId(networks().get(0))
                .exec();
        backend().down(SHORT);
        assertThat(networks()).isEmpty();
    }

    private RuntimePlan both() {
        return plan(Programs.service("a", new Program.Sleeps()), Programs.service("web", new Program.Sleeps()));
    }

    private RuntimePlan publishing(int port) {
        return plan(
                Programs.service("a", new Program.Sleeps()),
                Programs.service("web", new Program.Sleeps())
                        .port(new PublishedPort("127.0.0.1", port, 80, PublishedPort.Protocol.TCP)));
    }

    private RuntimePlan depending(dev.angee.plan.WorkloadBuilder dependency, Condition condition) {
        return plan(
                dependency, Programs.service("web", new Program.Sleeps()).dependsOn(new Dependency("a", condition)));
    }

    private void mustComeUp(RuntimePlan plan) throws InterruptedException {
        backend().up(plan, UpOptions.defaults());
        assertThat(states()).isEqualTo(BOTH);
    }

    private void assertTaken(RuntimePlan plan, int port) {
        assertThatThrownBy(() -> backend().up(plan, UpOptions.defaults()))
                .isInstanceOfSatisfying(
                        PortTakenException.class, e -> assertThat(e.port()).isEqualTo(port))
                .hasMessageContaining("service 'web'");
    }

    private static void assertFailed(ComposeBackend backend, RuntimePlan plan, String... parts) {
        Throwable failure = catchThrowable(() -> backend.up(plan, UpOptions.defaults()));
        assertThat(failure)
                .isInstanceOfSatisfying(
                        AngeeException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.FAILED))
                .hasMessageContainingAll(parts);
    }

    private List<String> networks() {
        return engine()
                .listNetworksCmd()
                .withFilter("label", List.of(ProjectContainer.PROJECT_LABEL + "=" + project()))
                .exec()
                .stream()
                .map(n -> n.getName())
                .toList();
    }

    /** The docker program, with something that happens when it is told to bring up. */
    private String program(String first) throws IOException {
        String script = "#!/bin/sh\ncase \" $* \" in *' up '*) " + first + ";; esac\nexec docker \"$@\"\n";
        Path file = Files.createFile(
                Path.of(System.getProperty("java.io.tmpdir")).resolve(project() + "-docker"),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        Files.writeString(file, script);
        file.toFile().deleteOnExit();
        return file.toString();
    }

    private static void shrink(Path file, int bytes) throws IOException {
        try (var channel = java.nio.channels.FileChannel.open(file, java.nio.file.StandardOpenOption.WRITE)) {
            channel.truncate(bytes);
        }
    }

    private static List<String> files(Path folder) throws IOException {
        try (var all = Files.walk(folder)) {
            return all.filter(Files::isRegularFile)
                    .map(f -> String.valueOf(f.getFileName()))
                    .toList();
        }
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }
}
