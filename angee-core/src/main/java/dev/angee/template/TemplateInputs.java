package dev.angee.template;

import dev.angee.secret.SecretName;
import dev.angee.secret.SecretValue;
import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a template is rendered with, and what is kept of it.
 *
 * @param values every input as text, by name. A secret stands as the text of a reference, <code>${secret.feat-x-token}</code>, so that
 *     these can be rendered, stored and shown
 * @param secrets the values that the store of secrets does not have yet: put them there before anything refers to them
 */
public record TemplateInputs(Map<String, String> values, Map<SecretName, SecretValue> secrets) {
    private static final Pattern REFERENCE = Pattern.compile("\\$\\{secret\\.([A-Za-z0-9._-]{1,256})\\}");

    /** Copies the maps. */
    public TemplateInputs {
        values = Collections.unmodifiableMap(new TreeMap<>(values));
        secrets = Collections.unmodifiableMap(new TreeMap<>(secrets));
    }

    /** The text that stands for a secret. */
    public static String reference(SecretName name) {
        return "${secret." + name + "}";
    }

    /** The secret that a text stands for; empty if it is not such a reference, and nothing else. */
    public static Optional<SecretName> referenced(String text) {
        Matcher reference = REFERENCE.matcher(text);
        return reference.matches() && SecretName.isValid(reference.group(1))
                ? Optional.of(new SecretName(reference.group(1)))
                : Optional.empty();
    }

    /** Whether a text is made of a reference and something else, which stands for nothing. */
    static boolean isMadeOfSecrets(String text) {
        return REFERENCE.matcher(text).find() && referenced(text).isEmpty();
    }
}
