package dev.angee.template;

import dev.angee.AngeeException;
import dev.angee.expression.Expression;
import dev.angee.expression.ExpressionException;
import dev.angee.expression.Scope;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Expressions that a template has written in its metadata, such as {@code ${inputs.name}}. Pure and thread-safe.
 */
public final class Written {
    private static final String INPUT = "inputs.";

    private Written() {}

    /**
     * The value of an expression; empty if there is none, or it comes to nothing but blanks.
     *
     * @param scope what it may refer to
     * @throws AngeeException as {@link #evaluate(Template, Expression, Scope)}
     */
    public static Optional<String> evaluate(Template template, Optional<Expression> written, Scope scope) {
        return written.map(expression -> evaluate(template, expression, scope)).filter(text -> !text.isBlank());
    }

    /**
     * The value of an expression.
     *
     * @param scope what it may refer to
     * @throws AngeeException {@code INVALID} naming template, expression and character
     */
    public static String evaluate(Template template, Expression written, Scope scope) {
        try {
            return written.evaluate(scope);
        } catch (ExpressionException e) {
            throw new AngeeException(
                    e.code(),
                    "template '" + template.ref() + "': '" + written + "', character " + (e.offset() + 1) + ": "
                            + e.getMessage(),
                    e);
        }
    }

    /** The inputs that an expression refers to. */
    public static List<String> inputsOf(Expression written) {
        return written.references().stream()
                .filter(path -> path.startsWith(INPUT))
                .map(path -> path.substring(INPUT.length()))
                .toList();
    }

    /** A scope with inputs in it, as a template's expressions call them. */
    public static Scope inputs(Scope scope, Map<String, String> inputs) {
        Scope with = scope;
        for (Map.Entry<String, String> input : inputs.entrySet()) {
            with = with.with(INPUT + input.getKey(), input.getValue());
        }
        return with;
    }
}
