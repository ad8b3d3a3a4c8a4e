package dev.angee.template;

import dev.angee.secret.SecretName;
import dev.angee.secret.SecretValue;
import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;

/**
 * What is there already when a template is answered: the values of the last time, and the secrets that have a value.
 *
 * @param scope what the secrets belong to, such as the name of a workspace: the secret input {@code token} is kept as
 *     {@code <scope>-token}; if empty, as {@code token}
 * @param values what was answered the last time, as {@link TemplateInputs#values} said; empty at first
 * @param stored the value of a secret, if it has one; only asked, and for secret inputs only
 */
public record KeptInputs(String scope, Map<String, String> values, Function<SecretName, Optional<SecretValue>> stored) {
    /** Copies the map. */
    public KeptInputs {
        values = Collections.unmodifiableMap(new TreeMap<>(values));
    }

    /** Nothing is there. */
    public static KeptInputs none() {
        return of("");
    }

    /** Nothing is there yet, of what will have this name. */
    public static KeptInputs of(String scope) {
        return new KeptInputs(scope, Map.of(), name -> Optional.empty());
    }

    /** The same, with these values of the last time. */
    public KeptInputs values(Map<String, String> answered) {
        return new KeptInputs(scope, answered, stored);
    }

    /** The same, with the secrets that this finds. */
    public KeptInputs secrets(Function<SecretName, Optional<SecretValue>> store) {
        return new KeptInputs(scope, values, store);
    }

    /** What the secret of an input is called, unless it was called something else the last time. */
    SecretName secret(String input) {
        return new SecretName(scope.isEmpty() ? input : scope + "-" + input);
    }
}
