package dev.angee.internal.yaml;

import java.util.Set;
import java.util.regex.Pattern;

/** What a plain scalar is by YAML's core schema. */
public enum CoreType {
    /** Nothing. */
    NULL,
    /** A truth value or a number. */
    WORD,
    /** Everything else, and all that is quoted. */
    TEXT;

    private static final Set<String> NULLS = Set.of("", "~", "null", "Null", "NULL");
    private static final Set<String> TRUTHS = Set.of("true", "True", "TRUE", "false", "False", "FALSE");
    private static final Pattern NUMBER = Pattern.compile("[-+]?[0-9]+|0o[0-7]+|0x[0-9a-fA-F]+"
            + "|[-+]?(\\.[0-9]+|[0-9]+(\\.[0-9]*)?)([eE][-+]?[0-9]+)?"
            + "|[-+]?\\.(inf|Inf|INF)|\\.(nan|NaN|NAN)");

    /** The type of a plain scalar. */
    public static CoreType of(String plain) {
        if (NULLS.contains(plain)) {
            return NULL;
        }
        return TRUTHS.contains(plain) || NUMBER.matcher(plain).matches() ? WORD : TEXT;
    }
}
