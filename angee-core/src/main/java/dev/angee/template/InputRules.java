package dev.angee.template;

import java.util.OptionalInt;

/**
 * What holds for an input whatever its value is.
 *
 * @param required whether it needs a value
 * @param immutable whether it keeps the value it was first given
 * @param secret whether its value is kept in the store of secrets, and stands everywhere else as a reference to it
 * @param generated how many characters of a random value it gets if it has none; empty if it gets none
 */
public record InputRules(boolean required, boolean immutable, boolean secret, OptionalInt generated) {
    /** How long a random value is unless the template says otherwise: 192 bits. */
    public static final int DEFAULT_LENGTH = 32;

    /** Nothing in particular. */
    static InputRules none() {
        return new InputRules(false, false, false, OptionalInt.empty());
    }

    /** What either says: neither takes back what the other asks for. */
    InputRules and(InputRules other) {
        return new InputRules(
                required || other.required,
                immutable || other.immutable,
                secret || other.secret,
                generated.isPresent() ? generated : other.generated);
    }

    /** These, for a secret. */
    InputRules asSecret() {
        return new InputRules(required, immutable, true, generated);
    }
}
