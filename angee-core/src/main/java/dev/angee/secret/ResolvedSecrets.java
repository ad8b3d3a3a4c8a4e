package dev.angee.secret;

import dev.angee.AngeeException;
import dev.angee.ErrorCode;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** The values of some secrets, for handing them to a runtime. Prints names only. Immutable. */
public final class ResolvedSecrets {
    private static final ResolvedSecrets NONE = new ResolvedSecrets(Map.of());

    private final Map<SecretName, SecretValue> values;

    private ResolvedSecrets(Map<SecretName, SecretValue> values) {
        this.values = new TreeMap<>(values);
    }

    /** No secrets at all. */
    public static ResolvedSecrets none() {
        return NONE;
    }

    /** These values. */
    public static ResolvedSecrets of(Map<SecretName, SecretValue> values) {
        return new ResolvedSecrets(values);
    }

    /** These values, and the other's where there is none here. */
    public ResolvedSecrets orElse(ResolvedSecrets other) {
        Map<SecretName, SecretValue> all = new TreeMap<>(other.values);
        all.putAll(values);
        return new ResolvedSecrets(all);
    }

    /** The value of a secret. */
    public Optional<SecretValue> find(SecretName name) {
        return Optional.ofNullable(values.get(name));
    }

    /**
     * The text with every secret in it revealed: for the child's environment or a private file, and for nothing else.
     *
     * @throws AngeeException {@code NOT_FOUND}, naming the secret, if one has no value here
     */
    public String fill(Text text) {
        return text.spell(
                literal -> literal,
                name -> find(name)
                        .orElseThrow(() -> new AngeeException(
                                ErrorCode.NOT_FOUND, "secret '" + name + "' has no value in the secret store"))
                        .reveal());
    }

    /** The names only. */
    @Override
    public String toString() {
        return values.keySet().toString();
    }
}
