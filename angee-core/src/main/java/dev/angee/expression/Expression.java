package dev.angee.expression;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * Text that may hold references, such as <code>http://127.0.0.1:${ports.web}/</code>. A reference is a dollar and a pair
 * of braces around a dotted path and any number of filters behind bars. Two dollars before the brace make a literal
 * dollar and brace; any other dollar is just that. A value is never evaluated again.
 *
 * <p>Immutable. Parsing is where grammar errors show, evaluating where unknown names do; both as
 * {@link ExpressionException}.
 */
public final class Expression {
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
     * The text with every reference replaced by its value.
     *
     * @throws ExpressionException if a name is not in the scope or a filter refuses its value
     */
    public String evaluate(Scope scope) {
        StringBuilder result = new StringBuilder();
        for (Object part : parts) {
            result.append(part instanceof Reference reference ? reference.evaluate(scope) : part);
        }
        return result.toString();
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
