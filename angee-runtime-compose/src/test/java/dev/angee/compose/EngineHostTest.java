package dev.angee.compose;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EngineHostTest {
    private static final Path HOST_NAME = Path.of("/proc/sys/kernel/hostname");
    private static final ComposeSettings SETTINGS = ComposeSettings.of(Map.of());
    private static final OwnContainer NONE = new OwnContainer(file -> Optional.empty());
    private static final OwnContainer ANOTHER_ENGINES = new OwnContainer(file -> Optional.of(file)
            .filter(f -> f.endsWith("cgroup"))
            .map(f -> "0::/system.slice/docker-" + "ab".repeat(32) + ".scope"));

    @TempDir
    private Path data;

    @Test
    void an_engine_of_this_host_sees_what_we_see() {
        EngineHost host = new EngineHost(SETTINGS, NONE);
        assertThat(host.isOurs(facts())).isTrue();
        assertThat(host.free(facts())).isPresent();
        assertThat(host.routes()).isEqualTo(HostRoutes.read(HostRoutes.TABLE));
        assertThat(host.warning()).isEmpty();
        assertThat(new EngineHost(SETTINGS.dockerHost("tcp://far:2375"), NONE).isOurs(facts()))
                .isFalse();
    }

    @Test
    void in_a_container_it_does_not_even_if_the_engine_does_not_know_the_container() {
        EngineHost host = new EngineHost(SETTINGS, ANOTHER_ENGINES);
        assertThat(host.isOurs(facts())).isFalse();
        assertThat(host.free(facts())).isEmpty();
        assertThat(host.routes()).isEmpty();
        assertThat(host.warning().orElseThrow()).contains("runs in a container", "routes", "NetworkPool");
        ComposeSettings enginesOwn = SETTINGS.networks(NetworkPool.enginesOwn());
        assertThat(new EngineHost(enginesOwn, ANOTHER_ENGINES).warning()).isEmpty();
    }

    /** What an engine says that has our host's name, and a folder that is here. */
    private EngineFacts facts() {
        String name = OwnContainer.read(HOST_NAME).orElseThrow().strip();
        return new EngineFacts("1", "1.41", "linux", name, data, Set.of(), Set.of(), Set.of());
    }
}
