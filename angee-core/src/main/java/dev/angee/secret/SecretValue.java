package dev.angee.secret;

import dev.angee.InvalidInputException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;

/**
 * The value of a secret: any text. Prints as {@code ***}; only {@link #reveal} gives it away. Immutable; equality takes
 * the same time for every value of one length.
 */
public final class SecretValue {
    private final String value;

    private SecretValue(String value) {
        this.value = value;
    }

    /**
     * The secret with this value; the caller's own string is not wiped.
     *
     * @throws InvalidInputException if it is no text: half a character (an unpaired surrogate) can be stored nowhere
     */
    public static SecretValue of(String value) {
        if (!StandardCharsets.UTF_8.newEncoder().canEncode(value)) {
            throw new InvalidInputException(
                    "value", "holds an unpaired surrogate, which is no character; encode binary values as base64");
        }
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
