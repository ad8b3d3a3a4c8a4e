package dev.angee.port;

/**
 * A range of ports to lease from.
 *
 * @param name the pool's name
 * @param first the lowest port, at least 1
 * @param last the highest port, at most 65535
 */
public record PortPool(String name, int first, int last) {
    private static final int HIGHEST = 65_535;

    /** Refuses what is not a range of ports. */
    public PortPool {
        if (first < 1 || last < first || last > HIGHEST) {
            throw new IllegalArgumentException("not a range of ports: " + first + "-" + last);
        }
    }

    /** Whether a port lies in its range. */
    public boolean contains(int port) {
        return first <= port && port <= last;
    }

    /** {@code first-last}, as it is written in a manifest. */
    @Override
    public String toString() {
        return first + "-" + last;
    }

    static boolean isPort(int port) {
        return 1 <= port && port <= HIGHEST;
    }

    static void requirePort(int port) {
        if (!isPort(port)) {
            throw new IllegalArgumentException("not a port: " + port);
        }
    }
}
