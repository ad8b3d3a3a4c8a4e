package dev.angee.compose;

import dev.angee.InvalidInputException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.LongStream;
import java.util.stream.Stream;

/**
 * Where the networks of stacks get their addresses. A plain value.
 *
 * <p>Docker's own pools are used up by some thirty networks, and a stack has one or more. So each network is given a
 * subnet of its own out of these ranges. The engine is the ledger: no two of its networks overlap. Subnets that overlap
 * a route of this host are passed over, where the engine is on this host, for the engine would let them shadow it. From
 * within a container the host's routes cannot be told: there, give ranges that the host reaches by none.
 *
 * <pre>{@code
 * ComposeSettings settings = ComposeSettings.of(System.getenv()).networks(NetworkPool.of("10.200.0.0/16"));
 * }</pre>
 *
 * @param ranges private address ranges such as {@code 10.64.0.0/12}, the first to be used up first; none to leave it all
 *     to the engine
 * @param prefix the size of a network: 24 leaves room for 253 containers, 26 for 61; a stack with more gets a larger one
 */
public record NetworkPool(List<String> ranges, int prefix) {
    private static final int WIDEST = 8;
    private static final int SMALLEST = 28;
    private static final int USUAL = 24;

    /** Seldom used elsewhere: not by clouds, nor by Kubernetes, nor by Docker. The other is Docker's own, for need. */
    private static final List<String> STANDARD = List.of("10.64.0.0/12", "172.16.0.0/12");

    /**
     * Checks and copies.
     *
     * @throws InvalidInputException if a range is none, or too small for a network
     */
    public NetworkPool {
        ranges = List.copyOf(ranges);
        if (prefix < WIDEST || prefix > SMALLEST) {
            throw new InvalidInputException(
                    "network pool", "a network of /" + prefix + ": give " + WIDEST + " to " + SMALLEST);
        }
        List<Subnet> checked = new ArrayList<>();
        for (String range : ranges) {
            Subnet subnet = subnet(range);
            if (subnet.prefix() < WIDEST || subnet.prefix() > prefix) {
                throw wrong(range, "give one of /" + WIDEST + " to /" + prefix + ", the size of a network");
            }
            for (Subnet other : checked) {
                if (other.overlaps(subnet)) {
                    throw wrong(range, "it overlaps " + other + ", which is a range of the pool as well");
                }
            }
            checked.add(subnet);
        }
    }

    /** More than five thousand networks for 253 containers each: {@code 10.64.0.0/12}, then {@code 172.16.0.0/12}. */
    public static NetworkPool standard() {
        return new NetworkPool(STANDARD, USUAL);
    }

    /** No pool: every network has what the engine's own pools give. */
    public static NetworkPool enginesOwn() {
        return new NetworkPool(List.of(), USUAL);
    }

    /**
     * Networks for 253 containers each, from these ranges.
     *
     * @throws InvalidInputException if a range is none, or too small for a network
     */
    public static NetworkPool of(String... ranges) {
        return new NetworkPool(List.of(ranges), USUAL);
    }

    /**
     * The same, with networks of another size.
     *
     * @param bits 8 to 28
     * @throws InvalidInputException if a range is too small for such a network
     */
    public NetworkPool prefix(int bits) {
        return new NetworkPool(ranges, bits);
    }

    /** Whether the engine is to choose. */
    boolean isEnginesOwn() {
        return ranges.isEmpty();
    }

    /**
     * Every subnet that a network may have, in an order that is its name's: so that two who look for one at the same
     * moment seldom try the same.
     *
     * @param name the network's name
     * @param addresses how many containers it must have room for
     */
    Stream<Subnet> candidates(String name, long addresses) {
        int size = Subnet.prefixFor(addresses, prefix);
        UUID hash = UUID.nameUUIDFromBytes(name.getBytes(StandardCharsets.UTF_8));
        long start = hash.getMostSignificantBits();
        long step = hash.getLeastSignificantBits() | 1; // odd, and their number is a power of two: so each comes once
        return ranges.stream()
                .map(NetworkPool::subnet)
                .flatMap(range -> LongStream.range(0, range.parts(size))
                        .mapToObj(i -> range.part(size, (start + i * step) & (range.parts(size) - 1))));
    }

    /** As {@code networks of /24 out of 10.64.0.0/12, 172.16.0.0/12}. */
    @Override
    public String toString() {
        return isEnginesOwn() ? "the engine's own" : "networks of /" + prefix + " out of " + String.join(", ", ranges);
    }

    private static Subnet subnet(String range) {
        Optional<Subnet> subnet = Subnet.around(range);
        if (subnet.isEmpty() || !subnet.get().toString().equals(range)) {
            String mended = subnet.map(s -> "you may mean " + s).orElse("give one as 10.64.0.0/12");
            throw wrong(range, "it is no range of IPv4 addresses: " + mended);
        }
        int top = (int) (subnet.get().first() >> 24);
        if (top == 0 || top == 127 || top >= 224) {
            throw wrong(range, "no network can have such addresses; take private ones, as 10.64.0.0/12");
        }
        return subnet.get();
    }

    private static InvalidInputException wrong(String range, String reason) {
        return new InvalidInputException("network pool", "'" + range + "': " + reason);
    }
}
