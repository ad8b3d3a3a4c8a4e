package dev.angee.secret;

import dev.angee.InvalidInputException;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A secret that a manifest declares, and where its first value comes from.
 *
 * @param name its name
 * @param generated whether a random value is made for it if it has none
 * @param length how many characters a random value has: 1 to 4096
 * @param required whether {@link Secrets#resolve} fails for it with a hint that it has to be set
 * @param importFrom where its value is copied from if it has none: {@code env:NAME}, a variable of the environment
 */
public record SecretDeclaration(
        SecretName name, boolean generated, int length, boolean required, Optional<String> importFrom) {
    /** How long a random value is unless declared otherwise: 192 bits. */
    public static final int DEFAULT_LENGTH = 32;

    private static final int LONGEST = 4096;
    private static final String ENVIRONMENT = "env:";
    private static final Pattern VARIABLE = Pattern.compile("[A-Za-z_][A-Za-z0-9_]*");

    /** Refuses a length or an import that cannot be, with {@link InvalidInputException}. */
    public SecretDeclaration {
        if (length < 1 || length > LONGEST) {
            throw new InvalidInputException(
                    "secret '" + name + "' length", length + " is not a length from 1 to " + LONGEST);
        }
        if (importFrom.isPresent() && !isVariable(importFrom.get())) {
            throw new InvalidInputException("secret '" + name + "' import", hint(importFrom.get()));
        }
    }

    /** A secret that somebody has to set before it is used. */
    public static SecretDeclaration of(SecretName name) {
        return new SecretDeclaration(name, false, DEFAULT_LENGTH, false, Optional.empty());
    }

    /** The same, with a random value of {@link #DEFAULT_LENGTH} made for it if it has none. */
    public SecretDeclaration withRandomValue() {
        return withRandomValue(DEFAULT_LENGTH);
    }

    /** The same, with a random value of this length made for it if it has none. */
    public SecretDeclaration withRandomValue(int characters) {
        return new SecretDeclaration(name, true, characters, required, importFrom);
    }

    /** The same, as a required one. */
    public SecretDeclaration asRequired() {
        return new SecretDeclaration(name, generated, length, true, importFrom);
    }

    /** The same, with its value copied from {@code env:NAME} if it has none. */
    public SecretDeclaration importedFrom(String source) {
        return new SecretDeclaration(name, generated, length, required, Optional.of(source));
    }

    /** The variable of the environment that its value is copied from. */
    Optional<String> importVariable() {
        return importFrom.map(source -> source.substring(ENVIRONMENT.length()));
    }

    private static boolean isVariable(String source) {
        return source.startsWith(ENVIRONMENT)
                && VARIABLE.matcher(source.substring(ENVIRONMENT.length())).matches();
    }

    private static String hint(String source) {
        return VARIABLE.matcher(source).matches()
                ? "write '" + ENVIRONMENT + source + "' to copy it from the variable " + source + " of the environment"
                : "must be '" + ENVIRONMENT + "NAME', the name of a variable: letters, digits and '_'";
    }
}
