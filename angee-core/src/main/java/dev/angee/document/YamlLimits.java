package dev.angee.document;

/**
 * How large a YAML document may be; what is larger is refused before it can cost time or memory.
 *
 * @param length the most bytes of a file, and the most UTF-16 units of a text
 * @param nodes the most keys, values and collections, counted as if every alias were written out
 * @param depth how deep collections may stand in each other, aliases written out
 */
public record YamlLimits(int length, int nodes, int depth) {
    private static final YamlLimits STANDARD = new YamlLimits(16 * 1024 * 1024, 2_000_000, 64);

    /** Refuses limits that would let nothing through. */
    public YamlLimits {
        if (length < 1 || nodes < 1 || depth < 1) {
            throw new IllegalArgumentException("limits are positive: " + length + ", " + nodes + ", " + depth);
        }
    }

    /** 16 MiB, two million nodes, 64 levels: more than any manifest needs. */
    public static YamlLimits standard() {
        return STANDARD;
    }
}
