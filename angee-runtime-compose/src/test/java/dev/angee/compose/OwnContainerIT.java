package dev.angee.compose;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.model.Bind;
import com.github.dockerjava.api.model.HostConfig;
import dev.angee.InvalidInputException;
import dev.angee.mount.HostPaths;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** A container that stands for the one we could run in: what it sees of itself is what we would see. */
@ExtendWith(RealDocker.class)
@Timeout(value = 2, unit = TimeUnit.MINUTES)
class OwnContainerIT {
    /** What the kernel tells a process of the container, copied out to the host. */
    private static final String TELL = "mkdir /bound/sub"
            + " && cp /proc/self/mountinfo /bound/sub/mountinfo"
            + " && cp /proc/self/cgroup /bound/sub/cgroup"
            + " && cp /proc/sys/kernel/hostname /bound/sub/hostname"
            + " && echo kept > /volume/file && chmod -R a+rX /bound && touch /bound/done && exec sleep 100";

    @TempDir
    private Path folder;

    private Path root;
    private EngineConnection connection;
    private String volume;
    private String id;

    @BeforeEach
    void start() throws Exception {
        root = folder.toRealPath();
        connection = new EngineConnection(RealDocker.settings().dockerHost());
        DockerClient engine = connection.questions();
        volume = engine.createVolumeCmd()
                .withName("angee-it-" + root.getFileName())
                .withLabels(RealDocker.settings().labels())
                .exec()
                .getName();
        id = engine.createContainerCmd(RealDocker.IMAGE)
                .withLabels(RealDocker.settings().labels())
                .withHostConfig(HostConfig.newHostConfig()
                        .withBinds(Bind.parse(root + ":/bound"), Bind.parse(volume + ":/volume"))
                        .withTmpFs(Map.of("/bound/tmp", "size=1m")))
                .withCmd(Programs.shell(TELL))
                .exec()
                .getId();
        engine.startContainerCmd(id).exec();
        OneStack.soon().until(() -> Files.exists(root.resolve("done")));
    }

    @AfterEach
    void remove() {
        DockerClient engine = connection.questions();
        engine.removeContainerCmd(id).withForce(true).exec();
        engine.removeVolumeCmd(volume).exec();
        connection.close();
    }

    @Test
    void paths_of_a_container_are_found_on_the_machine_of_the_engine() throws Exception {
        HostPaths paths = OwnContainer.hostPaths(List.of(id), RealDocker.settings());
        Path sub = paths.translate(Path.of("/bound/sub"));
        assertThat(sub).isEqualTo(root.resolve("sub")).isDirectory();
        String kept = connection.questions().inspectVolumeCmd(volume).exec().getMountpoint();
        assertThat(paths.translate(Path.of("/volume/file"))).isEqualTo(Path.of(kept, "file"));
        for (String own : List.of("/etc/passwd", "/bound/tmp/x", "/")) {
            assertThatThrownBy(() -> paths.translate(Path.of(own))).isInstanceOf(InvalidInputException.class);
        }
    }

    @Test
    void a_process_in_a_container_finds_its_container_by_what_the_kernel_tells_it() throws Exception {
        Map<Path, Path> copies = Map.of(
                Path.of("/proc/self/mountinfo"), root.resolve("sub/mountinfo"),
                Path.of("/proc/self/cgroup"), root.resolve("sub/cgroup"),
                Path.of("/proc/sys/kernel/hostname"), root.resolve("sub/hostname"));
        OwnContainer own =
                new OwnContainer(file -> Optional.ofNullable(copies.get(file)).flatMap(OwnContainer::read));
        assertThat(own.ids()).startsWith(id).contains(id.substring(0, 12));
        assertThat(own.hostPaths(RealDocker.settings()).translate(Path.of("/bound/x")))
                .isEqualTo(root.resolve("x"));
        for (Path each : copies.keySet()) {
            OwnContainer lessSeeing = new OwnContainer(
                    file -> file.equals(each) ? Optional.empty() : own.files().apply(file));
            assertThat(lessSeeing.hostPaths(RealDocker.settings())).isEqualTo(own.hostPaths(RealDocker.settings()));
        }
    }

    @Test
    void an_engine_that_does_not_know_the_container_is_taken_to_see_the_same_paths() throws Exception {
        assertThat(OwnContainer.hostPaths(List.of("0".repeat(64)), RealDocker.settings()))
                .isEqualTo(HostPaths.identity());
        assertThat(OwnContainer.hostPaths(List.of("0".repeat(64), id), RealDocker.settings())
                        .isIdentity())
                .isFalse();
    }
}
