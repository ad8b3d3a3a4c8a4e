package dev.angee.source;

import java.util.regex.Pattern;

/**
 * The full id of a commit.
 *
 * @param value 40 lower-case hex digits
 */
public record CommitId(String value) {
    private static final Pattern FULL = Pattern.compile("[0-9a-f]{40}");
    private static final int SHORT = 7;

    /** Refuses anything but a full id. */
    public CommitId {
        if (!FULL.matcher(value).matches()) {
            throw new IllegalArgumentException("not a full commit id: " + value);
        }
    }

    /** The first seven digits, for people. */
    public String abbreviated() {
        return value.substring(0, SHORT);
    }

    @Override
    public String toString() {
        return value;
    }
}
