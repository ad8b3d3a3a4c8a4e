package dev.angee.document;

/**
 * How large a YAML document may be; what is larger is refused before it can cost time or memory.
 *
 * @param length the most bytes of a file, and the most UTF-16 units of a text
 * @param nodes the most keys, values and collections, counted as if every alias were written out
 * @param depth how deep collections may stand in each other, aliases written out
 * @param characters the most UTF-16 units of all keys and values, counted as if every alias were written out
 */
public record YamlLimits(int length, int nodes, int depth, long characters) {
    private static final int EXPANSION = 4;

    private static final YamlLimits STANDARD = new YamlLimits(16 * 1024 * 1024, 2_000_000, 64);

    /** Refuses limits that would let nothing through. */
    public YamlLimits {
        if (length < 1 || nodes < 1 || depth < 1 || characters < 1) {
            throw new IllegalArgumentException(
                    "limits are positive: " + length + ", " + nodes + ", " + depth + ", " + characters);
        }
    }

    /** Limits by which aliases may make a text four times as long as it may be. */
    public YamlLimits(int length, int nodes, int depth) {
        this(length, nodes, depth, (long) EXPANSION * length);
    }

    /** 16 MiB, two million nodes, 64 levels, 64 Mi characters: more than any manifest needs. */
    public static YamlLimits standard() {
        return STANDARD;
    }
}
