package dev.angee.port;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.nio.channels.ServerSocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The probe that listens, against real listeners, and in JVMs that may not, or cannot, listen everywhere. */
@Timeout(value = 2, unit = TimeUnit.MINUTES)
class PortProbeIT {
    private static final PortProbe PROBE = PortProbe.binding();
    private static final int LOW = 7;
    private static final int HIGH = 39_999;

    @ParameterizedTest
    @CsvSource({"INET, 0.0.0.0", "INET6, ::", "INET, 127.0.0.1", "INET6, ::1", "INET6, 127.0.0.1", "INET, 127.0.0.2"})
    void a_listener_on_any_address_is_seen_and_its_port_is_free_when_it_has_gone(
            StandardProtocolFamily family, String address) throws IOException {
        int port;
        try (ServerSocketChannel listener = listen(family, address)) {
            port = port(listener);
            assertThat(PROBE.isFree(port)).isFalse();
        }
        assertThat(PROBE.isFree(port)).isTrue();
        assertThat(PROBE.isFree(port)).as("the probe lets go").isTrue();
    }

    @Test
    void a_low_port_that_this_process_may_not_listen_on_is_not_taken_for_that() throws Exception {
        boolean isRoot = "root".equals(System.getProperty("user.name"));
        List<String> without = isRoot
                ? List.of("setpriv", "--bounding-set=-net_bind_service", "--inh-caps=-net_bind_service")
                : List.of();
        assertThat(child(without, List.of(), LOW)).contains("free true", "may bind false");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "true", // a network without any address
                "ip link set lo up && ip addr add fd00::1/128 dev lo && ip addr del ::1/128 dev lo"
            })
    void a_family_or_an_address_that_the_host_lacks_is_left_out(String network) throws Exception {
        List<String> bare =
                List.of("unshare", "--map-root-user", "--net", "sh", "-c", network + " && exec \"$@\"", "sh");
        assumeThat(new ProcessBuilder(append(bare, "true")).start().waitFor())
                .as("networks may be made here")
                .isZero();
        assertThat(child(bare, List.of(), HIGH)).contains("free true");
    }

    @Test
    void a_jvm_that_does_without_ipv6_still_tells_taken_from_free() throws Exception {
        List<String> options = List.of("-Djava.net.preferIPv4Stack=true");
        int port;
        try (ServerSocketChannel listener = listen(StandardProtocolFamily.INET, "127.0.0.1")) {
            port = port(listener);
            assertThat(child(List.of(), options, port)).contains("free false");
        }
        assertThat(child(List.of(), options, port)).contains("free true");
    }

    /** What a JVM of its own says of a port. */
    private static String child(List<String> before, List<String> options, int port) throws Exception {
        List<String> command = new ArrayList<>(before);
        command.add(System.getProperty("java.home") + "/bin/java");
        command.addAll(options);
        command.addAll(List.of(
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                Child.class.getName(),
                String.valueOf(port)));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(output).isZero();
        return output;
    }

    private static List<String> append(List<String> list, String last) {
        List<String> all = new ArrayList<>(list);
        all.add(last);
        return all;
    }

    private static ServerSocketChannel listen(StandardProtocolFamily family, String address) throws IOException {
        return ServerSocketChannel.open(family).bind(new InetSocketAddress(InetAddress.getByName(address), 0), 1);
    }

    private static int port(ServerSocketChannel listener) throws IOException {
        return ((InetSocketAddress) listener.getLocalAddress()).getPort();
    }

    /** Says whether a port is free, and whether it can be listened on. */
    static final class Child {
        private Child() {}

        public static void main(String[] arguments) {
            int port = Integer.parseInt(arguments[0]);
            System.out.println("free " + PROBE.isFree(port));
            try (ServerSocketChannel channel = ServerSocketChannel.open(StandardProtocolFamily.INET)) {
                channel.bind(new InetSocketAddress(port), 1);
                System.out.println("may bind true");
            } catch (IOException e) {
                System.out.println("may bind false: " + e.getMessage());
            }
        }
    }
}
