package dev.angee.secret;

import dev.angee.InvalidInputException;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * The name of a secret: 1 to 256 of letters, digits, {@code .}, {@code _} and {@code -}, at least one of them a letter or
 * digit.
 *
 * @param value the name
 */
public record SecretName(String value) implements Comparable<SecretName> {
    private static final Pattern VALID = Pattern.compile("(?=.*[A-Za-z0-9])[A-Za-z0-9._-]{1,256}");
    private static final Pattern OTHER_CHARACTERS = Pattern.compile("[^A-Z0-9]");
    private static final Pattern TRAILING = Pattern.compile("_+$");
    private static final String PREFIX = "ANGEE_SECRET_";

    /** Refuses what cannot be a name, with {@link InvalidInputException}. */
    public SecretName {
        if (!isValid(value)) {
            throw new InvalidInputException(
                    "secret",
                    "'" + value + "' cannot be the name of a secret: 1 to 256 letters, digits, '.', '_' and '-',"
                            + " with a letter or digit among them");
        }
    }

    /** Whether a text can be the name of a secret. */
    public static boolean isValid(String text) {
        return VALID.matcher(text).matches();
    }

    /**
     * The variable that stands for the secret in env files and generated files: {@code postgres-password} is
     * {@code ANGEE_SECRET_POSTGRES_PASSWORD}. Existing installations depend on these very names. Two names can have one
     * variable ({@code a-b}, {@code a.b}); a manifest that declares both is refused.
     */
    public String variable() {
        String upper = OTHER_CHARACTERS.matcher(value.toUpperCase(Locale.ROOT)).replaceAll("_");
        return TRAILING.matcher(PREFIX + upper).replaceAll("");
    }

    @Override
    public int compareTo(SecretName other) {
        return value.compareTo(other.value);
    }

    @Override
    public String toString() {
        return value;
    }
}
