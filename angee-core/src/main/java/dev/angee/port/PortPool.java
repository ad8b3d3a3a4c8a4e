package dev.angee.port;

/**
 * A range of ports to lease from.
 *
 * @param name the pool's name
 * @param first the lowest port, at least 1
 * @param last the highest port, at most 65535
 */
public record PortPool(String name, int first, int last) {
    /** Refuses what is not a range of ports. */
    public PortPool {
        if (first < 1 || last < first || last > 65535) {
            throw new IllegalArgumentException("not a range of ports: " + first + "-" + last);
        }
    }

    /** {@code first-last}, as it is written in a manifest. */
    @Override
    public String toString() {
        return first + "-" + last;
    }
}
