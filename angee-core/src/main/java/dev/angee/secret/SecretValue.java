package dev.angee.secret;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;

/**
 * The value of a secret. Prints as {@code ***}; only {@link #reveal} gives it away. Immutable; equality takes the same
 * time for every value of one length.
 */
public final class SecretValue {
    private final String value;

    private SecretValue(String value) {
        this.value = value;
    }

    /** The secret with this value; the caller's own string is not wiped. */
    public static SecretValue of(String value) {
        return new SecretValue(value);
    }

    /** The value itself: for the one place that hands it over, and for nothing that is printed or kept. */
    public String reveal() {
        return value;
    }

    /** Whether the value is the empty text. */
    public boolean isEmpty() {
        return value.isEmpty();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof SecretValue that
                && MessageDigest.isEqual(
                        value.getBytes(StandardCharsets.UTF_8), that.value.getBytes(StandardCharsets.UTF_8));
    }

    /** The same for all values: a hash in a log would be something to guess against. */
    @Override
    public int hashCode() {
        return 0;
    }

    @Override
    public String toString() {
        return "***";
    }
}
