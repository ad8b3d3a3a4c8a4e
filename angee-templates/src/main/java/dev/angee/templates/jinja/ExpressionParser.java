package dev.angee.templates.jinja;

import dev.angee.templates.jinja.Expr.CallArguments;
import dev.angee.templates.jinja.Token.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Reads expressions, from what binds least to what binds most. Besides Jinja's own there is Django's way to give a filter its argument,
 * {@code x|add:y}, wherever a colon means nothing else: not in brackets and braces.
 */
final class ExpressionParser {
    private static final Set<String> COMPARISONS = Set.of("==", "!=", "<", "<=", ">", ">=");
    private static final Set<String> ENDS_OF_TUPLES = Set.of(")", "]", "}", ":", "=");

    private final TokenStream tokens;
    private final Operands operands;

    ExpressionParser(TokenStream tokens) {
        this.tokens = tokens;
        this.operands = new Operands(tokens, this);
    }

    /** An expression, conditional or not. */
    Expr expression() {
        tokens.deeper();
        Expr value = or();
        int links = 0;
        while (tokens.peek().isName("if")) {
            links = tokens.link(links);
            Place place = tokens.next().place();
            Expr condition = or();
            Optional<Expr> otherwise = tokens.skipName("else") ? Optional.of(expression()) : Optional.empty();
            value = new Expr.Conditional(place, condition, value, otherwise);
        }
        tokens.shallower();
        return value;
    }

    /** The same, without a condition: what a loop goes over has one of its own. */
    Expr unconditional() {
        return list(false);
    }

    /** An expression, or several with commas between them, which are a tuple. */
    Expr tuple() {
        return list(true);
    }

    private Expr list(boolean conditional) {
        Place place = tokens.peek().place();
        Expr first = conditional ? expression() : or();
        if (!tokens.peek().isOperator(",")) {
            return first;
        }
        List<Expr> items = new ArrayList<>(List.of(first));
        while (tokens.skipOperator(",") && !endsTuple()) {
            items.add(conditional ? expression() : or());
        }
        return new Expr.TupleOf(place, items);
    }

    private boolean endsTuple() {
        Token token = tokens.peek();
        return token.is(Kind.PRINT_END)
                || token.is(Kind.TAG_END)
                || (token.is(Kind.OPERATOR) && ENDS_OF_TUPLES.contains(token.text()))
                || token.isName("in");
    }

    Expr or() {
        Expr left = and();
        int links = 0;
        while (tokens.peek().isName("or")) {
            links = tokens.link(links);
            left = new Expr.Logical(tokens.next().place(), false, left, and());
        }
        return left;
    }

    private Expr and() {
        Expr left = not();
        int links = 0;
        while (tokens.peek().isName("and")) {
            links = tokens.link(links);
            left = new Expr.Logical(tokens.next().place(), true, left, not());
        }
        return left;
    }

    private Expr not() {
        if (!tokens.peek().isName("not")) {
            return comparison();
        }
        tokens.deeper();
        Expr negated = new Expr.Unary(tokens.next().place(), "not", not());
        tokens.shallower();
        return negated;
    }

    private Expr comparison() {
        Place place = tokens.peek().place();
        Expr first = sum();
        List<Map.Entry<String, Expr>> others = new ArrayList<>();
        while (true) {
            Token token = tokens.peek();
            if ((token.is(Kind.OPERATOR) && COMPARISONS.contains(token.text())) || token.isName("in")) {
                tokens.next();
                others.add(Map.entry(token.text(), sum()));
            } else if (token.isName("not") && tokens.after().isName("in")) {
                tokens.next();
                tokens.next();
                others.add(Map.entry("not in", sum()));
            } else {
                return others.isEmpty() ? first : new Expr.Comparison(place, first, others);
            }
        }
    }

    private Expr sum() {
        Expr left = concatenation();
        int links = 0;
        while (tokens.peek().isOperator("+") || tokens.peek().isOperator("-")) {
            links = tokens.link(links);
            Token operator = tokens.next();
            left = new Expr.Binary(operator.place(), operator.text(), left, concatenation());
        }
        return left;
    }

    private Expr concatenation() {
        Place place = tokens.peek().place();
        List<Expr> parts = new ArrayList<>(List.of(product()));
        while (tokens.skipOperator("~")) {
            parts.add(product());
        }
        return parts.size() == 1 ? parts.get(0) : new Expr.Concatenation(place, parts);
    }

    private Expr product() {
        Expr left = power();
        int links = 0;
        while (isProduct(tokens.peek())) {
            links = tokens.link(links);
            Token operator = tokens.next();
            left = new Expr.Binary(operator.place(), operator.text(), left, power());
        }
        return left;
    }

    private static boolean isProduct(Token token) {
        return token.isOperator("*") || token.isOperator("/") || token.isOperator("//") || token.isOperator("%");
    }

    private Expr power() {
        Expr left = signed(true);
        int links = 0;
        while (tokens.peek().isOperator("**")) {
            links = tokens.link(links);
            Place place = tokens.next().place();
            left = new Expr.Binary(place, "**", left, signed(true));
        }
        return left;
    }

    /** A sign binds closer than a filter: {@code -1|abs} is one. */
    Expr signed(boolean filters) {
        Token token = tokens.peek();
        Expr value;
        if (token.isOperator("-") || token.isOperator("+")) {
            tokens.next();
            tokens.deeper();
            value = new Expr.Unary(token.place(), token.text(), signed(false));
            tokens.shallower();
        } else {
            value = operands.primary();
        }
        value = operands.postfix(value);
        return filters ? operands.filtered(value) : value;
    }

    /** Everything after a filter's name. */
    CallArguments filterArguments() {
        return operands.filterArguments();
    }

    /** What stands in parentheses. */
    CallArguments callArguments() {
        return operands.callArguments();
    }
}
