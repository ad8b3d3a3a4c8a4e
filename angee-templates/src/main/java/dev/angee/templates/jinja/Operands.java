package dev.angee.templates.jinja;

import dev.angee.templates.jinja.Expr.CallArguments;
import dev.angee.templates.jinja.Token.Kind;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Reads what operators stand between: literals and names, and what follows them: members, calls, filters, tests. */
final class Operands {
    private static final Set<String> NO_ARGUMENT_OF_A_TEST = Set.of("else", "or", "and");
    private static final Map<String, Object> CONSTANTS =
            Map.of("true", true, "True", true, "false", false, "False", false, "none", None.NONE, "None", None.NONE);

    private final TokenStream tokens;
    private final ExpressionParser expressions;
    private int brackets;

    Operands(TokenStream tokens, ExpressionParser expressions) {
        this.tokens = tokens;
        this.expressions = expressions;
    }

    Expr primary() {
        Token token = tokens.peek();
        return switch (token.kind()) {
            case NAME -> name();
            case STRING -> string();
            case INTEGER -> new Expr.Constant(tokens.next().place(), integer(token));
            case FLOAT ->
                new Expr.Constant(
                        tokens.next().place(), Double.valueOf(token.text().replace("_", "")));
            case OPERATOR ->
                switch (token.text()) {
                    case "(" -> parenthesized();
                    case "[" -> listOf();
                    case "{" -> mappingOf();
                    default -> throw tokens.unexpected("expected a value");
                };
            default -> throw tokens.unexpected("expected a value");
        };
    }

    private Expr name() {
        Token token = tokens.next();
        Object constant = CONSTANTS.get(token.text());
        return constant == null
                ? new Expr.Name(token.place(), token.text())
                : new Expr.Constant(token.place(), constant);
    }

    /** Strings beside each other are one. */
    private Expr string() {
        Place place = tokens.peek().place();
        StringBuilder text = new StringBuilder();
        while (tokens.peek().is(Kind.STRING)) {
            text.append(tokens.next().text());
        }
        return new Expr.Constant(place, text.toString());
    }

    private static Object integer(Token token) {
        String digits = token.text().replace("_", "").toLowerCase(java.util.Locale.ROOT);
        try {
            return switch (digits.length() > 1 ? digits.substring(0, 2) : "") {
                case "0x" -> Long.parseLong(digits.substring(2), 16);
                case "0o" -> Long.parseLong(digits.substring(2), 8);
                case "0b" -> Long.parseLong(digits.substring(2), 2);
                default -> Long.parseLong(digits);
            };
        } catch (NumberFormatException e) {
            throw JinjaException.at(token.place(), "'" + token.text() + "' is too large a number");
        }
    }

    private Expr parenthesized() {
        Place place = tokens.next().place();
        if (tokens.skipOperator(")")) {
            return new Expr.TupleOf(place, List.of());
        }
        int outer = brackets;
        brackets = 0;
        Expr inner = expressions.tuple();
        brackets = outer;
        tokens.expectOperator(")");
        return inner;
    }

    private Expr listOf() {
        Place place = tokens.next().place();
        List<Expr> items = new ArrayList<>();
        brackets++;
        while (!tokens.peek().isOperator("]")) {
            items.add(expressions.expression());
            if (!tokens.skipOperator(",")) {
                break;
            }
        }
        brackets--;
        tokens.expectOperator("]");
        return new Expr.ListOf(place, items);
    }

    private Expr mappingOf() {
        Place place = tokens.next().place();
        List<Map.Entry<Expr, Expr>> entries = new ArrayList<>();
        brackets++;
        while (!tokens.peek().isOperator("}")) {
            Expr key = expressions.expression();
            tokens.expectOperator(":");
            entries.add(Map.entry(key, expressions.expression()));
            if (!tokens.skipOperator(",")) {
                break;
            }
        }
        brackets--;
        tokens.expectOperator("}");
        return new Expr.MappingOf(place, entries);
    }

    /** Members and calls. */
    Expr postfix(Expr operand) {
        Expr value = operand;
        int links = 0;
        while (true) {
            links = tokens.link(links);
            Token token = tokens.peek();
            if (token.isOperator(".")) {
                value = attribute(value);
            } else if (token.isOperator("[")) {
                value = subscript(value);
            } else if (token.isOperator("(")) {
                value = new Expr.Call(token.place(), value, callArguments());
            } else {
                return value;
            }
        }
    }

    private Expr attribute(Expr of) {
        tokens.next();
        Token token = tokens.peek();
        if (token.is(Kind.INTEGER)) {
            tokens.next();
            return new Expr.Item(token.place(), of, new Expr.Constant(token.place(), integer(token)));
        }
        tokens.expect(Kind.NAME, "the name of a member");
        return new Expr.Attribute(token.place(), of, token.text());
    }

    private Expr subscript(Expr of) {
        Place place = tokens.next().place();
        brackets++;
        Optional<Expr> begin = tokens.peek().isOperator(":") ? Optional.empty() : Optional.of(expressions.tuple());
        if (tokens.peek().isOperator("]") && begin.isPresent()) {
            brackets--;
            tokens.next();
            return new Expr.Item(place, of, begin.get());
        }
        tokens.expectOperator(":");
        Optional<Expr> end = sliceEnd();
        Optional<Expr> step = tokens.skipOperator(":") ? sliceEnd() : Optional.empty();
        brackets--;
        tokens.expectOperator("]");
        return new Expr.Slice(place, of, begin, end, step);
    }

    private Optional<Expr> sliceEnd() {
        return tokens.peek().isOperator("]") || tokens.peek().isOperator(":")
                ? Optional.empty()
                : Optional.of(expressions.expression());
    }

    /** Filters and tests, and calls of what they give. */
    Expr filtered(Expr operand) {
        Expr value = operand;
        int links = 0;
        while (true) {
            links = tokens.link(links);
            Token token = tokens.peek();
            if (token.isOperator("|")) {
                tokens.next();
                Token name = dottedName("the name of a filter");
                value = new Expr.Filter(name.place(), value, name.text(), filterArguments());
            } else if (token.isName("is")) {
                value = test(value);
            } else if (token.isOperator("(")) {
                value = new Expr.Call(token.place(), value, callArguments());
            } else {
                return value;
            }
        }
    }

    private Token dottedName(String called) {
        Token first = tokens.expect(Kind.NAME, called);
        StringBuilder name = new StringBuilder(first.text());
        while (tokens.skipOperator(".")) {
            name.append('.').append(tokens.expect(Kind.NAME, called).text());
        }
        return new Token(Kind.NAME, name.toString(), first.place());
    }

    private Expr test(Expr of) {
        tokens.next();
        boolean negated = tokens.skipName("not");
        Token name = dottedName("the name of a test");
        CallArguments arguments = CallArguments.NONE;
        Token token = tokens.peek();
        if (token.isOperator("(")) {
            arguments = callArguments();
        } else if (beginsArgument(token)) {
            if (token.isName("is")) {
                throw JinjaException.at(token.place(), "a test cannot follow a test; put the first in parentheses");
            }
            arguments = CallArguments.of(postfix(primary()));
        }
        return new Expr.Test(name.place(), of, name.text(), arguments, negated);
    }

    private static boolean beginsArgument(Token token) {
        return switch (token.kind()) {
            case NAME -> !NO_ARGUMENT_OF_A_TEST.contains(token.text());
            case STRING, INTEGER, FLOAT -> true;
            case OPERATOR -> token.text().equals("[") || token.text().equals("{");
            default -> false;
        };
    }

    /** What a filter is given: in parentheses, or in Django's way after a colon. */
    CallArguments filterArguments() {
        if (tokens.peek().isOperator("(")) {
            return callArguments();
        }
        if (brackets == 0 && tokens.skipOperator(":")) {
            return CallArguments.of(expressions.signed(false));
        }
        return CallArguments.NONE;
    }

    CallArguments callArguments() {
        tokens.expectOperator("(");
        int outer = brackets;
        brackets = 0;
        List<Expr> positional = new ArrayList<>();
        Map<String, Expr> named = new LinkedHashMap<>();
        List<Expr> spread = new ArrayList<>();
        List<Expr> spreadNamed = new ArrayList<>();
        while (!tokens.peek().isOperator(")")) {
            if (tokens.skipOperator("**")) {
                spreadNamed.add(expressions.expression());
            } else if (tokens.skipOperator("*")) {
                spread.add(expressions.expression());
            } else if (tokens.peek().is(Kind.NAME) && tokens.after().isOperator("=")) {
                String name = tokens.next().text();
                tokens.next();
                named.put(name, expressions.expression());
            } else if (named.isEmpty() && spreadNamed.isEmpty()) {
                positional.add(expressions.expression());
            } else {
                throw tokens.unexpected("expected a named argument");
            }
            if (!tokens.skipOperator(",")) {
                break;
            }
        }
        brackets = outer;
        tokens.expectOperator(")");
        return new CallArguments(positional, named, spread, spreadNamed);
    }
}
