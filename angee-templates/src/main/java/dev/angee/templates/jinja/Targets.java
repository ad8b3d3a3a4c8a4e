package dev.angee.templates.jinja;

import dev.angee.templates.jinja.Node.Target;
import dev.angee.templates.jinja.Token.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** Reads what is assigned to: a name, several of them, a field of a namespace. */
final class Targets {
    private static final Set<String> RESERVED = Set.of("true", "false", "none", "True", "False", "None");

    private final TokenStream tokens;

    Targets(TokenStream tokens) {
        this.tokens = tokens;
    }

    Target several() {
        Target first = one();
        if (!tokens.peek().isOperator(",")) {
            return first;
        }
        List<Target> parts = new ArrayList<>(List.of(first));
        while (tokens.skipOperator(",")
                && !tokens.peek().isName("in")
                && !tokens.peek().isOperator("=")) {
            parts.add(one());
        }
        return new Target.Several(parts);
    }

    Target one() {
        if (tokens.skipOperator("(")) {
            Target inner = several();
            tokens.expectOperator(")");
            return inner;
        }
        Token name = tokens.expect(Kind.NAME, "a name to assign to");
        if (RESERVED.contains(name.text())) {
            throw JinjaException.at(name.place(), "'" + name.text() + "' cannot be assigned to");
        }
        if (tokens.skipOperator(".")) {
            return new Target.Field(
                    name.place(),
                    name.text(),
                    tokens.expect(Kind.NAME, "the name of a field").text());
        }
        return new Target.Variable(name.text());
    }
}
