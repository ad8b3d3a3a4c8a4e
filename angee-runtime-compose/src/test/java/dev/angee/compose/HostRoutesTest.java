package dev.angee.compose;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HostRoutesTest {
    private static final String HEAD =
            "Iface\tDestination\tGateway \tFlags\tRefCnt\tUse\tMetric\tMask\t\tMTU\tWindow\tIRTT   ";

    @TempDir
    Path folder;

    @Test
    void what_has_a_route_of_its_own_is_told_from_the_way_to_everything_else() {
        assumeThat(ByteOrder.nativeOrder()).isEqualTo(ByteOrder.LITTLE_ENDIAN);
        assertThat(HostRoutes.parse(List.of(
                        HEAD,
                        "eth0\t00000000\t010200C0\t0003\t0\t0\t0\t00000000\t0\t0\t0      ", // default
                        "tun0\t00000000\t010200C0\t0003\t0\t0\t0\t00000080\t0\t0\t0      ", // 0.0.0.0/1, a VPN's
                        "tun0\t00000080\t010200C0\t0003\t0\t0\t0\t00000080\t0\t0\t0      ", // 128.0.0.0/1
                        "docker0\t0000D50A\t00000000\t0001\t0\t0\t0\tC0FFFFFF\t0\t0\t0   ",
                        "eth0\t000200C0\t00000000\t0001\t0\t0\t0\t00FFFFFF\t0\t0\t0      ",
                        "tun1\t0000000A\t00000000\t0001\t0\t0\t0\t000000FF\t0\t0\t0      ",
                        "tun2\t0501A8C0\t00000000\t0005\t0\t0\t0\tFFFFFFFF\t0\t0\t0      ",
                        "a broken line",
                        "")))
                .extracting(Subnet::toString)
                .containsExactly("10.213.0.0/26", "192.0.2.0/24", "10.0.0.0/8", "192.168.1.5/32");
    }

    @Test
    void a_system_without_the_table_has_no_known_routes() {
        assertThat(HostRoutes.read(folder.resolve("route"))).isEmpty();
    }

    @Test
    void the_table_of_this_system_can_be_read() {
        assertThat(HostRoutes.read(HostRoutes.TABLE)).allMatch(route -> route.prefix() >= 8);
    }
}
