package dev.angee.compose;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A block of IPv4 addresses.
 *
 * @param first its lowest address, as a number
 * @param prefix how many leading bits all its addresses share, 0 to 32
 */
record Subnet(long first, int prefix) {
    private static final int BITS = 32;

    /** Taken in every network: its own address, that for all, and the gateway's. */
    private static final int RESERVED = 3;

    private static final Pattern TEXT = Pattern.compile("(\\d{1,3})\\.(\\d{1,3})\\.(\\d{1,3})\\.(\\d{1,3})/(\\d{1,2})");

    Subnet {
        if (prefix < 0 || prefix > BITS || first < 0 || first >> BITS != 0 || first % (1L << (BITS - prefix)) != 0) {
            throw new IllegalArgumentException("no subnet: " + first + "/" + prefix);
        }
    }

    /** The block that an address such as {@code 10.1.2.3/16} is in; empty if the text is none of IPv4. */
    static Optional<Subnet> around(String text) {
        Matcher matcher = TEXT.matcher(text);
        if (!matcher.matches()) {
            return Optional.empty();
        }
        long address = 0;
        for (int group = 1; group <= 4; group++) {
            int part = Integer.parseInt(matcher.group(group));
            if (part > 255) {
                return Optional.empty();
            }
            address = (address << 8) | part;
        }
        int prefix = Integer.parseInt(matcher.group(5));
        return prefix > BITS ? Optional.empty() : Optional.of(around(address, prefix));
    }

    /** The block of this size that an address is in. */
    static Subnet around(long address, int prefix) {
        return new Subnet(address & -(1L << (BITS - prefix)), prefix);
    }

    /** The longest prefix, none longer than the given, of a block with so many addresses for containers. */
    static int prefixFor(long addresses, int longest) {
        int prefix = longest;
        while (prefix > 0 && (1L << (BITS - prefix)) - RESERVED < addresses) {
            prefix--;
        }
        return prefix;
    }

    boolean overlaps(Subnet other) {
        int common = Math.min(prefix, other.prefix);
        return around(first, common).equals(around(other.first, common));
    }

    /** How many blocks of this size it has room for. */
    long parts(int size) {
        return size < prefix ? 0 : 1L << (size - prefix);
    }

    /** One of those blocks. */
    Subnet part(int size, long index) {
        if (index < 0 || index >= parts(size)) {
            throw new IllegalArgumentException(this + " has no /" + size + " number " + index);
        }
        return new Subnet(first + (index << (BITS - size)), size);
    }

    /** As {@code 10.1.0.0/16}. */
    @Override
    public String toString() {
        return (first >> 24) + "." + ((first >> 16) & 255) + "." + ((first >> 8) & 255) + "." + (first & 255) + "/"
                + prefix;
    }
}
