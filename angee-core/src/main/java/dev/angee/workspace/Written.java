package dev.angee.workspace;

import dev.angee.AngeeException;
import dev.angee.expression.Expression;
import dev.angee.expression.ExpressionException;
import dev.angee.expression.Scope;
import dev.angee.template.Template;
import java.util.Map;
import java.util.Optional;

/** What a template has written, evaluated; errors name the template and the character. */
final class Written {
    private Written() {}

    static Optional<String> evaluate(Template template, Optional<Expression> written, Scope scope) {
        return written.map(expression -> evaluate(template, expression, scope)).filter(text -> !text.isBlank());
    }

    static String evaluate(Template template, Expression written, Scope scope) {
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

    /** What inputs are called in a template's expressions. */
    static Scope inputs(Scope scope, Map<String, String> inputs) {
        Scope with = scope;
        for (Map.Entry<String, String> input : inputs.entrySet()) {
            with = with.with("inputs." + input.getKey(), input.getValue());
        }
        return with;
    }
}
