package dev.angee.compose;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.command.CreateContainerCmd;
import com.github.dockerjava.api.model.ExposedPort;
import com.github.dockerjava.api.model.HostConfig;
import com.github.dockerjava.api.model.PortBinding;
import com.github.dockerjava.api.model.Ports;
import dev.angee.AngeeException;
import dev.angee.ErrorCode;
import dev.angee.port.PortLedger;
import dev.angee.port.PortOwner;
import dev.angee.port.PortPool;
import dev.angee.port.PortProbe;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** What containers publish, on a real engine; and engines that say nothing. */
@ExtendWith(RealDocker.class)
@Timeout(value = 2, unit = TimeUnit.MINUTES)
class PublishedPortsIT {
    private final PortProbe probe = new ComposeBackendProvider(RealDocker.settings()).portProbe();
    private final List<String> made = new ArrayList<>();
    private EngineConnection connection;

    @TempDir
    Path folder;

    @BeforeEach
    void connect() {
        connection = new EngineConnection(RealDocker.settings().dockerHost());
    }

    @AfterEach
    void removeContainers() {
        made.forEach(id -> engine().removeContainerCmd(id).withForce(true).exec());
        connection.close();
    }

    @Test
    void a_port_of_a_container_is_taken_before_it_starts_while_it_runs_and_when_it_has_stopped_R56() throws Exception {
        int port = freePort();
        assertThat(probe.isFree(port)).isTrue();
        String id = create(ExposedPort.tcp(80), Ports.Binding.bindIpAndPort("127.0.0.1", port));
        assertTaken(port, id);
        engine().startContainerCmd(id).exec();
        assertTaken(port, id);
        engine().killContainerCmd(id).exec();
        engine().waitContainerCmd(id).start().awaitStatusCode();
        assertTaken(port, id);
        assertThat(PortProbe.binding().isFree(port)).as("nobody listens").isTrue();
        engine().removeContainerCmd(id).exec();
        made.remove(id);
        assertThat(probe.isFree(port)).as("nothing is remembered").isTrue();
    }

    @Test
    void a_port_that_the_engine_chose_is_taken() throws Exception {
        String id = create(ExposedPort.tcp(80), Ports.Binding.empty());
        engine().startContainerCmd(id).exec();
        Ports.Binding[] bindings = engine().inspectContainerCmd(id)
                .exec()
                .getNetworkSettings()
                .getPorts()
                .getBindings()
                .get(ExposedPort.tcp(80));
        assertTaken(Integer.parseInt(bindings[0].getHostPortSpec()), id);
    }

    @Test
    void udp_and_ranges_the_engine_chooses_from_take_no_tcp_port() throws Exception {
        int port = freePort();
        create(ExposedPort.udp(80), Ports.Binding.bindPort(port));
        create(ExposedPort.tcp(80), Ports.Binding.bindPortSpec(port + "-" + (port + 1)));
        assertThat(probe.isFree(port)).isTrue();
    }

    @Test
    void the_ledger_leases_around_a_stopped_container_and_says_whose_port_it_is_R56() throws Exception {
        int port = freePort();
        String id = create(ExposedPort.tcp(80), Ports.Binding.bindPort(port));
        PortLedger ledger = PortLedger.in(folder.resolve("state"), Clock.systemUTC(), probe);
        PortOwner owner = PortOwner.stack("web");
        assertThatThrownBy(() -> ledger.lease(new PortPool("web", port, port), folder, owner))
                .hasMessageContaining("the container " + name(id) + " publishes it");
        assertThat(ledger.lease(new PortPool("web", port, Math.min(port + 50, 65_535)), folder, owner)
                        .port())
                .isGreaterThan(port);
    }

    @Test
    void what_is_learnt_is_for_one_allocation() throws Exception {
        PortProbe prepared = probe.prepared();
        int port = freePort();
        String id = create(ExposedPort.tcp(80), Ports.Binding.bindPort(port));
        assertThat(prepared.isFree(port)).as("as it was when it was made ready").isTrue();
        assertTaken(port, id);
    }

    @Test
    void no_engine_has_published_nothing() {
        ComposeSettings nobody = RealDocker.settings().dockerHost("unix://" + folder.resolve("nobody.sock"));
        assertThat(new ComposeBackendProvider(nobody).portProbe().isFree(80)).isTrue();
        assertThat(new ComposeBackendProvider(nobody.dockerHost("carrier-pigeon:\\x"))
                        .portProbe()
                        .isFree(80))
                .isTrue();
    }

    @Test
    void an_engine_that_hangs_has_published_nothing_and_an_interrupt_ends_the_wait() throws Exception {
        Path socket = folder.resolve("s");
        try (ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            server.bind(UnixDomainSocketAddress.of(socket)); // connections wait in its queue for ever
            ComposeSettings hanging = RealDocker.settings().dockerHost("unix://" + socket);
            assertThat(new PublishedPorts(hanging.engineTimeout(Duration.ofMillis(300))).isFree(80))
                    .isTrue();
            Thread.currentThread().interrupt();
            assertThatThrownBy(() -> new PublishedPorts(hanging.engineTimeout(Duration.ofMinutes(5))).prepared())
                    .isInstanceOfSatisfying(
                            AngeeException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.UNAVAILABLE));
            assertThat(Thread.interrupted()).isTrue();
        }
    }

    private void assertTaken(int port, String id) {
        assertThatThrownBy(() -> probe.isFree(port))
                .isInstanceOfSatisfying(
                        AngeeException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.CONFLICT))
                .hasMessageContaining(String.valueOf(port))
                .hasMessageContaining(name(id));
    }

    private String name(String id) {
        return engine().inspectContainerCmd(id).exec().getName().substring(1);
    }

    private String create(ExposedPort inside, Ports.Binding outside) {
        CreateContainerCmd command = engine().createContainerCmd(RealDocker.IMAGE)
                .withLabels(RealDocker.settings().labels())
                .withCmd("sleep", "1000")
                .withExposedPorts(inside)
                .withHostConfig(HostConfig.newHostConfig().withPortBindings(new PortBinding(outside, inside)));
        String id = command.exec().getId();
        made.add(id);
        return id;
    }

    private DockerClient engine() {
        return connection.questions();
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }
}
