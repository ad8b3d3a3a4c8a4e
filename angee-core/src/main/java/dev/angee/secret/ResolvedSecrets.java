package dev.angee.secret;

import dev.angee.AngeeException;
import dev.angee.ErrorCode;
import java.util.Comparator;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;

/** The values of some secrets, for handing them to a runtime. Prints names only. Immutable. */
public final class ResolvedSecrets {
    private static final ResolvedSecrets NONE = new ResolvedSecrets(Map.of());

    private static final int SHORTEST_MASKED = 4;

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

    /**
     * The text of a program that may have known these values, for a message: with {@code ***} in place of each, the longest
     * first, also where a program quotes it or prints one of its lines. Values and lines of fewer than four characters stay:
     * they are found in any text, and to hide them there would show what they are.
     */
    public String mask(String text) {
        Set<String> traces = new TreeSet<>(
                Comparator.comparingInt(String::length).reversed().thenComparing(Comparator.naturalOrder()));
        for (SecretValue value : values.values()) {
            Stream.concat(Stream.of(value.reveal()), value.reveal().lines())
                    .map(String::strip)
                    .flatMap(trace ->
                            Stream.of(trace, trace.replace("\\", "\\\\").replace("\"", "\\\"")))
                    .filter(trace -> trace.length() >= SHORTEST_MASKED)
                    .forEach(traces::add);
        }
        String masked = text;
        for (String trace : traces) {
            masked = masked.replace(trace, "***");
        }
        return masked;
    }

    /** The names only. */
    @Override
    public String toString() {
        return values.keySet().toString();
    }
}
