package dev.angee.compose;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.angee.InvalidInputException;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class NetworkPoolTest {
    @Test
    void the_standard_pool_has_room_for_thousands_of_networks_of_which_none_overlap() {
        List<Subnet> all = NetworkPool.standard().candidates("p_default", 8).toList();
        assertThat(all).hasSize(4096 + 4096).doesNotHaveDuplicates().allMatch(s -> s.prefix() == 24);
        assertThat(all.subList(0, 4096)).allMatch(s -> s.overlaps(subnet("10.64.0.0/12")));
        assertThat(all.subList(4096, 8192)).allMatch(s -> s.overlaps(subnet("172.16.0.0/12")));
    }

    @Test
    void every_name_tries_every_subnet_once_and_begins_at_a_place_of_its_own() {
        NetworkPool pool = NetworkPool.of("10.5.0.0/16");
        Set<Subnet> beginnings = new HashSet<>();
        for (int i = 0; i < 100; i++) {
            List<Subnet> tried = pool.candidates("web-" + i + "_default", 2).toList();
            assertThat(tried).hasSize(256).doesNotHaveDuplicates();
            assertThat(pool.candidates("web-" + i + "_default", 2)).containsExactlyElementsOf(tried);
            beginnings.add(tried.get(0));
        }
        assertThat(beginnings).hasSizeGreaterThan(60); // of 256 places, thrown a hundred times: 83 are to be expected
    }

    @Test
    void a_large_stack_gets_a_large_network_where_there_is_room_for_one() {
        NetworkPool pool = new NetworkPool(List.of("10.1.0.0/24", "10.2.0.0/22"), 26);
        assertThat(pool.candidates("n", 61)).hasSize(4 + 16).allMatch(s -> s.prefix() == 26);
        assertThat(pool.candidates("n", 62)).hasSize(2 + 8).allMatch(s -> s.prefix() == 25);
        assertThat(pool.candidates("n", 300)).hasSize(2).allMatch(s -> s.prefix() == 23);
        assertThat(pool.candidates("n", 2000)).isEmpty();
    }

    @Test
    void a_pool_that_no_network_could_come_of_is_refused_and_says_what_would_be_right() {
        refused("10.0.0.1/8", "you may mean 10.0.0.0/8");
        refused("010.0.0.0/8", "you may mean 10.0.0.0/8");
        refused("10.0.0.0", "10.64.0.0/12");
        refused("fd00::/8", "IPv4");
        refused("../10.0.0.0/8", "IPv4");
        refused("10.0.0.0/25", "/8 to /24");
        refused("10.0.0.0/7", "/8 to /24");
        refused("0.0.0.0/0", "private");
        refused("0.0.0.0/8", "private");
        refused("127.0.0.0/8", "private");
        refused("224.0.0.0/8", "private");
        assertThatThrownBy(() -> NetworkPool.of("10.0.0.0/8", "10.1.0.0/16"))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("'10.1.0.0/16': it overlaps 10.0.0.0/8");
        assertThatThrownBy(() -> NetworkPool.standard().prefix(29)).isInstanceOf(InvalidInputException.class);
        assertThatThrownBy(() -> NetworkPool.standard().prefix(11)).isInstanceOf(InvalidInputException.class);
    }

    @Test
    void settings_have_the_standard_pool_and_keep_another_through_all_changes() {
        ComposeSettings settings = ComposeSettings.of(Map.of());
        assertThat(settings.networks()).isEqualTo(NetworkPool.standard());
        NetworkPool mine = NetworkPool.of("10.5.0.0/16").prefix(26);
        assertThat(settings.networks(mine)
                        .program("p")
                        .dockerHost("tcp://h:1")
                        .labels(Map.of("a", "b"))
                        .engineTimeout(Duration.ofSeconds(1)))
                .isEqualTo(
                        new ComposeSettings("p", "tcp://h:1", Map.of(), Map.of("a", "b"), Duration.ofSeconds(1), mine));
        assertThat(mine).hasToString("networks of /26 out of 10.5.0.0/16");
        assertThat(NetworkPool.enginesOwn()).hasToString("the engine's own");
    }

    private static void refused(String range, String reason) {
        assertThatThrownBy(() -> NetworkPool.of(range))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("'" + range + "'")
                .hasMessageContaining(reason);
    }

    private static Subnet subnet(String text) {
        return Subnet.around(text).orElseThrow();
    }
}
