package dev.angee.compose;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.command.InspectVolumeResponse;
import com.github.dockerjava.api.model.Container;
import com.github.dockerjava.api.model.Network;
import dev.angee.contract.Program;
import dev.angee.plan.ProjectName;
import dev.angee.plan.RuntimePlan;
import dev.angee.runtime.UpOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestReporter;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/**
 * Many projects on one engine that has Docker's own address pools, which thirty networks use up. How many of them come
 * up together, the property {@code many.projects} says.
 */
@ExtendWith(RealDocker.class)
class ManyProjectsIT {
    private static final int PROJECTS = Integer.getInteger("many.projects", 12);
    private static final int JVMS = 4;
    private static final int POOLS = 30;

    @TempDir
    Path folder;

    @Test
    @Timeout(value = 30, unit = TimeUnit.MINUTES)
    void many_projects_from_four_jvms_share_an_engine_and_nothing_else_and_leave_nothing(TestReporter report)
            throws Exception {
        Path roots = folder.toRealPath();
        try (SecondEngine engine = SecondEngine.with().start();
                EngineConnection connection = new EngineConnection(engine.host())) {
            DockerClient client = connection.questions();
            engine.load(RealDocker.IMAGE);
            long before = usedMegabytes();
            report.publishEntry("up", inJvms(engine, "up", roots));
            long after = usedMegabytes();
            report.publishEntry("memory", PROJECTS + " projects: " + (after - before) + " MB");
            assertAllApart(client);
            report.publishEntry("check", inJvms(engine, "check", roots));
            report.publishEntry("down", inJvms(engine, "down", roots));
            assertThat(client.listContainersCmd().withShowAll(true).exec()).isEmpty();
            assertThat(networks(client)).isEmpty();
            List<InspectVolumeResponse> volumes = client.listVolumesCmd().exec().getVolumes();
            assertThat(volumes).as("data outlives 'down'").hasSize(PROJECTS);
            volumes.forEach(volume -> client.removeVolumeCmd(volume.getName()).exec());
            assertThat(client.listVolumesCmd().exec().getVolumes()).isEmpty();
        }
    }

    @Test
    @Timeout(value = 5, unit = TimeUnit.MINUTES)
    void projects_come_up_where_dockers_own_pools_are_used_up() throws Exception {
        Path roots = folder.toRealPath();
        try (SecondEngine engine = SecondEngine.with().start();
                EngineConnection connection = new EngineConnection(engine.host())) {
            engine.load(RealDocker.IMAGE);
            for (int i = 0; i < POOLS; i++) {
                connection.questions().createNetworkCmd().withName("n" + i).exec();
            }
            ComposeSettings settings = RealDocker.settings().dockerHost(engine.host());
            assertThatThrownBy(() -> up(ProjectName.of("late", roots), settings.networks(NetworkPool.enginesOwn())))
                    .hasMessageContaining("could not find an available");
            for (int i = 0; i < 10; i++) {
                up(ProjectName.of("p" + i, roots), settings);
            }
            assertThat(connection.questions().listNetworksCmd().exec()).hasSize(3 + POOLS + 10);
        }
    }

    private void up(ProjectName project, ComposeSettings settings) throws Exception {
        Path root = Files.createDirectories(folder.toRealPath().resolve(project.value()));
        try (ComposeBackend backend = ComposeBackend.open(project, root, settings)) {
            backend.up(
                    RuntimePlan.of(
                            project,
                            root,
                            List.of(Programs.service("web", new Program.Ticks()).build())),
                    UpOptions.defaults());
        }
    }

    private static void assertAllApart(DockerClient client) {
        List<Container> containers = client.listContainersCmd().exec();
        assertThat(containers).hasSize(2 * PROJECTS);
        assertThat(containers.stream().map(c -> c.getNames()[0])).doesNotHaveDuplicates();
        assertThat(containers.stream()
                        .flatMap(c -> List.of(c.getPorts()).stream())
                        .map(port -> port.getPublicPort()))
                .hasSize(PROJECTS)
                .doesNotContainNull()
                .doesNotHaveDuplicates();
        assertThat(containers.stream().flatMap(c -> ManyProjects.addresses(c).stream()))
                .hasSize(2 * PROJECTS)
                .doesNotHaveDuplicates();
        List<Network> networks = networks(client);
        assertThat(networks).hasSize(PROJECTS);
        assertThat(networks.stream().map(Network::getName)).doesNotHaveDuplicates();
        assertThat(networks.stream().map(n -> EngineNetwork.of(n).subnets())).doesNotHaveDuplicates();
        assertThat(client.listVolumesCmd().exec().getVolumes()).hasSize(PROJECTS);
    }

    private static List<Network> networks(DockerClient client) {
        return client.listNetworksCmd().exec().stream()
                .filter(n -> !List.of("bridge", "host", "none").contains(n.getName()))
                .toList();
    }

    /** How long it took; each JVM does its part of the projects, in the network of the engine, where the ports are. */
    private String inJvms(SecondEngine engine, String verb, Path roots) throws Exception {
        Instant begin = Instant.now();
        List<Process> jvms = new ArrayList<>();
        try {
            for (int i = 0; i < JVMS; i++) {
                jvms.add(jvm(engine, verb, roots, i));
            }
            for (int i = 0; i < JVMS; i++) {
                assertThat(jvms.get(i).waitFor())
                        .as(() -> verb + ": " + said(roots))
                        .isZero();
            }
        } finally {
            jvms.forEach(Process::destroyForcibly);
        }
        return PROJECTS + " projects in "
                + Duration.between(begin, Instant.now()).toMillis() + " ms";
    }

    private static Process jvm(SecondEngine engine, String verb, Path roots, int number) throws IOException {
        List<String> words = new ArrayList<>(engine.entering());
        words.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        words.addAll(List.of("-cp", System.getProperty("java.class.path"), ManyProjects.class.getName()));
        words.addAll(List.of(verb, roots.toString(), engine.host()));
        words.add(String.valueOf(PROJECTS * number / JVMS));
        words.add(String.valueOf(PROJECTS * (number + 1) / JVMS));
        words.add(String.valueOf(PROJECTS));
        return new ProcessBuilder(words)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log(roots).toFile()))
                .start();
    }

    private static Path log(Path roots) {
        return roots.resolve("jvms.log");
    }

    private static String said(Path roots) {
        try {
            List<String> lines = Files.readAllLines(log(roots));
            return String.join("\n", lines.subList(0, Math.min(60, lines.size())));
        } catch (IOException e) {
            return "nothing (" + e + ")";
        }
    }

    private static long usedMegabytes() throws IOException {
        List<String> lines = Files.readAllLines(Path.of("/proc/meminfo"));
        return (kilobytes(lines, "MemTotal:") - kilobytes(lines, "MemAvailable:")) / 1024;
    }

    private static long kilobytes(List<String> lines, String name) {
        return lines.stream()
                .filter(line -> line.startsWith(name))
                .map(line -> line.replaceAll("\\D", ""))
                .mapToLong(Long::parseLong)
                .findFirst()
                .orElseThrow();
    }
}
