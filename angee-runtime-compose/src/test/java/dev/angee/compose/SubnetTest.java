package dev.angee.compose;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Random;
import org.junit.jupiter.api.Test;

class SubnetTest {
    @Test
    void a_block_is_read_as_the_engine_writes_it_with_or_without_an_address_in_it() {
        assertThat(subnet("172.18.0.0/16")).hasToString("172.18.0.0/16");
        assertThat(subnet("172.18.5.4/16")).hasToString("172.18.0.0/16");
        assertThat(subnet("255.255.255.255/32")).hasToString("255.255.255.255/32");
        assertThat(subnet("200.1.2.3/0")).hasToString("0.0.0.0/0");
    }

    @Test
    void what_is_no_block_of_IPv4_is_none() {
        for (String text :
                new String[] {"", "fd00::/64", "10.0.0.0", "10.0.0.0/33", "10.0.0.256/24", "10.0.0/24", "a"}) {
            assertThat(Subnet.around(text)).as(text).isEmpty();
        }
        assertThatThrownBy(() -> new Subnet(1, 24)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new Subnet(1L << 32, 24)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void blocks_overlap_if_and_only_if_they_have_an_address_in_common() {
        Random random = new Random(20);
        int overlapping = 0;
        for (int i = 0; i < 20_000; i++) {
            Subnet one = any(random);
            Subnet other = any(random);
            boolean common = first(one) <= last(other) && first(other) <= last(one);
            assertThat(one.overlaps(other)).as(one + " and " + other).isEqualTo(common);
            assertThat(other.overlaps(one)).isEqualTo(common);
            overlapping += common ? 1 : 0;
        }
        assertThat(overlapping).as("both cases were there").isBetween(1_000, 19_000);
    }

    @Test
    void its_parts_cover_it_and_nothing_else_and_do_not_overlap() {
        Random random = new Random(21);
        for (int i = 0; i < 300; i++) {
            Subnet whole = any(random);
            int size = Math.min(32, whole.prefix() + random.nextInt(9));
            long next = first(whole);
            for (long part = 0; part < whole.parts(size); part++) {
                assertThat(first(whole.part(size, part))).isEqualTo(next);
                next = last(whole.part(size, part)) + 1;
            }
            assertThat(next).isEqualTo(last(whole) + 1);
            assertThatThrownBy(() -> whole.part(size, whole.parts(size))).isInstanceOf(IllegalArgumentException.class);
        }
        assertThat(subnet("10.0.0.0/24").parts(23)).isZero();
    }

    @Test
    void what_it_prints_is_read_as_the_same() {
        Random random = new Random(22);
        for (int i = 0; i < 1_000; i++) {
            Subnet any = any(random);
            assertThat(Subnet.around(any.toString())).contains(any);
        }
    }

    @Test
    void a_network_is_as_large_as_its_containers_need() {
        assertThat(Subnet.prefixFor(1, 24)).isEqualTo(24);
        assertThat(Subnet.prefixFor(253, 24)).isEqualTo(24);
        assertThat(Subnet.prefixFor(254, 24)).isEqualTo(23);
        assertThat(Subnet.prefixFor(61, 26)).isEqualTo(26);
        assertThat(Subnet.prefixFor(62, 26)).isEqualTo(25);
        assertThat(Subnet.prefixFor(5, 29)).isEqualTo(29);
        assertThat(Subnet.prefixFor(6, 29)).isEqualTo(28);
    }

    private static Subnet subnet(String text) {
        return Subnet.around(text).orElseThrow();
    }

    /** Of 10.0.0.0/12, so that two often overlap. */
    private static Subnet any(Random random) {
        long address = (10L << 24) + random.nextInt(1 << 20);
        return Subnet.around(address, 12 + random.nextInt(21));
    }

    private static long first(Subnet subnet) {
        return subnet.first();
    }

    private static long last(Subnet subnet) {
        return subnet.first() + (1L << (32 - subnet.prefix())) - 1;
    }
}
