package dev.angee.expression;

import dev.angee.secret.Text;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Text that may hold references, such as <code>http://127.0.0.1:${ports.web}/</code>. A reference is a dollar and a pair
 * of braces around a dotted path and any number of filters behind bars. Right before a brace two dollars are one dollar of
 * text: two make a literal dollar and brace, three a dollar and a value. Any other dollar is just that. A value is never
 * evaluated again.
 *
 * <p>Immutable. Parsing is where grammar errors show, evaluating where unknown names do; both as
 * {@link ExpressionException}.
 */
public final class Expression {
    private static final int LONGEST = 16 * 1024 * 1024;

    private final String text;
    private final List<Object> parts;

    Expression(String text, List<Object> parts) {
        this.text = text;
        this.parts = List.copyOf(parts);
    }

    /**
     * Parses a text.
     *
     * @throws ExpressionException pointing at the character, if a reference in it is not one
     */
    public static Expression parse(String text) {
        return new ExpressionParser(text).parse();
    }

    /** An expression that is just this text, whatever it holds. */
    public static Expression literal(String text) {
        return new Expression(text, List.of(text));
    }

    /**
     * The text with every reference replaced by its value. No secret may be among them.
     *
     * @throws ExpressionException if a name is not in the scope, is a secret, or a filter refuses its value
     */
    public String evaluate(Scope scope) {
        return resolve(scope, "only the variables in 'env' can hold a secret")
                .plain()
                .orElseThrow();
    }

    /**
     * The text with every reference replaced by its value, secrets by reference.
     *
     * @throws ExpressionException if a name is not in the scope, or a filter refuses its value or would need a secret's
     */
    public Text resolve(Scope scope) {
        return resolve(scope, "");
    }

    private Text resolve(Scope scope, String whyNoSecret) {
        List<Text> pieces = new ArrayList<>();
        long length = 0;
        for (Object part : parts) {
            Text value = part instanceof Reference reference ? reference.evaluate(scope) : Text.of((String) part);
            if (part instanceof Reference reference
                    && !whyNoSecret.isEmpty()
                    && !value.secrets().isEmpty()) {
                throw new ExpressionException(
                        reference.offset(), "'" + reference.path() + "' is a secret, and " + whyNoSecret);
            }
            length += value.plain().map(String::length).orElse(0);
            if (part instanceof Reference reference && length > LONGEST) {
                throw new ExpressionException(
                        reference.offset(), "the text is longer than " + LONGEST + " characters with this value");
            }
            pieces.add(value);
        }
        return joined(pieces);
    }

    /** By halves, for adding one to what is there copies what is there. */
    private static Text joined(List<Text> pieces) {
        if (pieces.size() < 2) {
            return pieces.isEmpty() ? Text.of("") : pieces.get(0);
        }
        int half = pieces.size() / 2;
        return joined(pieces.subList(0, half)).plus(joined(pieces.subList(half, pieces.size())));
    }

    /** The paths it refers to, in order. */
    public Set<String> references() {
        Set<String> paths = new TreeSet<>();
        for (Object part : parts) {
            if (part instanceof Reference reference) {
                paths.add(reference.path());
            }
        }
        return paths;
    }

    /** The paths it refers to, by the index of their first character in the text, from 0, in code points. */
    public SortedMap<Integer, String> referencesByOffset() {
        SortedMap<Integer, String> paths = new TreeMap<>();
        for (Object part : parts) {
            if (part instanceof Reference reference) {
                paths.put(reference.offset(), reference.path());
            }
        }
        return paths;
    }

    /** The text as it was written. */
    public String text() {
        return text;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Expression that && text.equals(that.text) && parts.equals(that.parts);
    }

    @Override
    public int hashCode() {
        return text.hashCode();
    }

    @Override
    public String toString() {
        return text;
    }

    static Expression of(String text, List<Object> parts) {
        return new Expression(text, new ArrayList<>(parts));
    }
}
